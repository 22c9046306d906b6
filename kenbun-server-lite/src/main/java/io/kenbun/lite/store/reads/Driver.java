package io.kenbun.lite.store.reads;

import org.jspecify.annotations.Nullable;

/**
 * What one rule, at one weight, gave a lead within a window of time; {@code total} is {@code count
 * * weight}.
 *
 * @param filterLabel null when the rule has no filters
 */
public record Driver(
    String ruleId, String eventType, long count, int weight, @Nullable String filterLabel) {

  public long total() {
    return count * weight;
  }
}
