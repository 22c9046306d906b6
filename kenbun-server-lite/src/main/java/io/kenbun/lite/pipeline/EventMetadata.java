package io.kenbun.lite.pipeline;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An event's metadata, read once and only if somebody asks. For one thread. */
final class EventMetadata implements Supplier<Map<String, @Nullable Object>> {
  private final @Nullable String json;
  private final MetadataReader reader;
  private @Nullable Map<String, @Nullable Object> values;

  EventMetadata(@Nullable String json, MetadataReader reader) {
    this.json = json;
    this.reader = reader;
  }

  @Override
  public Map<String, @Nullable Object> get() {
    if (values == null) {
      values = json == null ? Map.of() : reader.read(json);
    }
    return values;
  }
}
