package io.kenbun.examples.replay;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rows for which a condition such as {@code date<28} holds.
 *
 * <p>Both sides are compared as numbers where both are numbers, else as texts.
 */
final class RowFilter {
  private static final Pattern CONDITION = Pattern.compile("([^<>=!]+)(<=|>=|!=|<|>|=)(.*)");

  private final int column;
  private final String operator;
  private final String wanted;
  private final @Nullable Double wantedNumber;

  /**
   * Reads {@code condition}: a column, one of {@code < <= > >= = !=}, a value.
   *
   * @throws IllegalArgumentException if it is not of that form or names an unknown column
   */
  RowFilter(String condition, List<String> header) {
    Matcher parts = CONDITION.matcher(condition);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "--only is not COLUMN, one of < <= > >= = !=, VALUE: " + condition);
    }
    this.column = Template.column("--only", parts.group(1).trim(), header);
    this.operator = parts.group(2);
    this.wanted = parts.group(3).trim();
    this.wantedNumber = number(wanted);
  }

  /** Tells whether the condition holds for {@code row}. */
  boolean keeps(CsvRecord row) {
    String actual = row.getField(column);
    Double actualNumber = wantedNumber == null ? null : number(actual);
    int order =
        wantedNumber == null || actualNumber == null
            ? actual.compareTo(wanted)
            : actualNumber.compareTo(wantedNumber);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      case "!=" -> order != 0;
      default -> order == 0;
    };
  }

  private static @Nullable Double number(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException notANumber) {
      return null; // Then it is compared as text.
    }
  }
}
