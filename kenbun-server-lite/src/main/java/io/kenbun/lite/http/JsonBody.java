package io.kenbun.lite.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A body that is a JSON object of objects and lists, read whole; each fault is told with the path
 * of the field. Unknown names are ignored; a null counts as absent. One thread at a time.
 */
final class JsonBody {
  private static final int MAX_BYTES = 1 << 20;

  private final String prefix;
  private final Map<String, @Nullable Object> values;

  private JsonBody(String prefix, Map<String, @Nullable Object> values) {
    this.prefix = prefix;
    this.values = values;
  }

  /** Takes a body that has come in. */
  interface Sink {
    void accept(JsonBody body) throws Exception;
  }

  /** Reads the body of {@code call}, at most 1 MiB, and hands it to {@code sink} on a worker. */
  static void readForWorker(Call call, Sink sink) throws Exception {
    Ingest.checkMediaType(call.requestHeaders());
    Body.read(
        call,
        MAX_BYTES,
        bytes -> {
          Map<String, @Nullable Object> values = new LinkedHashMap<>();
          Body.readObject(bytes, (name, in) -> values.put(name, Json.readValue(in)));
          call.onWorker(() -> sink.accept(new JsonBody("", values)));
        });
  }

  /** Returns the path of a field, as an error names it. */
  String path(String name) {
    return prefix + name;
  }

  /** Returns the text that must be there, of 1 to {@code max} characters after trimming. */
  String text(String name, int max) {
    String trimmed = rawText(name).strip();
    int length = trimmed.codePointCount(0, trimmed.length());
    if (length < 1 || length > max) {
      throw invalid(name, "has less than 1 or more than " + max + " characters: " + length);
    }
    return trimmed;
  }

  /** Returns the text that must be there, as it was sent. */
  String rawText(String name) {
    Object value = required(name);
    if (value instanceof String text) {
      return text;
    }
    throw invalid(name, "is not a string: " + kind(value));
  }

  /** Returns the whole number that must be there. */
  int whole(String name, int min, int max) {
    Object value = required(name);
    if (!(value instanceof Long number)) {
      throw invalid(
          name,
          value instanceof Number
              ? "is no whole number: " + value
              : "is not a number: " + kind(value));
    }
    if (number < min || number > max) {
      throw invalid(name, "< " + min + " or > " + max + ": " + number);
    }
    return number.intValue();
  }

  /** Returns the object that must be there. */
  JsonBody object(String name) {
    return object(path(name), required(name));
  }

  /** Returns the objects of a list, none when it is not there. */
  List<JsonBody> objects(String name, int max) {
    List<JsonBody> objects = new ArrayList<>();
    for (Object element : list(name, 0, max)) {
      objects.add(object(path(name) + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  /** Returns the texts of a list that must be there and have {@code min} to {@code max}. */
  List<String> texts(String name, int min, int max) {
    required(name);
    List<String> texts = new ArrayList<>();
    for (Object element : list(name, min, max)) {
      if (!(element instanceof String text)) {
        String at = name + "[" + texts.size() + "]";
        throw invalid(at, "is not a string: " + kind(element));
      }
      texts.add(text);
    }
    return texts;
  }

  private List<?> list(String name, int min, int max) {
    Object value = values.get(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw invalid(name, "is not an array: " + kind(value));
    }
    if (list.size() < min || list.size() > max) {
      throw invalid(
          name, "has less than " + min + " or more than " + max + " elements: " + list.size());
    }
    return list;
  }

  /** Refuses the value of a field; {@code rule} is what is wrong with it. */
  Problem invalid(String name, String rule) {
    return Problem.invalidField(path(name), path(name) + " " + rule);
  }

  private Object required(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw Problem.missingField(path(name));
    }
    return value;
  }

  private JsonBody object(String at, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw Problem.invalidField(at, at + " is not an object: " + kind(value));
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    map.forEach((key, field) -> fields.put(String.valueOf(key), field));
    return new JsonBody(at + ".", fields);
  }

  private static JsonIn.Kind kind(@Nullable Object value) {
    if (value == null) {
      return JsonIn.Kind.NULL;
    }
    if (value instanceof String) {
      return JsonIn.Kind.STRING;
    }
    if (value instanceof Boolean) {
      return JsonIn.Kind.BOOLEAN;
    }
    if (value instanceof Number) {
      return JsonIn.Kind.NUMBER;
    }
    return value instanceof List<?> ? JsonIn.Kind.ARRAY : JsonIn.Kind.OBJECT;
  }
}
