package io.kenbun.lite.model;

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

  /** Says whether {@code score} lies in the band. */
  public boolean contains(long score) {
    return score >= minScore && (maxScore == null || score <= maxScore);
  }
}
