package io.kenbun.examples.replay;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fills the columns of a row into a text, such as <code>oulad-{code_module}-{id_student}</code>.
 *
 * <p>A row that has nothing in one of the named columns gives null, not half a text: an alias
 * {@code customer-} would make one lead of all customers without a number.
 */
final class Template {
  /** Text before each column, and, as the last one, behind them all. */
  private final List<String> texts = new ArrayList<>();

  private final List<Integer> columns = new ArrayList<>();

  /**
   * Reads {@code template} for rows of the given header.
   *
   * @throws IllegalArgumentException if it names a column that the header lacks
   */
  Template(String key, String template, List<String> header) {
    int from = 0;
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
      int close = template.indexOf('}', open);
      if (close < 0) {
        throw new IllegalArgumentException(key + " has { without }: " + template);
      }
      texts.add(template.substring(from, open));
      columns.add(column(key, template.substring(open + 1, close), header));
      from = close + 1;
    }
    texts.add(template.substring(from));
  }

  /** Returns the index of the column called {@code name}. */
  static int column(String key, String name, List<String> header) {
    int index = header.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          key
              + " names a column that is not there: "
              + name
              + " (there are: "
              + String.join(", ", header)
              + ")");
    }
    return index;
  }

  /** Returns the text for {@code row}, or null if the row leaves one of the columns empty. */
  @Nullable String fill(CsvRecord row) {
    if (columns.isEmpty()) {
      return texts.get(0);
    }
    if (columns.size() == 1 && texts.get(0).isEmpty() && texts.get(1).isEmpty()) {
      String only = row.getField(columns.get(0));
      return only.isEmpty() ? null : only;
    }
    StringBuilder filled = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      String value = row.getField(columns.get(i));
      if (value.isEmpty()) {
        return null;
      }
      filled.append(texts.get(i)).append(value);
    }
    return filled.append(texts.get(columns.size())).toString();
  }
}
