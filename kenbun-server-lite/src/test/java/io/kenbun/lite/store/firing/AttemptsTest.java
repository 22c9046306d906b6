package io.kenbun.lite.store.firing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.store.firing.DeliveryReads.Attempt;
import io.kenbun.lite.store.firing.DeliveryReads.Exchange;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The column of a delivery's tries. */
class AttemptsTest {
  private static String line(
      @Nullable Integer status, @Nullable String error, @Nullable Exchange exchange) {
    return Attempts.line(1_000, 20, status, error, exchange);
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    List<Attempt> tries =
        List.of(
            new Attempt(1_000, 20, 200, null, new Exchange(7, "v1,c2ln", "")),
            new Attempt(1_000, 20, 500, null, new Exchange(8, null, "a\tb\\n\n\\\r=\\")),
            new Attempt(1_000, 20, null, "no\tway\n\\", new Exchange(9, "v1,x", null)),
            new Attempt(1_000, 20, null, "lost", null));
    StringBuilder column = new StringBuilder();
    for (Attempt one : tries) {
      column.append(line(one.status(), one.error(), one.exchange()));
    }
    assertEquals(tries, Attempts.read(column.toString()));
  }

  @Test
  void linesFromBeforeExchangesWereKeptAreRead() {
    assertEquals(
        List.of(
            new Attempt(1_773_144_000_000L, 26, 500, null, null),
            new Attempt(1_773_144_001_046L, 3, null, "Connection refused", null)),
        Attempts.read("1773144000000 26 500 \n1773144001046 3 - Connection refused\n"));
  }
}
