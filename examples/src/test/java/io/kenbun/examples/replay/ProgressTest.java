package io.kenbun.examples.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final StringWriter out = new StringWriter();
  private long nanos = 1_000;

  @Test
  void drawsABarOverItselfFiveTimesASecondOnATerminal() {
    Progress progress = new Progress(new PrintWriter(out), true, () -> nanos);
    nanos += 199_999_999;
    progress.show(0.1, 100, 0);
    assertEquals("", out.toString());
    nanos += 1;
    progress.show(0.5, 1_000, 2);
    assertEquals(
        "\r[###############---------------]  50 %  1,000 delivered  5,000/s  2 dropped  ",
        out.toString());
    progress.clear();
    assertEquals("\r\u001b[K", out.toString().substring(out.toString().length() - 4));
  }

  @Test
  void printsALineEveryTenSecondsElsewhere() {
    Progress progress = new Progress(new PrintWriter(out), false, () -> nanos);
    nanos += 9_999_999_999L;
    progress.show(0.1, 100, 0);
    progress.clear();
    assertEquals("", out.toString());
    nanos += 1;
    progress.show(1, 1_234_567, 0);
    assertEquals(
        "100 %  1,234,567 delivered  123,457/s  0 dropped" + System.lineSeparator(),
        out.toString());
  }
}
