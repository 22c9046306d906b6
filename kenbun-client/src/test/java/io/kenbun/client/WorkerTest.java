package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The worker's policy, step by step: the test answers for the server and moves the clock. */
final class WorkerTest {
  private static final long MAX = Long.MAX_VALUE;

  private final FakeClock clock = new FakeClock();
  private final FakeTransport transport = new FakeTransport();
  private final RecordingListener listener = new RecordingListener();
  private final Counters counters = new Counters();
  private final Losses losses = new Losses(counters, listener);
  private final Signal signal = new Signal();
  private Intake intake = intake(10_000, OverflowPolicy.DROP_NEWEST);
  private Worker worker = worker(4, 10);

  private Intake intake(int maxEvents, OverflowPolicy policy) {
    return new Intake(maxEvents, 1 << 30, policy, 0, signal, counters, losses);
  }

  private Worker worker(int maxInFlight, int maxBatchEvents) {
    RetryPolicy policy = RetryPolicy.builder().jitter(0).build();
    long linger = 250_000_000L;
    long budget = policy.budgetMillis() * 1_000_000;
    return new Worker(
        new MemoryQueue(intake, new KeySequence(clock)),
        transport,
        new Limits(maxInFlight, maxBatchEvents, 1 << 20, linger, budget),
        new Backoff(policy, new Random(1)),
        clock,
        signal,
        counters,
        losses,
        listener);
  }

  private void track(String... leads) {
    for (String lead : leads) {
      trackTo("unit_a", lead);
    }
  }

  private void trackTo(String unit, String lead) {
    intake.offer(Event.builder("Page View").leadId(lead).build(), unit);
  }

  private void linger() {
    worker.step();
    clock.advanceMillis(250);
    worker.step();
  }

  /** Tracks, and opens the session of unit_a. */
  private void start(String... leads) {
    track(leads);
    linger();
    assertTrue(transport.sent.get(0).isActivation());
    transport.accept();
    worker.step();
  }

  private static String leads(Batch batch) {
    return batch.events.stream().map(e -> e.event().leadId()).collect(Collectors.joining(","));
  }

  private List<String> sent() {
    List<String> sent = new ArrayList<>();
    for (Batch batch : transport.sent) {
      sent.add(batch.isActivation() ? "activate " + batch.unit : leads(batch));
    }
    return sent;
  }

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

  private void startInBatches() {
    start("first");
    transport.acceptAnnouncingBatches();
    worker.step();
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
  void capsRetryAfter() {
    start("a");
    transport.answer(Reply.of(Reply.Kind.WAIT, 503, "503", 1L << 50, false));
    assertEquals(RetryPolicy.DEFAULT_MAX_RETRY_AFTER_MILLIS * 1_000_000, worker.step());
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
            new Limits(4, 10, 1 << 20, 0, MAX),
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
