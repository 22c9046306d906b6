package io.kenbun.lite.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.store.queue.IdempotencyKeys;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What waits to be scored: its numbers, its limit, and what has come before under the same key. */
class OutboxTest extends SqliteScene {
  @Test
  void seqGoesOnAfterTheOutboxWasEmptied() throws Exception {
    long first = append(event("Page View", email("a@example.com")))[0];
    while (scoring.step()) {}
    // The next commit takes the scored row away; what comes then must not get its seq again.
    append(event("Page View", email("a@example.com")));
    while (scoring.step()) {}
    reopen();
    long third = append(event("Page View", email("a@example.com")))[0];
    assertEquals(first + 2, third);
    while (scoring.step()) {}
    assertEquals(3, score(lead(email("a@example.com"))));
  }

  @Test
  void theOffersPastTheLimitAreTurnedAway() throws Exception {
    storage.close();
    open(3);
    reload();
    append(event("Page View", email("a@example.com")), event("Page View", email("b@example.com")));
    assertEquals(
        Queue.Refusal.FULL,
        storage
            .queue()
            .offer(new Outcome(List.of(event("a", email("a")), event("b", email("b"))))));
    append(event("Page View", email("c@example.com")));
    assertEquals(
        Queue.Refusal.FULL,
        storage.queue().offer(new Outcome(List.of(event("d", email("d@example.com"))))));
    while (scoring.step()) {}
    append(event("Page View", email("d@example.com")));
  }

  @Test
  void aClosedQueueTakesNothing() {
    storage.close();
    assertEquals(
        Queue.Refusal.CLOSED,
        storage.queue().offer(new Outcome(List.of(event("a", email("a@example.com"))))));
  }

  @Test
  void depthAndAgeTellWhatWaits() throws Exception {
    assertEquals(0, storage.queue().depth());
    assertEquals(-1, storage.queue().oldestReceivedAtMillis());
    append(event("Page View", email("a@example.com")), event("Page View", email("a@example.com")));
    assertEquals(2, storage.queue().depth());
    assertEquals(T0 + 5, storage.queue().oldestReceivedAtMillis());
    scoring.step();
    assertEquals(0, storage.queue().depth());
  }

  @Test
  void aKeyThatWasSeenQueuesNothingAndNamesTheFirst() throws Exception {
    long first = append("key-1", event("Page View", email("a@example.com")));
    assertEquals(first, append("key-1", event("Page View", email("a@example.com"))));
    reopen();
    assertEquals(first, append("key-1", event("Page View", email("a@example.com"))));
    assertEquals(first + 1, append("key-2", event("Page View", email("a@example.com"))));
    while (scoring.step()) {}
    assertEquals(first, append("key-1", event("Page View", email("a@example.com"))));
    assertFalse(scoring.step());
    assertEquals(0, storage.queue().depth());
    assertEquals(2, score(lead(email("a@example.com"))));
  }

  @Test
  void oneCommitTakesAKeyOnce() throws Exception {
    RawEvent event = event("Page View", email("a@example.com"));
    Outcome outcome = new Outcome(List.of(event, event, event, event), List.of("a", "b", "a", ""));
    assertNull(storage.queue().offer(outcome));
    long[] seqs = outcome.seqs.get(10, TimeUnit.SECONDS);
    assertEquals(seqs[0], seqs[2]);
    assertEquals(3, java.util.Arrays.stream(seqs).distinct().count());
    scoring.step();
    assertEquals(3, score(lead(email("a@example.com"))));
  }

  @Test
  void aRepeatedKeyLeavesNoGapInTheNumbers() throws Exception {
    RawEvent event = event("Page View", email("a@example.com"));
    long a = append("a", event);
    Outcome outcome =
        new Outcome(
            List.of(event, event, event, event, event, event),
            List.of("a", "b", "a", "", "b", "c"));
    assertNull(storage.queue().offer(outcome));
    assertArrayEquals(
        new long[] {a, a + 1, a, a + 2, a + 1, a + 3}, outcome.seqs.get(10, TimeUnit.SECONDS));
    assertEquals(4, storage.queue().depth());
    reopen();
    assertEquals(4, storage.queue().depth());
    assertEquals(a + 3, append("c", event));
    assertEquals(a + 4, append("d", event));
    while (scoring.step()) {}
    assertEquals(5, score(lead(email("a@example.com"))));
  }

  @Test
  void keysOfTwoUnitsDoNotMeet() throws Exception {
    long first = append("key-1", event("Page View", email("a@example.com")));
    RawEvent other = new RawEvent(unit + 1, "ld_1", List.of(), "Page View", T0, T0, null);
    assertEquals(first + 1, append("key-1", other));
  }

  @Test
  void longKeysAreToldApartByTheirLastCharacter() throws Exception {
    String stem = "k".repeat(254);
    long a = append(stem + "a", event("Page View", email("a@example.com")));
    long b = append(stem + "b", event("Page View", email("a@example.com")));
    assertEquals(a + 1, b);
    assertEquals(a, append(stem + "a", event("Page View", email("a@example.com"))));
  }

  @Test
  void aKeyIsKeptForADayAndForgottenAfter() throws Exception {
    long first = append("key-1", event("Page View", email("a@example.com")));
    nowMillis.set(T0 + IdempotencyKeys.WINDOW.toMillis());
    reopen(); // The sweep of a fresh start comes with the first commit.
    assertEquals(first, append("key-1", event("Page View", email("a@example.com"))));
    nowMillis.set(T0 + 2 * IdempotencyKeys.WINDOW.toMillis());
    append("other", event("Page View", email("a@example.com")));
    assertTrue(append("key-1", event("Page View", email("a@example.com"))) > first);
  }
}
