package io.kenbun.lite.store.row;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds, for each thing that a configuration file names, the one that is kept already: by its id,
 * and without an id by what it is called. Each is found once, so that two of one name stay two.
 */
public final class Matching<T> {
  private final List<T> left;
  private final Function<T, String> id;
  private final Function<T, Object> name;

  public Matching(List<T> kept, Function<T, String> id, Function<T, Object> name) {
    this.left = new ArrayList<>(kept);
    this.id = id;
    this.name = name;
  }

  /** Returns the one that {@code wanted} means, or null when it is new. */
  public @Nullable T take(T wanted) {
    Function<T, ?> property = id.apply(wanted).isEmpty() ? name : id;
    for (T candidate : left) {
      if (property.apply(candidate).equals(property.apply(wanted))) {
        left.remove(candidate);
        return candidate;
      }
    }
    return null;
  }

  /** Returns the key of the one that {@code wanted} means, 0 when it is new. */
  public long takeKey(T wanted, ToLongFunction<T> key) {
    T known = take(wanted);
    return known == null ? 0 : key.applyAsLong(known);
  }

  /** Returns what nothing has meant so far. */
  public List<T> left() {
    return List.copyOf(left);
  }
}
