package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the worker sends, when, and in which order. */
final class WorkerTest extends WorkerSteps {
  @Test
  void waitsForTheLingerTimeAndThenOpensTheSessionBeforeTheFirstEvent() {
    track("a");
    assertEquals(250_000_000L, worker.step());
    assertEquals(List.of(), sent());
    clock.advanceNanos(249_999_999);
    assertEquals(1, worker.step());
    assertEquals(List.of(), sent());
    clock.advanceNanos(1);
    worker.step();
    assertEquals(List.of("activate unit_a"), sent());
    transport.accept();
    worker.step();
    assertEquals(List.of("activate unit_a", "a"), sent());
  }

  @Test
  void doesNotLingerWhenABatchIsFull() {
    for (int i = 0; i < 9; i++) {
      track("l" + i);
    }
    worker.step();
    assertEquals(List.of(), sent());
    track("l9");
    worker.step();
    assertEquals(List.of("activate unit_a"), sent());
  }

  @Test
  void doesNotLingerWhenSomebodyFlushes() {
    track("a");
    intake.mark(new FlushRequest(clock.nanos() + 1_000_000_000L));
    worker.step();
    assertEquals(List.of("activate unit_a"), sent());
  }

  @Test
  void sendsSeveralSinglesAtOnceButNeverTwoOfOneLead() {
    start("a", "a", "b", "c", "a", "d", "e");
    assertEquals(List.of("activate unit_a", "a", "b", "c", "d"), sent());
    transport.accept(); // The first of a: the second may go.
    worker.step();
    assertEquals("a", sent().get(5));
    transport.accept(); // b: the next free lead is e, for a is busy again.
    worker.step();
    assertEquals("e", sent().get(6));
  }

  @Test
  void holdsBackAnEventThatSharesAnyAliasWithAnEarlierOne() {
    start("x");
    transport.accept();
    worker.step();
    intake.offer(Event.builder("1").email("A@example.com").build(), "unit_a");
    intake.offer(Event.builder("2").email("a@example.com ").cookie("c").build(), "unit_a");
    intake.offer(Event.builder("3").cookie("c").build(), "unit_a");
    intake.offer(Event.builder("4").phone("+49 170 1").build(), "unit_a");
    intake.offer(Event.builder("5").phone("+491701").build(), "unit_a");
    linger();
    List<String> types = new ArrayList<>();
    for (Batch batch : transport.sent.subList(2, transport.sent.size())) {
      types.add(batch.events.get(0).event().type());
    }
    assertEquals(List.of("1", "4"), types);
  }

  @Test
  void sendsABatchOnceTheServerHasAnnouncedIt() {
    start("a");
    transport.acceptAnnouncingBatches();
    worker.step();
    track("a", "b", "a");
    linger();
    assertEquals("a,b,a", sent().get(2));
    assertTrue(transport.sent.get(2).lines);
    track("c");
    linger();
    assertEquals(3, transport.sent.size()); // One batch of a unit at a time, for the order.
  }

  @Test
  void goesBackToSinglesWhenTheBatchEndpointIsNotThereAfterAll() {
    startInBatches();
    track("a", "b");
    linger();
    transport.answer(Reply.of(Reply.Kind.NO_BATCHES, 404, "404", -1, true));
    worker.step();
    assertEquals(List.of("a", "b"), sent().subList(3, sent().size()));
    assertFalse(transport.sent.get(3).lines);
  }

  @Test
  void aFlushEndsWhenWhatCameBeforeItIsSettledWhateverComesAfter() {
    start("a");
    FlushRequest flush = new FlushRequest(clock.nanos() + 60_000_000_000L);
    intake.mark(flush);
    track("b");
    worker.step();
    assertFalse(flush.isFinished());
    transport.accept();
    worker.step();
    assertTrue(flush.isComplete());
    assertEquals(1, intake.queued());
  }

  @Test
  void pushesTheOldestOutOfTheWorkersHandsWhenTheQueueIsFull() {
    intake = intake(3, OverflowPolicy.DROP_OLDEST);
    worker = worker(1, 10);
    start("a", "b", "c"); // a is in flight, b and c are in the worker's hands.
    track("d", "e", "f");
    transport.accept();
    worker.step();
    assertEquals(
        List.of(
            "delivered a",
            "dropped b PUSHED_OUT: newer events took its place",
            "dropped c PUSHED_OUT: newer events took its place",
            "dropped d PUSHED_OUT: newer events took its place"),
        listener.told);
    clock.advanceMillis(250);
    worker.step();
    transport.accept();
    worker.step();
    assertEquals(List.of("activate unit_a", "a", "e", "f"), sent());
  }

  @Test
  void aListenerThatThrowsHarmsNothing() {
    Worker other =
        new Worker(
            new MemoryQueue(intake, new KeySequence(clock)),
            transport,
            new Limits(4, 10, 1 << 20, 0, Long.MAX_VALUE),
            new Backoff(RetryPolicy.standard(), new Random(1)),
            clock,
            signal,
            counters,
            losses,
            new DeliveryListener() {
              @Override
              public void delivered(Event event) {
                throw new AssertionError("on purpose");
              }
            });
    worker = other;
    track("a", "b");
    worker.step();
    transport.accept();
    worker.step();
    transport.accept();
    transport.accept();
    worker.step();
    assertEquals(2, counters.delivered.get());
    assertEquals(0, intake.queued());
  }
}
