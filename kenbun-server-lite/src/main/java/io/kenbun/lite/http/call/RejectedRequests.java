package io.kenbun.lite.http.call;

import io.kenbun.lite.http.json.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last requests, and lines of batches, of known callers that were refused for what was in them,
 * so that whoever integrates can see what was wrong with what. In memory: at most {@value
 * #MAX_ENTRIES}, of each body the first {@value #MAX_BODY_BYTES} bytes. Any thread.
 */
public final class RejectedRequests {
  static final int MAX_ENTRIES = 200;
  static final int MAX_BODY_BYTES = 2_048;

  private final Deque<Entry> entries = new ArrayDeque<>(MAX_ENTRIES); // Guarded by this.
  private volatile Consumer<Entry> onAdded = entry -> {};

  /**
   * One of them.
   *
   * @param unitId the active unit, or null when there was none
   * @param line the line of a batch, 0 for a request of its own
   * @param body the start of it; null when it had none or none was read
   */
  public record Entry(
      long atMillis,
      String method,
      String path,
      int status,
      String code,
      String error,
      @Nullable String field,
      int line,
      @Nullable String body,
      String credentialId,
      @Nullable String unitId) {

    /** Says whether {@code caller} may see it: it is of a unit of theirs, or of theirs alone. */
    boolean isVisibleTo(Credential caller) {
      return unitId == null
          ? caller.mayUseAll() || credentialId.equals(caller.clientId())
          : caller.mayUse(unitId);
    }

    /** Writes the fields of an item of {@code GET /lite/rejected}. */
    public void write(JsonOut out) {
      out.timeField("at", atMillis)
          .field("method", method)
          .field("path", path)
          .field("status", status)
          .field("code", code)
          .field("error", error)
          .field("field", field);
      if (line > 0) {
        out.field("line", line);
      }
      out.field("body", body).field("credential_id", credentialId).field("unit_id", unitId);
    }
  }

  /** Returns the start of {@code body} as text; what is not UTF-8 shows as U+FFFD. */
  static String cut(byte[] body) {
    byte[] start = body.length > MAX_BODY_BYTES ? Arrays.copyOf(body, MAX_BODY_BYTES) : body;
    return new String(start, StandardCharsets.UTF_8);
  }

  /** Has {@code newOnAdded} told of each one, on the thread that refuses it. */
  public void onAdded(Consumer<Entry> newOnAdded) {
    onAdded = newOnAdded;
  }

  void add(Entry entry) {
    synchronized (this) {
      if (entries.size() == MAX_ENTRIES) {
        entries.removeLast();
      }
      entries.addFirst(entry);
    }
    onAdded.accept(entry);
  }

  /** Forgets those of a unit. */
  public synchronized void forget(String unitId) {
    entries.removeIf(entry -> unitId.equals(entry.unitId()));
  }

  /** Returns what {@code caller} may see, the last first, at most {@code limit}. */
  public synchronized List<Entry> last(Credential caller, int limit) {
    List<Entry> visible = new ArrayList<>();
    for (Entry entry : entries) {
      if (visible.size() < limit && entry.isVisibleTo(caller)) {
        visible.add(entry);
      }
    }
    return visible;
  }
}
