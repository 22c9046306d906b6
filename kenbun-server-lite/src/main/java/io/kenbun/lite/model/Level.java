package io.kenbun.lite.model;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named band of scores, both ends included ({@code scoring.md} 8).
 *
 * @param maxScore null when the band is open at the top
 */
public record Level(
    String id, String name, int minScore, @Nullable Integer maxScore, String color, int order) {

  /** The longest colour, in characters. Ours. */
  public static final int MAX_COLOR_LENGTH = 20;

  /** The colour of a level that names none. */
  public static final String DEFAULT_COLOR = "#64748b";

  /** What a score that no level holds is called ({@code scoring.md} 8). */
  public static final String UNCLASSIFIED = "Unclassified";

  /**
   * Returns the name of the first level, by its lower end, that holds {@code score}, else {@link
   * #UNCLASSIFIED}.
   */
  public static String nameOf(List<Level> levels, long score) {
    return levels.stream()
        .sorted(Comparator.comparingInt(Level::minScore))
        .filter(level -> level.contains(score))
        .map(Level::name)
        .findFirst()
        .orElse(UNCLASSIFIED);
  }

  /** Says whether {@code score} lies in the band. */
  public boolean contains(long score) {
    return score >= minScore && (maxScore == null || score <= maxScore);
  }
}
