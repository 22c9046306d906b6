package io.kenbun.lite.testkit;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a test looks for: narrowed down by what it holds, then counted. Immutable; it shows what
 * there was when it was asked for.
 */
public final class Found {
  private final String what;
  private final List<Map<?, ?>> items;
  private final Story story;

  Found(String what, List<Map<?, ?>> items, Story story) {
    this.what = what;
    this.items = List.copyOf(items);
    this.story = story;
  }

  /**
   * Returns those of the lead of that id.
   *
   * @see LeadAssert#id
   */
  public Found ofLead(String leadId) {
    return with("lead_id", leadId);
  }

  /** Returns those with a field of that value, as the API spells both. */
  public Found with(String field, @Nullable Object value) {
    return narrowed(
        field + " " + value, items.stream().filter(item -> same(item.get(field), value)).toList());
  }

  /** Returns those whose {@code metadata} has that value under a key. */
  public Found withMetadata(String key, @Nullable Object value) {
    return narrowed(
        "metadata." + key + " " + value,
        items.stream()
            .filter(
                item ->
                    item.get("metadata") instanceof Map<?, ?> metadata
                        && same(metadata.get(key), value))
            .toList());
  }

  private Found narrowed(String by, List<Map<?, ?>> left) {
    String more = what.contains(" with ") ? what + ", " : what + " with ";
    return new Found(more + by, left, story);
  }

  /** A number of JSON has no type to tell 1 from 1.0 by. */
  private static boolean same(@Nullable Object found, @Nullable Object wanted) {
    if (found instanceof Number left && wanted instanceof Number right) {
      return left.doubleValue() == right.doubleValue();
    }
    return Objects.equals(found, wanted);
  }

  /** Returns how many there are. */
  public int count() {
    return items.size();
  }

  /** Returns them as the API shows them. */
  public List<Map<?, ?>> items() {
    return items;
  }

  /** Asserts that there is exactly one. */
  public Found once() {
    return times(1);
  }

  /** Asserts that there is none. */
  public Found never() {
    return times(0);
  }

  /** Asserts that there are exactly so many. */
  public Found times(int count) {
    return hold(items.size() == count, String.valueOf(count));
  }

  /** Asserts that there are so many or more. */
  public Found atLeast(int count) {
    return hold(items.size() >= count, "at least " + count);
  }

  private Found hold(boolean holds, String wanted) {
    if (!holds) {
      throw new AssertionError(
          "expected " + wanted + " of " + what + ", found " + items.size() + story.ofUnit());
    }
    return this;
  }
}
