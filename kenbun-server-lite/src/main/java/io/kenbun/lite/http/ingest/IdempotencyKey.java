package io.kenbun.lite.http.ingest;

import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.pipeline.Append;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import org.jspecify.annotations.Nullable;

/**
 * The name that a caller gives to an event, so that it may send it again without counting it twice
 * ({@code lite.md} 2): 1 to {@value #MAX_LENGTH} visible ASCII characters, unique within the unit
 * for at least 24 hours.
 */
final class IdempotencyKey {
  static final HttpString HEADER = new HttpString("Idempotency-Key");

  private static final String NAME = "Idempotency-Key";
  private static final int MAX_LENGTH = 255;

  private IdempotencyKey() {}

  /** Returns the key that the request carries, {@link Append#NO_KEY} when it carries none. */
  static String of(HeaderMap headers) {
    HeaderValues values = headers.get(HEADER);
    if (values == null) {
      return Append.NO_KEY;
    }
    if (values.size() > 1) {
      throw Problem.invalidField(NAME, NAME + " is given twice");
    }
    String key = values.getFirst();
    Problem fault = fault(NAME, key);
    if (fault != null) {
      throw fault;
    }
    return key;
  }

  /**
   * Refuses a header that would name a whole batch: to take no notice of it would let the caller
   * believe that the batch may be sent again.
   */
  static void refuse(HeaderMap headers) {
    if (headers.contains(HEADER)) {
      throw Problem.invalidField(
          NAME, NAME + " is for single events; in a batch each line has its idempotency_key");
    }
  }

  /** Returns what is wrong with {@code key}, blamed on {@code field}; null when nothing is. */
  static @Nullable Problem fault(String field, String key) {
    boolean right = !key.isEmpty() && key.length() <= MAX_LENGTH;
    for (int i = 0; right && i < key.length(); i++) {
      right = key.charAt(i) > ' ' && key.charAt(i) <= '~';
    }
    return right
        ? null
        : Problem.invalidField(
            field,
            field + " is not of 1 to " + MAX_LENGTH + " visible ASCII characters: " + key.length());
  }
}
