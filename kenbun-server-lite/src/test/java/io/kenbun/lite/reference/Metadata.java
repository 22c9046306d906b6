package io.kenbun.lite.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Metadata as test values: {@code String}, {@code Boolean}, {@link Digits} written out by the test,
 * null, {@code List}, {@code Map}.
 */
final class Metadata {
  /** A number exactly as it stands in the JSON, such as {@code 1e2}. */
  record Digits(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  private Metadata() {}

  /** Returns the JSON text of {@code value}; strings must need no escapes. */
  static String json(@Nullable Object value) {
    if (value instanceof String text) {
      return "\"" + text + "\"";
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Metadata::json).collect(Collectors.joining(",", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> json(entry.getKey()) + ":" + json(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    return String.valueOf(value);
  }

  /** Returns the text that conditions compare with, or null for null, a list or an object. */
  static @Nullable String text(@Nullable Object value) {
    return value == null || value instanceof List<?> || value instanceof Map<?, ?>
        ? null
        : value.toString();
  }

  /** Returns the value with its scalars as text, as the server reads it. */
  static @Nullable Object texts(@Nullable Object value) {
    if (value instanceof List<?> list) {
      List<@Nullable Object> texts = new ArrayList<>();
      list.forEach(element -> texts.add(texts(element)));
      return texts;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> texts = new TreeMap<>();
      map.forEach((key, element) -> texts.put((String) key, texts(element)));
      return texts;
    }
    return text(value);
  }

  /** Returns what {@code field} names: that key itself, else a path of keys joined by dots. */
  static @Nullable Object find(Map<?, ?> metadata, String field) {
    if (metadata.containsKey(field)) {
      return metadata.get(field);
    }
    Object value = metadata;
    for (String key : field.split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return value;
  }
}
