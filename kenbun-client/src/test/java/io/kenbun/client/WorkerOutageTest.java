package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How the worker waits a failure out. */
final class WorkerOutageTest extends WorkerSteps {
  @Test
  void pausesOnceForAllRequestsAndThenSendsOneTrialBeforeTheOthers() {
    start("a", "b", "c", "d", "e");
    for (int i = 0; i < 4; i++) {
      transport.fail(503);
    }
    assertEquals(500_000_000L, worker.step());
    assertEquals(5, transport.sent.size());
    clock.advanceNanos(499_999_999);
    worker.step();
    assertEquals(5, transport.sent.size());
    clock.advanceNanos(1);
    worker.step();
    assertEquals("a", sent().get(5)); // The oldest, alone.
    assertEquals(6, transport.sent.size());
    transport.accept();
    worker.step();
    assertEquals(List.of("b", "c", "d", "e"), sent().subList(6, 10));
    assertEquals("retrying 1: 503 failed, after 500 ms", listener.told.get(0));
    assertEquals("delivered a", listener.told.get(1));
    assertEquals("recovered", listener.told.get(2));
  }

  @Test
  void doublesThePauseAndKeepsTheKey() {
    start("a");
    for (int expected : new int[] {500, 1000, 1200, 1200}) {
      transport.fail(502);
      assertEquals(expected * 1_000_000L, worker.step());
      clock.advanceMillis(expected);
      worker.step();
    }
    String key = transport.sent.get(1).events.get(0).key;
    for (Batch batch : transport.sent.subList(1, 6)) {
      assertEquals(key, batch.events.get(0).key);
    }
    assertEquals(4, counters.retried.get());
  }

  @Test
  void followsRetryAfterAndTheLongestOfSeveral() {
    start("a", "b");
    transport.answer(Reply.of(Reply.Kind.WAIT, 429, "429", 3000, false));
    transport.answer(Reply.of(Reply.Kind.WAIT, 429, "429", 7000, false));
    assertEquals(7_000_000_000L, worker.step());
  }

  @Test
  void aShorterRetryAfterThatComesLaterShortensNothing() {
    start("a", "b");
    transport.answer(Reply.of(Reply.Kind.WAIT, 429, "429", 7000, false));
    transport.answer(Reply.of(Reply.Kind.WAIT, 429, "429", 3000, false));
    assertEquals(7_000_000_000L, worker.step());
  }

  @Test
  void inALongOutageThePausesGrowWithItUpToHalfAMinute() {
    start("a");
    long elapsed = 0;
    long longest = 0;
    for (int failure = 1; failure <= 60; failure++) {
      transport.fail(503);
      long doubled = 500L << Math.min(failure - 1, 20);
      long expected = Math.min(30_000, Math.min(doubled, Math.max(1200, elapsed / 8)));
      assertEquals(expected * 1_000_000L, worker.step(), "failure " + failure);
      clock.advanceMillis(expected);
      worker.step();
      elapsed += expected;
      longest = Math.max(longest, expected);
    }
    assertEquals(30_000, longest);
    assertEquals("503 failed", new ClientStats(counters, 0, 0, 0, 0).lastError());
  }

  @Test
  void capsRetryAfter() {
    start("a");
    transport.answer(Reply.of(Reply.Kind.WAIT, 503, "503", 1L << 50, false));
    assertEquals(RetryPolicy.DEFAULT_MAX_RETRY_AFTER_MILLIS * 1_000_000, worker.step());
  }

  @Test
  void aClockThatJumpsNeitherHastensNorDelaysNorDrops() {
    start("a");
    transport.fail(503);
    worker.step();
    clock.jumpWallClockMillis(400L * 24 * 3_600_000);
    assertEquals(500_000_000L, worker.step());
    clock.jumpWallClockMillis(-800L * 24 * 3_600_000);
    assertEquals(500_000_000L, worker.step());
    clock.advanceMillis(500);
    worker.step();
    transport.accept();
    worker.step();
    assertEquals(1, counters.delivered.get());
  }

  @Test
  void aFlushThatThePauseOutlastsEndsAtOnce() {
    start("a");
    transport.answer(Reply.of(Reply.Kind.WAIT, 503, "503", 60_000, false));
    FlushRequest flush = new FlushRequest(clock.nanos() + 59_000_000_000L);
    intake.mark(flush);
    worker.step();
    assertTrue(flush.isFinished());
    assertFalse(flush.isComplete());
    assertFalse(intake.isUrgent());
  }

  @Test
  void sleepsWhileAnOutageHasFilledItsHandsAlthoughMoreArrives() {
    for (int i = 0; i < 30; i++) {
      track("l" + i);
    }
    worker.step();
    transport.fail(503);
    assertEquals(500_000_000L, worker.step());
    assertFalse(transport.pending() > 0);
    assertTrue(worker.mayAwait());
  }
}
