package io.kenbun.lite.http.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A text is the same lines, wherever it is cut into pieces. */
class LinesTest {
  @Test
  void piecesOfAnyLengthGiveTheSameLines() {
    String text = "one\n\ntwo\r\nthree is longer than the others\n four";
    List<String> lines =
        List.of("1:one", "2:", "3:two\r", "4:three is longer than the others", "5: four");
    for (int piece = 1; piece <= text.length(); piece++) {
      assertEquals(lines, cut(text, piece, 100), "in pieces of " + piece);
    }
  }

  @Test
  void aLineMayBeAsLongAsTheLimitAndNotLonger() {
    String text = "12345\n123456\n1234567\n123456\n1234567";
    List<String> lines = List.of("1:12345", "2:123456", "3:too long", "4:123456", "5:too long");
    for (int piece = 1; piece <= text.length(); piece++) {
      assertEquals(lines, cut(text, piece, 6), "in pieces of " + piece);
    }
  }

  @Test
  void nothingIsNoLine() {
    assertEquals(List.of(), cut("", 1, 6));
    assertEquals(List.of("1:"), cut("\n", 1, 6));
    assertEquals(List.of("1:", "2:x"), cut("\nx", 1, 6));
  }

  private static List<String> cut(String text, int piece, int maxBytes) {
    List<String> seen = new ArrayList<>();
    Lines lines =
        new Lines(
            maxBytes,
            (number, line) ->
                seen.add(
                    number
                        + ":"
                        + (line == null ? "too long" : new String(line, StandardCharsets.UTF_8))));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; from += piece) {
      byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece));
      lines.take(part, part.length);
    }
    lines.finish();
    return seen;
  }
}
