package io.kenbun.lite;

import io.kenbun.lite.model.DateWindow;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object of the configuration file, which knows where it stands: every complaint ends with the
 * path of the value and says what is allowed.
 */
final class ConfigNode {
  private final Map<?, ?> values;
  private final String path;

  private ConfigNode(Map<?, ?> values, String path) {
    this.values = values;
    this.path = path;
  }

  static ConfigNode of(@Nullable Object value, String path) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new ConfigException("an object expected: " + shown(value), path);
    }
    return new ConfigNode(map, path);
  }

  /**
   * Complains about the first key that is not among {@code allowed}: a misspelt option must not be
   * silently without effect.
   */
  ConfigNode only(String... allowed) {
    for (Object key : values.keySet()) {
      if (!List.of(allowed).contains(key)) {
        throw new ConfigException(
            "unknown key, allowed are " + String.join(", ", allowed), path + "." + key);
      }
    }
    return this;
  }

  ConfigException problem(String what, String key) {
    return new ConfigException(what, path + "." + key);
  }

  String path() {
    return path;
  }

  boolean has(String key) {
    return values.get(key) != null;
  }

  String text(String key, int maxLength) {
    if (!(values.get(key) instanceof String text) || text.isBlank() || text.length() > maxLength) {
      throw problem(
          "text of 1 to " + maxLength + " characters expected: " + shown(values.get(key)), key);
    }
    return text.strip();
  }

  /** Returns the text exactly as written, or {@code absent} when there is none. */
  String text(String key, int maxLength, String absent) {
    if (!has(key)) {
      return absent;
    }
    if (!(values.get(key) instanceof String text) || text.length() > maxLength) {
      throw problem(
          "text of at most " + maxLength + " characters expected: " + shown(values.get(key)), key);
    }
    return text;
  }

  /** Returns a secret; its value never gets into a complaint. */
  String secret(String key, int maxLength) {
    if (!(values.get(key) instanceof String text) || text.isEmpty() || text.length() > maxLength) {
      throw problem("text of 1 to " + maxLength + " characters expected", key);
    }
    return text;
  }

  boolean bool(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    if (!(values.get(key) instanceof Boolean bool)) {
      throw problem("true or false expected: " + shown(values.get(key)), key);
    }
    return bool;
  }

  int integer(String key) {
    return integer(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  int integer(String key, int min, int max) {
    return (int) number(key, min, max);
  }

  /** Returns a whole number, both limits allowed. */
  long number(String key, long min, long max) {
    if (!(values.get(key) instanceof Long number) || number < min || number > max) {
      throw problem(
          "a whole number from " + min + " to " + max + " expected: " + shown(values.get(key)),
          key);
    }
    return number;
  }

  @Nullable Integer optionalInteger(String key) {
    return has(key) ? integer(key) : null;
  }

  /** Reads {@code start_date} and {@code end_date}. */
  DateWindow window() {
    LocalDate start = date("start_date");
    LocalDate end = date("end_date");
    if (start != null && end != null && end.isBefore(start)) {
      throw problem("not before start_date " + start + " expected: " + end, "end_date");
    }
    return new DateWindow(start, end);
  }

  private @Nullable LocalDate date(String key) {
    if (!has(key)) {
      return null;
    }
    try {
      return LocalDate.parse(text(key, 10));
    } catch (DateTimeParseException e) {
      throw problem("a day such as 2026-03-31 expected: " + shown(values.get(key)), key);
    }
  }

  /** Complains about a value that is among those seen so far. */
  void requireNew(Set<Object> seen, Object value, String key) {
    if (!seen.add(value)) {
      throw problem("twice in the list: " + shown(values.get(key)), key);
    }
  }

  /** Returns the texts of a list, none when it is absent. */
  List<String> texts(String key, int maxLength) {
    List<String> texts = new ArrayList<>();
    List<?> elements = elements(key);
    for (int i = 0; i < elements.size(); i++) {
      if (!(elements.get(i) instanceof String text)
          || text.isBlank()
          || text.length() > maxLength) {
        throw problem(
            "text of 1 to " + maxLength + " characters expected: " + shown(elements.get(i)),
            key + "[" + i + "]");
      }
      texts.add(text.strip());
    }
    return texts;
  }

  /** Returns the object, or null when there is none. */
  @Nullable ConfigNode child(String key) {
    return has(key) ? of(values.get(key), path + "." + key) : null;
  }

  /** Returns the objects of a list, none when it is absent. */
  List<ConfigNode> list(String key) {
    List<ConfigNode> nodes = new ArrayList<>();
    List<?> elements = elements(key);
    for (int i = 0; i < elements.size(); i++) {
      nodes.add(of(elements.get(i), path + "." + key + "[" + i + "]"));
    }
    return nodes;
  }

  private List<?> elements(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (!(values.get(key) instanceof List<?> list)) {
      throw problem("a list expected: " + shown(values.get(key)), key);
    }
    return list;
  }

  private static String shown(@Nullable Object value) {
    if (value == null) {
      return "nothing";
    }
    if (value instanceof String text) {
      return '"' + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + '"';
    }
    if (value instanceof Long || value instanceof BigDecimal || value instanceof Boolean) {
      return value.toString();
    }
    return value instanceof List ? "a list" : "an object";
  }
}
