package io.kenbun.lite.testkit;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a test looks for: narrowed down by what it holds, then counted. Immutable; it shows what
 * there was when it was asked for.
 */
public final class Found {
  private final String one;
  private final String many;
  private final String by;
  private final Supplier<String> setUp;
  private final List<Map<?, ?>> all;
  private final List<Map<?, ?>> items;
  private final Story story;

  /**
   * Makes what has not been narrowed down yet.
   *
   * @param one what an item is called, such as {@code firing of "Hot"}
   * @param many what several are called
   * @param setUp tells, on lines of its own, what would have made items; "" for nothing
   */
  Found(String one, String many, Supplier<String> setUp, List<Map<?, ?>> items, Story story) {
    this(one, many, "", setUp, List.copyOf(items), List.copyOf(items), story);
  }

  private Found(
      String one,
      String many,
      String by,
      Supplier<String> setUp,
      List<Map<?, ?>> all,
      List<Map<?, ?>> items,
      Story story) {
    this.one = one;
    this.many = many;
    this.by = by;
    this.setUp = setUp;
    this.all = all;
    this.items = items;
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

  private Found narrowed(String more, List<Map<?, ?>> left) {
    String both = by.isEmpty() ? " with " + more : by + ", " + more;
    return new Found(one, many, both, setUp, all, left, story);
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
    return hold(items.size() == count, count, "");
  }

  /** Asserts that there are so many or more. */
  public Found atLeast(int count) {
    return hold(items.size() >= count, count, "at least ");
  }

  private Found hold(boolean holds, int count, String bound) {
    if (!holds) {
      throw new AssertionError(
          "expected "
              + bound
              + Story.counted(count, one, many)
              + by
              + ", found "
              + items.size()
              + Story.lines("found:", items)
              + (items.isEmpty() ? Story.lines("there are these " + many + ":", all) : "")
              + (all.isEmpty() ? setUp.get() : "")
              + story.ofUnit());
    }
    return this;
  }
}
