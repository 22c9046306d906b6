package io.kenbun.lite.store.firing;

import io.kenbun.lite.store.firing.DeliveryReads.Attempt;
import io.kenbun.lite.store.firing.DeliveryReads.Exchange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the tries of a delivery stand in one column.
 *
 * <pre>
 *   list     := line*
 *   line     := at ' ' took ' ' status ' ' error [exchange] '\n'
 *                                        milliseconds since 1970, milliseconds, HTTP status or '-'
 *   exchange := '\t' seconds '\t' signature '\t' answer
 *                                        the signature or nothing; the answer's beginning behind a
 *                                        '=', nothing when there was none; lines that were written
 *                                        before 0.1.0 had it are without an exchange
 *   error, answer                        with \\ \n \r \t for a backslash, line ends and tabs
 * </pre>
 */
final class Attempts {
  /** From here on the list begins anew, after some hundred tries by hand. */
  static final int MAX_LENGTH = 16_000;

  private Attempts() {}

  static String line(
      long atMillis,
      long tookMillis,
      @Nullable Integer status,
      @Nullable String error,
      @Nullable Exchange exchange) {
    StringBuilder line = new StringBuilder();
    line.append(atMillis).append(' ').append(tookMillis).append(' ');
    line.append(status == null ? "-" : status).append(' ').append(escaped(error));
    if (exchange != null) {
      String signature = exchange.signature();
      String answer = exchange.answer();
      line.append('\t').append(exchange.timestampSeconds());
      line.append('\t').append(signature == null ? "" : signature);
      line.append('\t').append(answer == null ? "" : "=" + escaped(answer));
    }
    return line.append('\n').toString();
  }

  static List<Attempt> read(String text) {
    List<Attempt> attempts = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf('\n', at);
      int took = text.indexOf(' ', at) + 1;
      int status = text.indexOf(' ', took) + 1;
      int error = text.indexOf(' ', status) + 1;
      String code = text.substring(status, error - 1);
      String[] parts = text.substring(error, end).split("\t", -1);
      attempts.add(
          new Attempt(
              Long.parseLong(text, at, took - 1, 10),
              Long.parseLong(text, took, status - 1, 10),
              code.equals("-") ? null : Integer.valueOf(code),
              parts[0].isEmpty() ? null : plain(parts[0]),
              parts.length == 4 ? exchange(parts) : null));
      at = end + 1;
    }
    return attempts;
  }

  private static Exchange exchange(String[] parts) {
    return new Exchange(
        Long.parseLong(parts[1]),
        parts[2].isEmpty() ? null : parts[2],
        parts[3].isEmpty() ? null : plain(parts[3].substring(1)));
  }

  private static String escaped(@Nullable String text) {
    return text == null
        ? ""
        : text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
  }

  private static String plain(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        char escape = text.charAt(++i);
        plain.append(
            switch (escape) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              default -> escape;
            });
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
