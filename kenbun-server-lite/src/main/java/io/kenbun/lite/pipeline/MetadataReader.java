package io.kenbun.lite.pipeline;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event's metadata for the rules that look into it; comes in from outside, since JSON is
 * not this package's business. Scalars come as the text JSON writes them with ({@code 42}, {@code
 * true}, a string without its quotes), null as null, arrays as {@code List}, objects as {@code
 * Map}.
 */
@FunctionalInterface
public interface MetadataReader {
  Map<String, @Nullable Object> read(String json);
}
