package io.kenbun.lite.http;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call that changes a setting: one small JSON object of a few named values. Unknown
 * names are ignored; a null counts as absent. One thread at a time.
 */
final class SmallBody {
  private static final int MAX_BYTES = 16 << 10;

  /** Texts and booleans as they are, of anything else the {@link JsonIn.Kind}. */
  private final Map<String, Object> values = new HashMap<>();

  private SmallBody() {}

  /** Takes a body that has come in. */
  interface Sink {
    void accept(SmallBody body) throws Exception;
  }

  /** Reads the body of {@code call} and hands it to {@code sink} on a worker. */
  static void readForWorker(Call call, Sink sink) throws Exception {
    Ingest.checkMediaType(call.requestHeaders());
    Body.read(
        call,
        MAX_BYTES,
        bytes -> {
          SmallBody body = new SmallBody();
          Body.readObject(bytes, body::field);
          call.onWorker(() -> sink.accept(body));
        });
  }

  private void field(String name, JsonIn in) throws IOException {
    JsonIn.Kind kind = in.peek();
    switch (kind) {
      case STRING -> values.put(name, in.string());
      case BOOLEAN -> values.put(name, in.bool());
      case NULL -> in.skip();
      case OBJECT, ARRAY, NUMBER -> {
        in.skip();
        values.put(name, kind);
      }
    }
  }

  /** Returns the text that must be there, trimmed, of 1 to {@code max} characters. */
  String text(String name, int max) {
    String text = optionalText(name);
    if (text == null) {
      throw Problem.missingField(name);
    }
    String trimmed = text.strip();
    int length = trimmed.codePointCount(0, trimmed.length());
    if (length < 1 || length > max) {
      throw Problem.invalidField(
          name, name + " has less than 1 or more than " + max + " characters: " + length);
    }
    if (trimmed.indexOf('\0') >= 0) {
      throw Problem.invalidField(name, name + " holds the character U+0000");
    }
    return trimmed;
  }

  /** Returns a text as it was sent, or null. */
  @Nullable String optionalText(String name) {
    Object value = values.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrongType(name, "a string", value);
  }

  /** Returns the boolean that must be there. */
  boolean bool(String name) {
    Boolean value = optionalBool(name);
    if (value == null) {
      throw Problem.missingField(name);
    }
    return value;
  }

  /** Returns a boolean, or null. */
  @Nullable Boolean optionalBool(String name) {
    Object value = values.get(name);
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    throw wrongType(name, "a boolean", value);
  }

  private static Problem wrongType(String name, String wanted, Object actual) {
    Object kind = actual;
    if (actual instanceof String) {
      kind = JsonIn.Kind.STRING;
    } else if (actual instanceof Boolean) {
      kind = JsonIn.Kind.BOOLEAN;
    }
    return Problem.invalidField(name, name + " is not " + wanted + ": " + kind);
  }
}
