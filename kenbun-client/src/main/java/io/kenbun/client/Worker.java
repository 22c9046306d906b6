package io.kenbun.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The loop: the only class that knows the queue <i>and</i> the transport. One thread, which never
 * waits for the network, only for its signal: requests are sent without waiting and their replies
 * come back through a queue.
 *
 * <pre>
 * step:  replies ─> settle, put back, pause │ queue ─> lanes │ lanes ─> transport │ flushes │ listener
 * </pre>
 *
 * <p>What a reply means is {@link ReplyPolicy}'s, when to keep quiet is {@link Outage}'s, and what
 * is sent next {@link Lanes}'.
 */
final class Worker implements Runnable, Transport.Receiver {
  private static final Logger LOG = Logger.getLogger("io.kenbun.client");

  private final EventQueue queue;
  private final Transport transport;
  private final Limits limits;
  private final Clock clock;
  private final Signal signal;
  private final Counters counters;
  private final Losses losses;
  private final Audience audience;
  private final Lanes lanes;
  private final Outage outage;
  private final ReplyPolicy policy;

  private final ConcurrentLinkedQueue<Answered> answers = new ConcurrentLinkedQueue<>();
  private int inFlight;
  private long runs;

  private volatile boolean stopping;
  private volatile boolean stopped;

  private static final class Answered {
    final Batch batch;
    final Reply reply;

    Answered(Batch batch, Reply reply) {
      this.batch = batch;
      this.reply = reply;
    }
  }

  Worker(
      EventQueue queue,
      Transport transport,
      Limits limits,
      Backoff backoff,
      Clock clock,
      Signal signal,
      Counters counters,
      Losses losses,
      @Nullable DeliveryListener listener) {
    this.queue = queue;
    this.transport = transport;
    this.limits = limits;
    this.clock = clock;
    this.signal = signal;
    this.counters = counters;
    this.losses = losses;
    this.audience = new Audience(listener);
    this.lanes = new Lanes(limits);
    this.outage = new Outage(backoff, clock, counters, audience);
    this.policy = new ReplyPolicy(limits, queue, lanes, outage, losses, audience, counters, clock);
  }

  @Override
  public void run() {
    queue.intake.servedBy(Thread.currentThread());
    while (!stopping) {
      try {
        long wait = step();
        if (wait > 0 && mayAwait()) {
          signal.await(wait);
        }
        queue.intake.awake();
      } catch (Throwable e) { // Whatever it was, the events behind it must go on.
        LOG.log(Level.WARNING, "the kenbun worker failed and keeps running", e);
        counters.failed("worker: " + e, clock.epochMillis());
        signal.await(TimeUnit.SECONDS.toNanos(1));
      }
    }
    finish();
  }

  /** Takes a reply to the worker. Any thread. */
  @Override
  public void receive(Batch batch, Reply reply) {
    answers.add(new Answered(batch, reply));
    signal.raise();
  }

  /** Asks the loop to end after its current step. Any thread. */
  void stop() {
    stopping = true;
    signal.raise();
  }

  boolean isStopped() {
    return stopped;
  }

  /**
   * Does everything that can be done now.
   *
   * @return how long nothing will be to do unless the signal is raised, in nanoseconds
   */
  long step() {
    long now = clock.nanos();
    Answered answered;
    while ((answered = answers.poll()) != null) {
      inFlight--;
      policy.apply(answered.batch, answered.reply, now);
    }
    fill(now);
    while (!outage.isPaused(now) && inFlight < concurrency() && sendNext(now)) {
      fill(now);
    }
    long maintenance = queue.maintain(now);
    String fault = queue.takeFault();
    if (fault != null) {
      counters.failed(fault, clock.epochMillis());
      audience.tell(l -> l.spoolFailed(fault));
    }
    losses.tell(now); // Before flushes end: who has flushed finds the listener told.
    long lowWater = lanes.lowWater(queue.nextPosition());
    queue.finishFlushes(lowWater, now, outage.pausedUntilNanos(), outage.isPaused());
    return Math.min(maintenance, untilNextSend(now));
  }

  private void fill(long now) {
    while (lanes.hasRoom()) {
      QueuedEvent event = queue.next(now);
      if (event == null) {
        return;
      }
      lanes.add(event);
    }
  }

  /** After a failure one request goes first and the others wait for what comes of it. */
  private int concurrency() {
    return outage.lasts() ? 1 : limits.maxInFlight;
  }

  /** Sends the next request if one is due; the unit whose event is the oldest comes first. */
  private boolean sendNext(long now) {
    Lane chosen = lanes.next(policy.sendsBatches(), now);
    QueuedEvent oldest = chosen == null ? null : chosen.oldestWaiting(policy.sendsBatches());
    if (chosen == null || oldest == null || !isDue(oldest, now)) {
      return false;
    }
    if (chosen.session == Lane.Session.UNKNOWN) {
      chosen.session = Lane.Session.ACTIVATING;
      send(chosen, new ArrayList<>(), false);
    } else if (chosen.sendsSingles()) {
      sendClaimed(chosen, chosen.takeOne(), false);
    } else {
      sendClaimed(chosen, chosen.takeRun(policy.runLimit(), limits.maxBatchBytes), true);
    }
    return true;
  }

  private boolean isDue(QueuedEvent oldest, long now) {
    return lanes.fillABatch()
        || oldest.tried
        || now - oldest.arrivedNanos >= limits.lingerNanos
        || queue.intake.isUrgent()
        || queue.intake.isClosed();
  }

  /** Leaves out what was pushed out of the queue meanwhile. */
  private void sendClaimed(Lane lane, List<QueuedEvent> taken, boolean lines) {
    List<QueuedEvent> claimed = new ArrayList<>(taken.size());
    for (QueuedEvent event : taken) {
      if (queue.claim(event)) {
        claimed.add(event);
      } else {
        lanes.forget(lane, event);
      }
    }
    if (claimed.isEmpty()) {
      return;
    }
    if (lines && claimed.get(0).run == 0) {
      runs++;
      for (QueuedEvent event : claimed) {
        event.run = runs;
      }
    }
    send(lane, claimed, lines);
  }

  private void send(Lane lane, List<QueuedEvent> events, boolean lines) {
    long now = clock.nanos();
    for (QueuedEvent event : events) {
      if (event.tried) {
        counters.retried.incrementAndGet();
      } else {
        event.tried = true;
        event.firstTriedNanos = now;
      }
    }
    inFlight++;
    transport.send(new Batch(lane.unit, events, lines, outage.pauses(), counters.dropped()), this);
  }

  /**
   * Arms the wake-up by callers, and says whether to sleep at all. What arrives while nothing can
   * be taken must not wake us: in an outage that would be a busy loop.
   */
  boolean mayAwait() {
    if (!queue.takes(lanes.hasRoom(), clock.nanos())) {
      return true;
    }
    return queue.intake.wakeWhen(wanted());
  }

  /** How many more events should wake the worker before its time. */
  private int wanted() {
    if (queue.wantsEachEvent()) {
      return 1;
    }
    if (outage.isPaused() || inFlight >= concurrency()) {
      // Another event changes nothing; a reply or the end of the pause does. Without this a queue
      // that is longer than what the worker holds would keep it spinning.
      return Integer.MAX_VALUE;
    }
    int waiting = lanes.waiting();
    if (waiting == 0 && inFlight == 0) {
      return 1;
    }
    return Math.max(1, limits.maxBatchEvents - waiting);
  }

  private long untilNextSend(long now) {
    if (outage.isPaused()) {
      return Math.max(0, outage.pausedUntilNanos() - now);
    }
    if (inFlight >= concurrency()) {
      return Long.MAX_VALUE;
    }
    return lanes.untilNext(policy.sendsBatches(), now);
  }

  /** The end: what cannot outlive the process is counted, and nobody is left waiting. */
  private void finish() {
    transport.close();
    queue.intake.close();
    queue.intake.seal();
    Answered answered;
    while ((answered = answers.poll()) != null) {
      policy.apply(answered.batch, answered.reply, clock.nanos());
    }
    List<QueuedEvent> unsettled = new ArrayList<>();
    for (QueuedEvent event : lanes.remaining()) {
      if (event.state == QueuedEvent.State.IN_FLIGHT || queue.claim(event)) {
        unsettled.add(event);
      }
    }
    List<Event> lost = new ArrayList<>();
    queue.close(unsettled, lost);
    queue.releaseFlushes();
    for (Event event : lost) {
      losses.lost(event, DropReason.ABANDONED, "the client was closed");
    }
    losses.tell(clock.nanos());
    stopped = true;
  }
}
