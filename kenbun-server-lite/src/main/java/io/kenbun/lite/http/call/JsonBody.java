package io.kenbun.lite.http.call;

import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.json.JsonIn;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object of a body, read whole; each fault is told with the path of its field. Names that
 * nobody asks for are ignored. A null counts as absent but where a method says that it clears. What
 * is absent takes the value that the caller names: the default of something new, the present value
 * of something that is changed in part. One thread at a time.
 */
public final class JsonBody {
  private static final int MAX_BYTES = 256 << 10;
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  /** The object of a call that came without a body. */
  public static final JsonBody EMPTY = new JsonBody("", Map.of());

  private final String prefix;
  private final Map<String, @Nullable Object> values;

  private JsonBody(String prefix, Map<String, @Nullable Object> values) {
    this.prefix = prefix;
    this.values = values;
  }

  /** Takes a body that has come in. */
  public interface Sink {
    void accept(JsonBody body) throws Exception;
  }

  /** Reads the body of {@code call}, at most 256 KiB, and hands it to {@code sink} on a worker. */
  public static void readForWorker(Call call, Sink sink) throws Exception {
    Body.checkMediaType(call.requestHeaders());
    Body.read(call, MAX_BYTES, bytes -> call.onWorker(() -> read(call, bytes, sink)));
  }

  /**
   * The same for a body that may hold a secret, wherever in it and however written: when the call
   * is refused, nothing of the body is shown to anybody.
   */
  public static void readSecretForWorker(Call call, Sink sink) throws Exception {
    call.hideBody();
    readForWorker(call, sink);
  }

  private static void read(Call call, byte[] bytes, Sink sink) throws Exception {
    try {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      Body.readObject(bytes, (name, in) -> values.put(name, Json.readValue(in)));
      sink.accept(new JsonBody("", values));
    } catch (Problem e) {
      // With the body, so that /lite/rejected can show it.
      call.fail(e, Arrays.copyOf(bytes, Math.min(bytes.length, RejectedRequests.MAX_BODY_BYTES)));
    }
  }

  /** Returns the path of a field, as an error names it. */
  public String path(String name) {
    return prefix + name;
  }

  /** Says whether the field has a value. */
  public boolean isGiven(String name) {
    return values.get(name) != null;
  }

  /** Says whether the field is there, be it null. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Returns the text that must be there, of 1 to {@code max} characters after trimming. */
  public String text(String name, int max) {
    return text(name, 1, max, null);
  }

  /**
   * Returns a text of {@code min} to {@code max} characters after trimming.
   *
   * @param absent what counts when there is none; null: there must be one
   */
  public String text(String name, int min, int max, @Nullable String absent) {
    if (values.get(name) == null && absent != null) {
      return absent;
    }
    String trimmed = rawText(name).strip();
    checkLength(name, trimmed, min, max);
    return trimmed;
  }

  /** Returns a text of 1 to {@code max} characters after trimming; null clears. */
  public @Nullable String textOrNull(String name, int max, @Nullable String absent) {
    if (values.get(name) == null) {
      return has(name) ? null : absent;
    }
    return text(name, 1, max, null);
  }

  /** Returns the text that must be there, as it was sent, of at most {@code max} characters. */
  public String rawText(String name, int max) {
    String text = rawText(name);
    checkLength(name, text, 0, max);
    return text;
  }

  /** Returns a text as it was sent, or null. */
  public @Nullable String optionalText(String name) {
    return isGiven(name) ? rawText(name) : null;
  }

  /** Returns the text that must be there, as it was sent. */
  public String rawText(String name) {
    Object value = required(name);
    if (value instanceof String text) {
      return text;
    }
    throw invalid(name, "is not a string: " + kind(value));
  }

  private void checkLength(String name, String text, int min, int max) {
    int length = text.codePointCount(0, text.length());
    if (length < min || length > max) {
      throw invalid(
          name,
          min == 0
              ? "has more than " + max + " characters: " + length
              : "has less than " + min + " or more than " + max + " characters: " + length);
    }
    if (text.indexOf('\0') >= 0) {
      throw invalid(name, "holds the character U+0000");
    }
  }

  /** Returns the whole number that must be there. */
  public int whole(String name, int min, int max) {
    return (int) wholeLong(name, min, max, null);
  }

  /** Returns a whole number; {@code absent} null: there must be one. */
  public int whole(String name, int min, int max, @Nullable Integer absent) {
    return (int) wholeLong(name, min, max, absent == null ? null : Long.valueOf(absent));
  }

  /** Returns a whole number; null clears. */
  public @Nullable Integer wholeOrNull(String name, int min, int max, @Nullable Integer absent) {
    if (values.get(name) == null) {
      return has(name) ? null : absent;
    }
    return whole(name, min, max);
  }

  /** Returns a whole number; {@code absent} null: there must be one. */
  public long wholeLong(String name, long min, long max, @Nullable Long absent) {
    if (values.get(name) == null && absent != null) {
      return absent;
    }
    Object value = required(name);
    if (!(value instanceof Number)) {
      throw invalid(name, "is not a number: " + kind(value));
    }
    if (!(value instanceof Long number)) {
      throw invalid(name, "is no whole number: " + shortened(value.toString()));
    }
    if (number < min || number > max) {
      throw invalid(name, "< " + min + " or > " + max + ": " + number);
    }
    return number;
  }

  /** Returns a number from 0 to 1. */
  public double fraction(String name, double absent) {
    if (!isGiven(name)) {
      return absent;
    }
    Object value = required(name);
    if (!(value instanceof Number number)) {
      throw invalid(name, "is not a number: " + kind(value));
    }
    double fraction = number.doubleValue();
    if (!(fraction >= 0 && fraction <= 1)) {
      throw invalid(name, "< 0 or > 1: " + shortened(value.toString()));
    }
    return fraction;
  }

  /** Returns a boolean. */
  public boolean bool(String name, boolean absent) {
    return values.get(name) == null ? absent : bool(name);
  }

  /** Returns a boolean, or null. */
  public @Nullable Boolean optionalBool(String name) {
    return isGiven(name) ? bool(name) : null;
  }

  /** Returns the boolean that must be there. */
  public boolean bool(String name) {
    Object value = required(name);
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw invalid(name, "is not a boolean: " + kind(value));
  }

  /** Returns a day; null clears. */
  public @Nullable LocalDate date(String name, @Nullable LocalDate absent) {
    if (values.get(name) == null) {
      return has(name) ? null : absent;
    }
    String text = rawText(name);
    try {
      if (DATE.matcher(text).matches()) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeException e) {
      // It looks like a day and is none, such as 2026-02-30.
    }
    throw invalid(name, "is no day like 2026-03-10: \"" + shortened(text) + '"');
  }

  /**
   * Returns all fields, in their order: each a text as it was sent, a whole number, another number,
   * a boolean, or null.
   *
   * @param maxNameLength in characters; a name has at least one
   * @param maxTextLength in characters
   */
  public Map<String, @Nullable Object> scalars(int maxNameLength, int maxTextLength) {
    values.forEach(
        (name, value) -> {
          int length = name.codePointCount(0, name.length());
          if (length < 1 || length > maxNameLength || name.indexOf('\0') >= 0) {
            throw invalid(
                shortened(name),
                "is a name of less than 1 or more than "
                    + maxNameLength
                    + " characters: "
                    + length);
          }
          if (value instanceof String text) {
            checkLength(name, text, 0, maxTextLength);
          } else if (value instanceof Map<?, ?> || value instanceof List<?>) {
            throw invalid(name, "is none of string, number, boolean, null: " + kind(value));
          }
        });
    return Collections.unmodifiableMap(values);
  }

  /** Returns the object that must be there. */
  public JsonBody object(String name) {
    return object(path(name), required(name));
  }

  /** Returns the objects of a list, none when it is not there. */
  public List<JsonBody> objects(String name, int max) {
    return values.get(name) == null ? List.of() : objects(name, 0, max);
  }

  /** Returns the objects of a list that must be there and have {@code min} to {@code max}. */
  public List<JsonBody> objects(String name, int min, int max) {
    List<JsonBody> objects = new ArrayList<>();
    for (Object element : list(name, min, max)) {
      objects.add(object(path(name) + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  /** Returns the texts of a list that must be there and have {@code min} to {@code max}. */
  public List<String> texts(String name, int min, int max) {
    List<String> texts = new ArrayList<>();
    for (Object element : list(name, min, max)) {
      if (!(element instanceof String text)) {
        throw invalid(name + "[" + texts.size() + "]", "is not a string: " + kind(element));
      }
      texts.add(text);
    }
    return texts;
  }

  /** Returns the texts of such a list, each of 1 to {@code maxLength} characters after trimming. */
  public List<String> texts(String name, int min, int max, int maxLength) {
    List<String> texts = new ArrayList<>();
    for (String text : texts(name, min, max)) {
      String trimmed = text.strip();
      checkLength(name + "[" + texts.size() + "]", trimmed, 1, maxLength);
      texts.add(trimmed);
    }
    return texts;
  }

  private List<?> list(String name, int min, int max) {
    Object value = required(name);
    if (!(value instanceof List<?> list)) {
      throw invalid(name, "is not an array: " + kind(value));
    }
    if (list.size() < min || list.size() > max) {
      throw invalid(
          name, "has less than " + min + " or more than " + max + " elements: " + list.size());
    }
    return list;
  }

  /** Returns what refuses the value of a field; {@code rule} says what is wrong with it. */
  public Problem invalid(String name, String rule) {
    return Problem.invalidField(path(name), path(name) + " " + rule);
  }

  private Object required(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw Problem.missingField(path(name));
    }
    return value;
  }

  private static JsonBody object(String at, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw Problem.invalidField(at, at + " is not an object: " + kind(value));
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    map.forEach((key, field) -> fields.put(String.valueOf(key), field));
    return new JsonBody(at + ".", fields);
  }

  /** Returns so much of {@code text} as an error can show. */
  public static String shortened(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
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
