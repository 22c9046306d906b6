package io.kenbun.client;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/** A disk queue in the test's own hands: the test plays the worker. */
final class SpoolRig {
  final Counters counters = new Counters();
  final FakeClock clock = new FakeClock();
  final Losses losses = new Losses(counters, null);
  final Intake intake;
  final DiskQueue queue;

  SpoolRig(SpoolFiles files) {
    this(files, 64 << 20, SpoolSync.INTERVAL, 100_000, OverflowPolicy.DROP_NEWEST);
  }

  SpoolRig(SpoolFiles files, long maxBytes, SpoolSync sync, int maxEvents, OverflowPolicy policy) {
    intake = new Intake(maxEvents, 1 << 30, policy, 0, new Signal(), counters, losses);
    queue = new DiskQueue(intake, files, maxBytes, sync, new KeySequence(clock), counters);
  }

  static SpoolRig in(File directory) {
    return new SpoolRig(new SpoolFiles(directory));
  }

  boolean offer(int number) {
    return offer(number, "");
  }

  boolean offer(int number, String filling) {
    Event.Builder event = Event.builder("Page View").leadId("ld_" + number);
    if (!filling.isEmpty()) {
      event.metadata("filling", filling);
    }
    return intake.offer(event.build(), "unit_default");
  }

  void offerAll(int from, int to) {
    for (int i = from; i < to; i++) {
      offer(i);
    }
  }

  QueuedEvent next() {
    return queue.next(clock.nanos());
  }

  /** Lets time pass for the queue; when it wants to be called again, in nanoseconds. */
  long maintain() {
    return queue.maintain(clock.nanos());
  }

  /** Lets the queue write what has arrived, without handing out any of it. */
  void append() {
    queue.append(clock.nanos());
  }

  /** Takes everything there is, without settling it. */
  List<QueuedEvent> takeAll() {
    List<QueuedEvent> taken = new ArrayList<>();
    QueuedEvent event;
    while ((event = next()) != null) {
      taken.add(event);
    }
    return taken;
  }

  void settle(QueuedEvent event) {
    if (queue.claim(event)) {
      queue.settle(event);
    }
  }

  /** Takes and settles everything; returns the numbers of the events in order. */
  List<Integer> deliverAll() {
    List<Integer> numbers = new ArrayList<>();
    QueuedEvent event;
    while ((event = next()) != null) {
      numbers.add(number(event));
      settle(event);
    }
    return numbers;
  }

  static int number(QueuedEvent event) {
    return Integer.parseInt(event.event().leadId().substring(3));
  }

  static List<Integer> numbers(int from, int to) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = from; i < to; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  /** Ends as a client does; returns how many events were lost by it. */
  int close() {
    List<Event> lost = new ArrayList<>();
    queue.close(new ArrayList<>(), lost);
    return lost.size();
  }

  /** Ends as a killed process does: nothing is written any more, only the lock goes. */
  static void kill(SpoolFiles files) throws Exception {
    files.unlock();
  }
}
