package io.kenbun.lite.store.row;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of short texts in one column.
 *
 * <pre>
 *   list := (length ':' text)*      9:Page View4:Demo     length in UTF-16 units: no escapes needed
 * </pre>
 *
 * An empty list is NULL.
 */
public final class TextList {
  private TextList() {}

  public static @Nullable String write(List<String> texts) {
    if (texts.isEmpty()) {
      return null;
    }
    StringBuilder list = new StringBuilder(64);
    for (String text : texts) {
      list.append(text.length()).append(':').append(text);
    }
    return list.toString();
  }

  public static List<String> read(@Nullable String list) {
    List<String> texts = new ArrayList<>();
    int at = 0;
    while (list != null && at < list.length()) {
      int lengthEnd = list.indexOf(':', at);
      if (lengthEnd < 0) {
        throw new IllegalStateException("text list broken at " + at);
      }
      int end = lengthEnd + 1 + Integer.parseInt(list, at, lengthEnd, 10);
      texts.add(list.substring(lengthEnd + 1, end));
      at = end;
    }
    return texts;
  }
}
