package io.kenbun.lite.webhook;

import io.kenbun.lite.pipeline.Loop;
import io.kenbun.lite.pipeline.Rounds;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Ticks;
import io.kenbun.lite.store.firing.Deliveries.Outcome;
import io.kenbun.lite.store.firing.Deliveries.Tried;
import io.kenbun.lite.store.firing.DeliveryReads;
import io.kenbun.lite.store.firing.DeliveryReads.Due;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is sent next and what an answer means. Everything here happens in the one thread
 * that runs {@link #step}, but for what other threads may call: {@link #mayHaveNew}, {@link
 * #changed}, {@link #stop}.
 *
 * <pre>
 *   step: answers ──&gt; what was written ──&gt; changes by hand ──&gt; what is new ──&gt; what is due is sent
 * </pre>
 */
final class DeliveryWorker {
  private static final int MAX_NEW = 1_000;
  private static final int MAX_UNWRITTEN = 4_000;

  private final DeliveryReads reads;
  private final Sender sender;
  private final RetrySchedule schedule;
  private final Recorder recorder;
  private final Executor threads;
  private final InstantSource clock;
  private final DeliveryListener listener;
  private final BooleanSupplier onDuty;
  private final Loop.Step watched;
  private final Lanes lanes = new Lanes();
  private final Map<Long, Receiver> receivers = new HashMap<>();
  private final Queue<Landed> landed = new ConcurrentLinkedQueue<>();
  private final Queue<Long> changed = new ConcurrentLinkedQueue<>();
  private volatile boolean mayHaveNew = true;
  private volatile boolean stopping;
  private volatile Runnable wake = () -> {};
  private boolean recovered;
  private long lastKey;
  private int untried;

  /** A try that is over. */
  private record Landed(
      Lanes.Slot slot, Due delivery, long atMillis, long tookNanos, Answer answer) {
    Receiver receiver() {
      return slot.receiver();
    }
  }

  /**
   * Makes it.
   *
   * @param threads runs one try each, at most {@link Lanes#SLOTS} at a time
   * @param clock when deliveries are due
   * @param rounds who waits in it is told once everything due was tried and written down
   * @param onDuty whether it is this node that sends
   */
  DeliveryWorker(
      DeliveryReads reads,
      Sender sender,
      RetrySchedule schedule,
      Recorder recorder,
      Executor threads,
      InstantSource clock,
      DeliveryListener listener,
      Rounds rounds,
      BooleanSupplier onDuty) {
    this.reads = reads;
    this.sender = sender;
    this.schedule = schedule;
    this.recorder = recorder;
    this.threads = threads;
    this.clock = clock;
    this.listener = listener;
    this.onDuty = onDuty;
    this.watched = rounds.watch(this::work);
  }

  /** Has {@code newWake} run when there is something to do. Called once, before there is. */
  void onWork(Runnable newWake) {
    wake = newWake;
  }

  /** Has the store looked at for new deliveries. Any thread. */
  void mayHaveNew() {
    mayHaveNew = true;
    wake.run();
  }

  /** Has what is pending for a destination read again. Any thread. */
  void changed(long destination) {
    changed.add(destination);
    wake.run();
  }

  /** Sends nothing more; a try that gets no answer from now on does not count. Any thread. */
  void stop() {
    stopping = true;
  }

  /** Does what there is to do, without waiting for any answer. */
  Loop.Next step() throws Exception {
    Loop.Next next = watched.run();
    // An answer wakes the loop; to be idle is something else, and only Rounds asks for that.
    return next == Loop.Next.SOON && !lanes.wantsRoom() ? Loop.Next.WHEN_WOKEN : next;
  }

  private Loop.Next work() throws StorageException {
    long now = clock.millis();
    boolean sends = onDuty.getAsBoolean();
    if (sends) {
      recover(now);
    }
    settle(now);
    forgetWritten(now);
    if (!sends) { // Another node does; when this one takes over, it looks for everything.
      recovered = false;
      return untried > 0 && recorder.unwritten() > 0 ? Loop.Next.SOON : Loop.Next.WHEN_WOKEN;
    }
    reload(now);
    boolean looked = mayHaveNew;
    boolean full = looked && takeNew(now);
    lanes.awaken(now);
    send(now);
    if (full) {
      return Loop.Next.AT_ONCE;
    }
    if (untried > 0 || recorder.unwritten() > 0) {
      return Loop.Next.SOON;
    }
    if (!looked) { // With nothing else to do there is time to make sure.
      long before = lastKey;
      takeNew(now);
      if (lastKey != before) {
        return Loop.Next.AT_ONCE;
      }
    }
    return Loop.Next.WHEN_WOKEN;
  }

  /** Finds what an earlier process has left behind. */
  private void recover(long now) throws StorageException {
    if (recovered) {
      return;
    }
    lastKey = reads.lastKey(); // First: what comes later is found by its key.
    for (long destination : reads.destinationsWithPending()) {
      Receiver receiver = receiver(destination);
      change(receiver, receiver::outdated, now);
    }
    recovered = true;
  }

  private Receiver receiver(long destination) throws StorageException {
    Receiver known = receivers.get(destination);
    if (known == null) {
      known = new Receiver(reads.destination(destination));
      receivers.put(destination, known);
    }
    return known;
  }

  /** Changes a receiver, then puts it where it belongs. */
  private void change(Receiver receiver, Runnable change, long now) throws StorageException {
    int before = receiver.untried();
    change.run();
    try {
      if (receiver.wantsRefill(now)) {
        receiver.refill(reads.pendingOf(receiver.destination().key(), receiver.refillSize()));
      }
    } catch (StorageException e) {
      changed.add(receiver.destination().key()); // Else nobody would come back to it.
      throw e;
    } finally {
      untried += receiver.untried() - before;
    }
    lanes.place(receiver, now);
  }

  private boolean takeNew(long now) throws StorageException {
    mayHaveNew = false;
    List<Due> found;
    try {
      found = reads.after(lastKey, MAX_NEW);
      for (Due delivery : found) {
        Receiver receiver = receiver(delivery.destination());
        change(receiver, () -> receiver.take(delivery), now);
        lastKey = delivery.key();
      }
    } catch (StorageException e) {
      mayHaveNew = true;
      throw e;
    }
    mayHaveNew |= found.size() == MAX_NEW;
    return found.size() == MAX_NEW;
  }

  private void reload(long now) throws StorageException {
    for (Long destination = changed.poll(); destination != null; destination = changed.poll()) {
      Receiver receiver = receiver(destination);
      change(receiver, receiver::outdated, now);
    }
  }

  private void forgetWritten(long now) throws StorageException {
    for (Tried next = recorder.takeWritten(); next != null; next = recorder.takeWritten()) {
      Tried tried = next;
      Receiver receiver = receiver(tried.destination());
      change(
          receiver,
          () -> {
            receiver.written(tried.delivery(), tried.outcome() == Outcome.AGAIN);
            if (tried.outcome() == Outcome.OFF) {
              receiver.outdated(); // From now on the store says what goes there.
            }
          },
          now);
    }
  }

  private void send(long now) {
    while (!stopping && recorder.unwritten() < MAX_UNWRITTEN) {
      Lanes.Slot slot = lanes.next(now, Ticks.nanos());
      if (slot == null) {
        return;
      }
      Due delivery = slot.receiver().send();
      lanes.place(slot.receiver(), now);
      try {
        threads.execute(() -> attempt(slot, delivery, now));
      } catch (RejectedExecutionException e) { // Closing began a moment ago.
        landed.add(new Landed(slot, delivery, now, 0, Answer.none("not sent", null)));
      }
    }
  }

  /** Makes one try; on a thread of its own. */
  private void attempt(Lanes.Slot slot, Due delivery, long atMillis) {
    long from = Ticks.nanos();
    Answer answer = sender.post(delivery, slot.receiver().destination());
    landed.add(new Landed(slot, delivery, atMillis, Ticks.nanos() - from, answer));
    wake.run();
  }

  private void settle(long now) throws StorageException {
    for (Landed next = landed.poll(); next != null; next = landed.poll()) {
      Landed one = next;
      lanes.free(one.slot());
      if (stopping && one.answer().status() == null) {
        change(one.receiver(), () -> one.receiver().abandoned(one.delivery()), now);
      } else {
        change(one.receiver(), () -> judge(one, now), now);
      }
    }
  }

  private void judge(Landed one, long now) {
    Receiver receiver = one.receiver();
    Due delivery = one.delivery();
    Answer answer = one.answer();
    Outcome outcome;
    Due again = null;
    if (answer.isDelivered()) {
      outcome = Outcome.DELIVERED;
      receiver.delivered(delivery);
    } else if (answer.isGone() || receiver.isOff()) {
      outcome = Outcome.OFF;
      receiver.gone(delivery);
    } else {
      long delay = schedule.delayMillis(delivery.tries() + 1, answer.retryAfterMillis());
      again = delay < 0 ? null : delivery.again(now + delay);
      outcome = again == null ? Outcome.FAILED : Outcome.AGAIN;
      receiver.failed(delivery, again, now + answer.retryAfterMillis());
    }
    listener.tried(outcome, one.tookNanos());
    recorder.add(tried(one, outcome, again));
  }

  private static Tried tried(Landed one, Outcome outcome, @Nullable Due again) {
    return new Tried(
        one.delivery().key(),
        one.delivery().destination(),
        outcome,
        one.atMillis(),
        one.tookNanos() / 1_000_000,
        one.answer().status(),
        one.answer().error(),
        again == null ? null : again.nextTryMillis(),
        one.answer().exchange());
  }
}
