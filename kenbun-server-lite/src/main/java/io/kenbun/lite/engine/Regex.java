package io.kenbun.lite.engine;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions of people who may not know what one can cost: looking for a match ends with
 * an error after a number of steps, instead of holding up scoring for hours. Immutable; any thread.
 */
public final class Regex {
  /** The longest pattern, in characters. */
  public static final int MAX_LENGTH = 1_000;

  /** How many characters may be looked at in one search, counted each time. */
  public static final int MAX_STEPS = 2_000_000;

  /** The most that counted repeats such as {@code {10}} may come to, multiplied. */
  public static final int MAX_REPEATS = 10_000;

  private static final Pattern REPEAT = Pattern.compile("\\{(\\d+)(?:,(\\d*))?\\}");

  private final Pattern pattern;

  private Regex(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Compiles a pattern.
   *
   * @throws IllegalArgumentException when it is none, or one that is refused; the message says why
   */
  public static Regex of(String pattern) {
    if (pattern.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "regex > " + MAX_LENGTH + " characters: " + pattern.length());
    }
    double repeats = 1;
    java.util.regex.Matcher counted = REPEAT.matcher(pattern);
    while (counted.find()) {
      // Repeats of what is empty look at no character, so the steps alone would not end them.
      String most =
          counted.group(2) == null || counted.group(2).isEmpty()
              ? counted.group(1)
              : counted.group(2);
      repeats *= Math.max(1, most.length() > 9 ? MAX_REPEATS + 1.0 : Integer.parseInt(most));
    }
    if (repeats > MAX_REPEATS) {
      throw new IllegalArgumentException(
          "regex repeats > " + MAX_REPEATS + ", multiplied: " + pattern);
    }
    try {
      return new Regex(Pattern.compile(pattern));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("no regex: " + e.getDescription() + ": " + pattern, e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("regex nested too deep: " + pattern, e);
    }
  }

  /**
   * Says whether {@code text} has a part that matches.
   *
   * @throws IllegalStateException when that takes too long to find out
   */
  boolean isIn(String text) {
    try {
      return pattern.matcher(new Budgeted(text, new int[] {MAX_STEPS})).find();
    } catch (TooManySteps | StackOverflowError e) {
      throw new IllegalStateException(
          "regex took more than "
              + MAX_STEPS
              + " steps on "
              + text.length()
              + " characters: "
              + pattern,
          e);
    }
  }

  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManySteps() {
      super("too many steps", null, false, false);
    }
  }

  /** A text that can be looked at so often and no more. */
  private static final class Budgeted implements CharSequence {
    private final String text;
    private final int[] left;

    Budgeted(String text, int[] left) {
      this.text = text;
      this.left = left;
    }

    @Override
    public char charAt(int index) {
      if (left[0]-- <= 0) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Budgeted(text.substring(start, end), left);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
