package io.kenbun.lite.http.json;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Whole JSON values. This class, {@link JsonIn} and {@link JsonOut} are all that know which library
 * reads and writes JSON. Any thread.
 */
public final class Json {
  // The time to read a number grows with the square of its length.
  private static final int MAX_NUMBER_LENGTH = 1_000;

  private Json() {}

  /**
   * Reads {@code text}, UTF-8, strictly, as a tree: {@code Map<String, Object>} in the order of the
   * text, {@code List<Object>}, {@code String}, {@code Boolean}, {@code Long} for a whole number
   * that fits, {@code BigDecimal} for any other number, null.
   *
   * @throws JsonException when it is not JSON, repeats a key within an object, holds half a
   *     surrogate pair or a number of more than 1,000 characters, or nests deeper than {@value
   *     JsonText#MAX_DEPTH} levels; the message ends with the path
   */
  public static @Nullable Object readTree(byte[] text) throws JsonException {
    List<@Nullable Object> root = new ArrayList<>(1);
    JsonIn.read(text, in -> root.add(readValue(in)));
    return root.get(0);
  }

  /**
   * Reads metadata for rules: scalars as the text JSON spells them with, null as null, arrays as
   * {@code List}, objects as {@code Map}.
   *
   * @param json an object that ingest has let in
   */
  public static Map<String, @Nullable Object> readMetadata(String json) {
    Buffer buffer = new Buffer().writeUtf8(json);
    try {
      return texts(JsonReader.of(buffer));
    } catch (IOException e) {
      throw new UncheckedIOException("metadata is no JSON object", e);
    } finally {
      buffer.clear();
    }
  }

  /**
   * Returns {@code json}, an object that was let in, with {@code name} set to {@code value} at its
   * end; all its other values stay as they are spelled.
   */
  public static String with(String json, String name, String value) {
    Buffer in = new Buffer().writeUtf8(json);
    Buffer out = new Buffer();
    JsonReader reader = JsonReader.of(in);
    JsonWriter writer = JsonWriter.of(out);
    try {
      reader.beginObject();
      writer.beginObject();
      while (reader.hasNext()) {
        String key = reader.nextName();
        if (key.equals(name)) {
          reader.skipValue();
        } else {
          try (BufferedSource raw = reader.nextSource()) {
            writer.name(key).value(raw);
          }
        }
      }
      writer.name(name).value(value).endObject();
      return out.readUtf8();
    } catch (IOException e) {
      throw new UncheckedIOException("metadata is no JSON object", e);
    } finally {
      in.clear();
    }
  }

  /** Reads the value that comes next, as {@link #readTree} does. */
  public static @Nullable Object readValue(JsonIn in) throws IOException {
    switch (in.peek()) {
      case OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        in.beginObject();
        while (in.hasNext()) {
          map.put(in.name(), readValue(in));
        }
        in.endObject();
        return map;
      }
      case ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
          list.add(readValue(in));
        }
        in.endArray();
        return list;
      }
      case STRING -> {
        return in.string();
      }
      case NUMBER -> {
        String text = in.number();
        if (text.length() > MAX_NUMBER_LENGTH) {
          throw new JsonException(
              JsonException.Kind.CONTENT,
              "number of more than " + MAX_NUMBER_LENGTH + " characters",
              in.path());
        }
        return number(text);
      }
      case BOOLEAN -> {
        return in.bool();
      }
      case NULL -> {
        in.skipNull();
        return null;
      }
    }
    throw new IllegalStateException("no such kind");
  }

  private static Object number(String text) {
    BigDecimal number = new BigDecimal(text);
    boolean whole = text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
    return whole && number.unscaledValue().bitLength() < Long.SIZE
        ? (Object) number.longValueExact()
        : number;
  }

  private static Map<String, @Nullable Object> texts(JsonReader reader) throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      map.put(reader.nextName(), text(reader));
    }
    reader.endObject();
    return map;
  }

  private static @Nullable Object text(JsonReader reader) throws IOException {
    switch (reader.peek()) {
      case BEGIN_OBJECT -> {
        return texts(reader);
      }
      case BEGIN_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
          list.add(text(reader));
        }
        reader.endArray();
        return list;
      }
      case BOOLEAN -> {
        return String.valueOf(reader.nextBoolean());
      }
      case NULL -> {
        return reader.<Object>nextNull();
      }
      default -> {
        return reader.nextString();
      }
    }
  }
}
