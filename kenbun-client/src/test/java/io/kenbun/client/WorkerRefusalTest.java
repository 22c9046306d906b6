package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a refusal means for the events that it is about, and for the others. */
final class WorkerRefusalTest extends WorkerSteps {
  @Test
  void halvesOn413DownToTheEventThatIsTooLargeAndDropsItAlone() {
    startInBatches();
    track("a", "b", "c", "X", "e", "f");
    linger();
    while (transport.pending() > 0) {
      Batch batch = transport.sent.get(transport.sent.size() - 1);
      if (leads(batch).contains("X")) {
        transport.fail(413);
      } else {
        transport.accept();
      }
      worker.step();
    }
    assertEquals(
        List.of("a,b,c,X,e,f", "a,b,c", "X,e,f", "X", "e", "f"), sent().subList(2, sent().size()));
    assertTrue(listener.told.contains("dropped X TOO_LARGE: 413 failed"));
    assertEquals(1, counters.dropped());
    assertEquals(6, counters.delivered.get());
  }

  @Test
  void aRefusedLineDropsThatEventAloneAndSaysSo() {
    startInBatches();
    track("a", "b", "c");
    linger();
    transport.answer(
        Reply.delivered(202, true, List.of(new Reply.Rejection(1, 400, "400 no such thing"))));
    worker.step();
    assertEquals(
        List.of(
            "delivered first",
            "delivered a",
            "delivered c",
            "dropped b REFUSED: 400 no such thing"),
        listener.told);
  }

  @Test
  void aLineThatTheServerPostponesIsSentAgain() {
    startInBatches();
    track("a", "b");
    linger();
    transport.answer(
        Reply.delivered(202, true, List.of(new Reply.Rejection(0, 503, "503 overloaded"))));
    worker.step();
    clock.advanceMillis(500);
    worker.step();
    assertEquals("a", sent().get(3));
    assertEquals(0, counters.dropped());
  }

  @Test
  void keepsEverythingWhileTheCredentialsAreRefusedAndTellsOnce() {
    start("a", "b");
    transport.fail(401);
    transport.fail(401);
    assertEquals(30_000_000_000L, worker.step());
    clock.advanceMillis(30_000);
    worker.step();
    assertEquals(1, transport.pending());
    transport.fail(403);
    worker.step();
    clock.advanceMillis(30_000);
    worker.step();
    transport.accept();
    worker.step();
    transport.accept();
    worker.step();
    assertEquals(
        List.of("refused: 401 failed", "delivered a", "recovered", "delivered b"), listener.told);
    assertEquals(0, counters.dropped());
  }

  @Test
  void opensAForgottenSessionOnceAtOnceAndBacksOffTheSecondTime() {
    start("a");
    Reply forgotten = Reply.of(Reply.Kind.ORG_UNIT_LOST, 400, "400 active OU not set", -1, false);
    transport.answer(forgotten);
    worker.step();
    assertEquals(List.of("activate unit_a", "a", "activate unit_a"), sent());
    transport.accept();
    worker.step();
    assertEquals("a", sent().get(3));
    transport.answer(forgotten);
    assertEquals(500_000_000L, worker.step());
    assertEquals("lost unit_a: 400 active OU not set", listener.told.get(0));
    assertEquals(4, transport.sent.size());
  }

  @Test
  void aUnitThatIsRefusedDoesNotHoldUpAnother() {
    trackTo("unit_b", "b");
    track("a");
    linger();
    assertEquals(List.of("activate unit_b", "activate unit_a"), sent());
    transport.fail(403);
    transport.accept();
    worker.step();
    assertEquals("a", sent().get(2));
    assertEquals(List.of("lost unit_b: 403 failed"), listener.told);
    transport.accept();
    assertEquals(30_000_000_000L, worker.step());
    clock.advanceMillis(30_000);
    worker.step();
    assertEquals("activate unit_b", sent().get(3));
    assertEquals(1, intake.queued());
  }

  @Test
  void dropsWhatHasBeenTriedForLongerThanTheBudget() {
    start("a");
    transport.fail(503);
    worker.step();
    clock.advanceMillis(RetryPolicy.DEFAULT_BUDGET_MILLIS);
    worker.step();
    transport.fail(503);
    worker.step();
    assertEquals(0, counters.dropped());
    clock.advanceMillis(60_000);
    worker.step();
    transport.fail(503);
    worker.step();
    assertEquals(1, counters.dropped(DropReason.EXPIRED));
    assertEquals(0, intake.queued());
  }

  @Test
  void aBatchThatFailedComesAgainAsItWasAlthoughMoreHasArrived() {
    startInBatches();
    track("a", "b");
    linger();
    track("c", "d");
    transport.fail(503);
    worker.step();
    clock.advanceMillis(500);
    worker.step();
    transport.accept();
    linger();
    assertEquals(List.of("a,b", "a,b", "c,d"), sent().subList(2, sent().size()));
  }
}
