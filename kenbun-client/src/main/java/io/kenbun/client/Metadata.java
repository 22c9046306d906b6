package io.kenbun.client;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of an event while it is being built: checked, copied, and kept flat as key, value,
 * key, value, because an array of six costs the caller's thread a fifth of a map of three. For the
 * same reason it is what {@link Event.Builder} extends, and no object beside it.
 *
 * <p>Sizes are bounded from above in constant time per text; only metadata that might be over the
 * limit is really encoded and measured.
 */
abstract class Metadata {
  /** The most bytes that the API takes, as UTF-8 JSON. */
  static final int MAX_BYTES = 102_400;

  /** How deep lists and maps may nest; also what ends a structure that contains itself. */
  static final int MAX_DEPTH = 32;

  private static final @Nullable Object[] NOTHING = new Object[0];

  /** From this many keys on, a hash index finds repeated keys. */
  private static final int INDEX_FROM = 16;

  private @Nullable Object[] pairs = NOTHING;
  private int size;
  private boolean shared;
  private @Nullable Map<String, Integer> index;

  final void put(String key, @Nullable Object value) {
    if (key == null) {
      throw new NullPointerException("metadata key == null");
    }
    Object copy = copy(value, key);
    int at = find(key);
    if (at < 0) {
      at = size;
      grow();
      size += 2;
      if (index != null) {
        index.put(key, at);
      }
    } else if (shared) {
      pairs = Arrays.copyOf(pairs, pairs.length);
      shared = false;
    }
    pairs[at] = key;
    pairs[at + 1] = copy;
  }

  /** Makes room for so many entries in one step. */
  final void expect(int entries) {
    if (size == 0 && entries > 0) {
      pairs = new Object[2 * Math.min(entries, 1000)];
      shared = false;
    }
  }

  /** Hands out the pairs; what is put later goes to a copy. */
  final @Nullable Object[] pairs() {
    if (size < pairs.length) {
      pairs = Arrays.copyOf(pairs, size);
    }
    shared = true;
    return pairs;
  }

  private void grow() {
    if (size == pairs.length) {
      pairs = Arrays.copyOf(pairs, Math.max(8, size * 2));
      shared = false;
    }
  }

  private int find(String key) {
    if (size < INDEX_FROM * 2) {
      for (int i = 0; i < size; i += 2) {
        if (key.equals(pairs[i])) {
          return i;
        }
      }
      return -1;
    }
    if (index == null) {
      index = new HashMap<>();
      for (int i = 0; i < size; i += 2) {
        index.put((String) pairs[i], i);
      }
    }
    Integer at = index.get(key);
    return at == null ? -1 : at;
  }

  /** The most bytes that these pairs can take as JSON, found without encoding them. */
  static long mostBytes(@Nullable Object[] pairs) {
    long bytes = 2;
    for (int i = 0; i < pairs.length; i += 2) {
      bytes += mostBytesOf(pairs[i]) + mostBytesOf(pairs[i + 1]) + 2;
    }
    return bytes;
  }

  private static long mostBytesOf(@Nullable Object value) {
    if (value instanceof String) {
      return 2 + 6L * ((String) value).length(); // Each character may become an escape.
    }
    if (value instanceof BigInteger) {
      return 2 + ((BigInteger) value).bitLength() / 3L;
    }
    if (value instanceof BigDecimal) {
      return value.toString().length();
    }
    if (value instanceof List) {
      long bytes = 2;
      for (Object element : (List<?>) value) {
        bytes += mostBytesOf(element) + 1;
      }
      return bytes;
    }
    if (value instanceof Map) {
      long bytes = 2;
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        bytes += mostBytesOf(entry.getKey()) + mostBytesOf(entry.getValue()) + 2;
      }
      return bytes;
    }
    return 26; // A double is the longest of the rest.
  }

  static @Nullable Object copy(@Nullable Object value, String key) {
    if (value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long) {
      return value; // Most values; the path of an error needs making only for the others.
    }
    return new Copier().copy(value, "metadata." + key, 1);
  }

  /** Copies one value deeply and counts what it must at least take, so that no bomb is unfolded. */
  private static final class Copier {
    private int leastBytes;

    @Nullable Object copy(@Nullable Object value, String path, int depth) {
      leastBytes += 2;
      if (leastBytes > MAX_BYTES) {
        throw new IllegalArgumentException(
            "metadata larger than " + MAX_BYTES + " bytes as JSON at " + path);
      }
      if (value == null || value instanceof Boolean || value instanceof String) {
        return value;
      }
      if (value instanceof CharSequence) {
        return value.toString();
      }
      if (value instanceof Number) {
        return number((Number) value, path);
      }
      if (value instanceof Map) {
        return map((Map<?, ?>) value, path, depth);
      }
      if (value instanceof Collection) {
        return list((Collection<?>) value, path, depth);
      }
      throw new IllegalArgumentException(
          path + " is no text, number, boolean, null, list or map: " + value.getClass().getName());
    }

    private Object map(Map<?, ?> map, String path, int depth) {
      checkDepth(path, depth);
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        Object key = entry.getKey();
        if (!(key instanceof String)) {
          throw new IllegalArgumentException(path + " has a key that is no String: " + key);
        }
        copy.put((String) key, copy(entry.getValue(), path + "." + key, depth + 1));
      }
      return Collections.unmodifiableMap(copy);
    }

    private Object list(Collection<?> list, String path, int depth) {
      checkDepth(path, depth);
      List<@Nullable Object> copy = new ArrayList<>();
      for (Object element : list) {
        copy.add(copy(element, path + "[" + copy.size() + "]", depth + 1));
      }
      return Collections.unmodifiableList(copy);
    }

    private static void checkDepth(String path, int depth) {
      if (depth > MAX_DEPTH) {
        int cut = Math.min(path.length(), 60);
        throw new IllegalArgumentException(
            "metadata nests deeper than "
                + MAX_DEPTH
                + " levels, or contains itself, at "
                + path.substring(0, cut)
                + (cut < path.length() ? "..." : ""));
      }
    }

    private static Number number(Number number, String path) {
      if (number instanceof Double || number instanceof Float) {
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
          throw new IllegalArgumentException(path + " is not a finite number: " + number);
        }
        return number;
      }
      if (number instanceof Integer
          || number instanceof Long
          || number instanceof Short
          || number instanceof Byte
          || number instanceof BigInteger
          || number instanceof BigDecimal) {
        return number;
      }
      if (number instanceof AtomicInteger || number instanceof AtomicLong) {
        return number.longValue(); // A snapshot: the original goes on changing.
      }
      try {
        return new BigDecimal(number.toString());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            path + " is a number that JSON cannot spell: " + number.getClass().getName(), e);
      }
    }
  }
}
