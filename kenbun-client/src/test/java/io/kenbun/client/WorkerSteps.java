package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** A worker to be stepped by hand: the test answers for the server and moves the clock. */
abstract class WorkerSteps {
  final FakeClock clock = new FakeClock();
  final FakeTransport transport = new FakeTransport();
  final RecordingListener listener = new RecordingListener();
  final Counters counters = new Counters();
  final Losses losses = new Losses(counters, listener);
  final Signal signal = new Signal();
  Intake intake = intake(10_000, OverflowPolicy.DROP_NEWEST);
  Worker worker = worker(4, 10);

  Intake intake(int maxEvents, OverflowPolicy policy) {
    return new Intake(maxEvents, 1 << 30, policy, 0, signal, counters, losses);
  }

  Worker worker(int maxInFlight, int maxBatchEvents) {
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

  void track(String... leads) {
    for (String lead : leads) {
      trackTo("unit_a", lead);
    }
  }

  void trackTo(String unit, String lead) {
    intake.offer(Event.builder("Page View").leadId(lead).build(), unit);
  }

  void linger() {
    worker.step();
    clock.advanceMillis(250);
    worker.step();
  }

  /** Tracks, and opens the session of unit_a. */
  void start(String... leads) {
    track(leads);
    linger();
    assertTrue(transport.sent.get(0).isActivation());
    transport.accept();
    worker.step();
  }

  static String leads(Batch batch) {
    return batch.events.stream().map(e -> e.event().leadId()).collect(Collectors.joining(","));
  }

  List<String> sent() {
    List<String> sent = new ArrayList<>();
    for (Batch batch : transport.sent) {
      sent.add(batch.isActivation() ? "activate " + batch.unit : leads(batch));
    }
    return sent;
  }

  void startInBatches() {
    start("first");
    transport.acceptAnnouncingBatches();
    worker.step();
  }
}
