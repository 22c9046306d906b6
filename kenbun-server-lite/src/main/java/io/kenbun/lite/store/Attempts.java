package io.kenbun.lite.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the tries of a delivery stand in one column.
 *
 * <pre>
 *   list := line*
 *   line := at ' ' took ' ' status ' ' error '\n'     milliseconds since 1970, milliseconds,
 *                                                     HTTP status or '-', the rest of the line
 * </pre>
 */
final class Attempts {
  /** From here on the list begins anew, after some hundred tries by hand. */
  static final int MAX_LENGTH = 16_000;

  private Attempts() {}

  static String line(long atMillis, long tookMillis, @Nullable Integer status, String error) {
    return atMillis
        + " "
        + tookMillis
        + " "
        + (status == null ? "-" : status)
        + " "
        + error.replace('\n', ' ')
        + "\n";
  }

  static List<DeliveryReads.Attempt> read(String text) {
    List<DeliveryReads.Attempt> attempts = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf('\n', at);
      int took = text.indexOf(' ', at) + 1;
      int status = text.indexOf(' ', took) + 1;
      int error = text.indexOf(' ', status) + 1;
      String code = text.substring(status, error - 1);
      attempts.add(
          new DeliveryReads.Attempt(
              Long.parseLong(text, at, took - 1, 10),
              Long.parseLong(text, took, status - 1, 10),
              code.equals("-") ? null : Integer.valueOf(code),
              error == end ? null : text.substring(error, end)));
      at = end + 1;
    }
    return attempts;
  }
}
