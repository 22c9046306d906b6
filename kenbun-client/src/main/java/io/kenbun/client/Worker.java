package io.kenbun.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * <p>There is one pause for the whole client. After it one request goes first; the others follow
 * only when it has succeeded.
 */
final class Worker implements Runnable, Transport.Receiver {
  /** How long a refused unit or refused credentials rest before they are tried again. */
  static final long REFUSED_PAUSE_MILLIS = 30_000;

  private static final Logger LOG = Logger.getLogger("io.kenbun.client");
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final EventQueue queue;
  private final Transport transport;
  private final Limits limits;
  private final Backoff backoff;
  private final Clock clock;
  private final Signal signal;
  private final Counters counters;
  private final Losses losses;
  private final @Nullable DeliveryListener listener;

  private final ConcurrentLinkedQueue<Answered> answers = new ConcurrentLinkedQueue<>();
  private final Map<String, Lane> lanes = new LinkedHashMap<>();

  private int held;
  private long heldBytes;
  private int inFlight;
  private boolean batches;
  private boolean batchesRefused;
  private int runLimit;

  private int failures;
  private long failingSinceNanos;
  private long pauses;
  private boolean paused;
  private long pausedUntilNanos;
  private boolean credentialsRefused;

  private volatile boolean stopping;
  private volatile boolean stopped;

  /** The settings that the worker obeys. */
  static final class Limits {
    final int maxInFlight;
    final int maxBatchEvents;
    final long maxBatchBytes;
    final long lingerNanos;
    final long budgetNanos;

    Limits(
        int maxInFlight,
        int maxBatchEvents,
        long maxBatchBytes,
        long lingerNanos,
        long budgetNanos) {
      this.maxInFlight = maxInFlight;
      this.maxBatchEvents = maxBatchEvents;
      this.maxBatchBytes = maxBatchBytes;
      this.lingerNanos = lingerNanos;
      this.budgetNanos = budgetNanos;
    }
  }

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
    this.backoff = backoff;
    this.clock = clock;
    this.signal = signal;
    this.counters = counters;
    this.losses = losses;
    this.listener = listener;
    this.runLimit = limits.maxBatchEvents;
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
      apply(answered.batch, answered.reply, now);
    }
    fill(now);
    if (paused && now - pausedUntilNanos >= 0) {
      paused = false;
    }
    while (!paused && inFlight < concurrency() && sendNext(now)) {
      fill(now);
    }
    long maintenance = queue.maintain(now);
    String fault = queue.takeFault();
    if (fault != null) {
      counters.failed(fault, clock.epochMillis());
      tell(l -> l.spoolFailed(fault));
    }
    losses.tell(now); // Before flushes end: who has flushed finds the listener told.
    queue.finishFlushes(lowWater(), now, pausedUntilNanos, paused);
    return Math.min(maintenance, untilNextSend(now));
  }

  /** Twice a batch, so that the next one is ready while one is under way. */
  private boolean hasRoom() {
    return held < 2 * limits.maxBatchEvents && heldBytes < 2 * limits.maxBatchBytes;
  }

  private void fill(long now) {
    while (hasRoom()) {
      QueuedEvent event = queue.next(now);
      if (event == null) {
        return;
      }
      Lane lane = lanes.get(event.unit);
      if (lane == null) {
        lane = new Lane(event.unit);
        lanes.put(event.unit, lane);
      }
      lane.add(event);
      held++;
      heldBytes += event.body.length;
    }
  }

  /** After a failure one request goes first and the others wait for what comes of it. */
  private int concurrency() {
    return failures > 0 ? 1 : limits.maxInFlight;
  }

  /** Sends the next request if one is due; the unit whose event is the oldest comes first. */
  private boolean sendNext(long now) {
    Lane chosen = null;
    QueuedEvent oldest = null;
    for (Lane lane : lanes.values()) {
      if (lane.session == Lane.Session.ACTIVATING || isHeld(lane, now)) {
        continue;
      }
      QueuedEvent first = lane.oldestWaiting(batches);
      if (first != null && (oldest == null || first.position < oldest.position)) {
        chosen = lane;
        oldest = first;
      }
    }
    if (chosen == null || oldest == null || !isDue(oldest, now)) {
      return false;
    }
    if (chosen.session == Lane.Session.UNKNOWN) {
      chosen.session = Lane.Session.ACTIVATING;
      send(chosen, new ArrayList<>(), false);
    } else if (chosen.sendsSingles()) {
      sendClaimed(chosen, chosen.takeOne(), false);
    } else {
      sendClaimed(chosen, chosen.takeRun(runLimit, limits.maxBatchBytes), true);
    }
    return true;
  }

  private boolean isHeld(Lane lane, long now) {
    if (lane.held && now - lane.heldUntilNanos >= 0) {
      lane.held = false;
    }
    return lane.held;
  }

  private boolean isDue(QueuedEvent oldest, long now) {
    return held >= limits.maxBatchEvents
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
        forget(lane, event);
      }
    }
    if (!claimed.isEmpty()) {
      send(lane, claimed, lines);
    }
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
    transport.send(new Batch(lane.unit, events, lines, pauses, counters.dropped()), this);
  }

  /** The whole policy: what each kind of reply means for the events that it is about. */
  private void apply(Batch batch, Reply reply, long now) {
    Lane lane = lanes.get(batch.unit);
    if (lane == null) {
      throw new IllegalStateException("a reply for a unit that nothing was sent to");
    }
    if (reply.announcesBatches && !batchesRefused) {
      batches = true;
    }
    if (batch.isActivation()) {
      applyActivation(lane, batch, reply, now);
      return;
    }
    switch (reply.kind) {
      case DELIVERED:
        applyDelivered(lane, batch, reply, now);
        break;
      case WAIT:
        putBack(lane, batch.events, now);
        fail(batch, reply, now);
        break;
      case SPLIT:
        if (batch.events.size() == 1) {
          DropReason reason = reply.status == 413 ? DropReason.TOO_LARGE : DropReason.REFUSED;
          drop(lane, batch.events.get(0), reason, reply.detail);
          succeed();
        } else {
          runLimit = Math.max(1, batch.events.size() / 2);
          putBack(lane, batch.events, now);
        }
        break;
      case REFUSED:
        for (QueuedEvent event : batch.events) {
          drop(lane, event, DropReason.REFUSED, reply.detail);
        }
        succeed();
        break;
      case ORG_UNIT_LOST:
        putBack(lane, batch.events, now);
        loseSession(lane, batch, reply, now);
        break;
      case UNAUTHORIZED:
        putBack(lane, batch.events, now);
        refuseCredentials(batch, reply, now);
        break;
      case NO_BATCHES:
        batches = false;
        batchesRefused = true;
        putBack(lane, batch.events, now);
        break;
    }
  }

  private void applyActivation(Lane lane, Batch batch, Reply reply, long now) {
    lane.session = Lane.Session.UNKNOWN;
    switch (reply.kind) {
      case DELIVERED:
        lane.session = Lane.Session.ACTIVE;
        succeed();
        break;
      case WAIT:
      case NO_BATCHES:
        if (reply.status != 404) {
          fail(batch, reply, now);
          break;
        }
        holdUnit(lane, reply, now); // The unit does not exist; other units may.
        break;
      case UNAUTHORIZED:
        if (reply.status == 403) {
          holdUnit(lane, reply, now); // The credentials may be good for other units.
        } else {
          refuseCredentials(batch, reply, now);
        }
        break;
      default:
        holdUnit(lane, reply, now);
    }
  }

  private void applyDelivered(Lane lane, Batch batch, Reply reply, long now) {
    boolean[] rejected = new boolean[batch.events.size()];
    Reply.@Nullable Rejection postponed = null;
    for (Reply.Rejection rejection : reply.rejections) {
      rejected[rejection.index] = true;
      QueuedEvent event = batch.events.get(rejection.index);
      Reply.Kind kind = Reply.kindOf(rejection.status);
      if (kind == Reply.Kind.REFUSED || kind == Reply.Kind.SPLIT) {
        DropReason reason = kind == Reply.Kind.SPLIT ? DropReason.TOO_LARGE : DropReason.REFUSED;
        drop(lane, event, reason, rejection.detail);
      } else {
        postponed = rejection;
        putBack(lane, event);
      }
    }
    int delivered = 0;
    for (int i = 0; i < rejected.length; i++) {
      if (!rejected[i]) {
        QueuedEvent event = batch.events.get(i);
        settle(lane, event);
        delivered++;
        if (listener != null) {
          Event told = event.event();
          tell(l -> l.delivered(told));
        }
      }
    }
    counters.delivered.addAndGet(delivered);
    counters.deliveredAt(clock.epochMillis());
    lane.lostInARow = 0;
    runLimit = Math.min(limits.maxBatchEvents, Math.max(1, runLimit) * 2);
    if (postponed == null) {
      succeed();
    } else {
      fail(batch, Reply.of(Reply.Kind.WAIT, postponed.status, postponed.detail, -1, false), now);
    }
  }

  private void loseSession(Lane lane, Batch batch, Reply reply, long now) {
    lane.session = Lane.Session.UNKNOWN;
    if (batch.pauses != pauses || ++lane.lostInARow < 2) {
      return; // The first time the session is opened again at once.
    }
    tell(l -> l.orgUnitLost(lane.unit, reply.detail));
    fail(batch, reply, now);
  }

  private void holdUnit(Lane lane, Reply reply, long now) {
    lane.held = true;
    lane.heldUntilNanos = now + REFUSED_PAUSE_MILLIS * NANOS_PER_MILLI;
    counters.failed("org unit " + lane.unit + ": " + reply.detail, clock.epochMillis());
    tell(l -> l.orgUnitLost(lane.unit, reply.detail));
  }

  private void refuseCredentials(Batch batch, Reply reply, long now) {
    if (!credentialsRefused) {
      credentialsRefused = true;
      tell(l -> l.credentialsRefused(reply.detail));
    }
    if (batch.pauses == pauses) {
      pause(reply.detail, REFUSED_PAUSE_MILLIS, now);
      failures++;
    }
  }

  /** Puts events back where they were, save those whose time is over. */
  private void putBack(Lane lane, List<QueuedEvent> events, long now) {
    for (int i = events.size() - 1; i >= 0; i--) { // Each goes before all others: the last first.
      QueuedEvent event = events.get(i);
      if (now - event.firstTriedNanos > limits.budgetNanos) {
        drop(lane, event, DropReason.EXPIRED, "tried for too long");
      } else {
        putBack(lane, event);
      }
    }
  }

  private void putBack(Lane lane, QueuedEvent event) {
    lane.putBack(event);
    queue.unclaim(event);
  }

  private void drop(Lane lane, QueuedEvent event, DropReason reason, String detail) {
    settle(lane, event);
    counters.failed(detail, clock.epochMillis());
    losses.lost(listener == null ? null : event.event(), reason, detail);
  }

  private void settle(Lane lane, QueuedEvent event) {
    queue.settle(event);
    forget(lane, event);
  }

  private void forget(Lane lane, QueuedEvent event) {
    lane.settle(event);
    held--;
    heldBytes -= event.body.length;
  }

  private void succeed() {
    if (failures > 0) {
      failures = 0;
      credentialsRefused = false;
      tell(DeliveryListener::recovered);
    }
  }

  private void fail(Batch batch, Reply reply, long now) {
    long asked = reply.retryAfterMillis;
    if (batch.pauses != pauses) { // Sent before the present pause: it can only lengthen it.
      if (asked > 0 && paused) {
        long until = now + backoff.pauseMillis(1, 0, asked) * NANOS_PER_MILLI;
        pausedUntilNanos = until - pausedUntilNanos > 0 ? until : pausedUntilNanos;
      }
      return;
    }
    if (failures == 0) {
      failingSinceNanos = now;
    }
    failures++;
    long outageMillis = (now - failingSinceNanos) / NANOS_PER_MILLI;
    long pauseMillis = backoff.pauseMillis(failures, outageMillis, asked);
    pause(reply.detail, pauseMillis, now);
    tell(l -> l.retrying(batch.events.size(), reply.detail, pauseMillis));
  }

  private void pause(String cause, long millis, long now) {
    counters.failed(cause, clock.epochMillis());
    pauses++;
    paused = true;
    pausedUntilNanos = now + millis * NANOS_PER_MILLI;
  }

  /** A call to the listener. */
  private interface Telling {
    void to(DeliveryListener listener);
  }

  private void tell(Telling telling) {
    if (listener == null) {
      return;
    }
    try {
      telling.to(listener);
    } catch (Throwable e) {
      LOG.log(Level.WARNING, "a kenbun DeliveryListener failed", e);
    }
  }

  private long lowWater() {
    long lowest = queue.nextPosition();
    for (Lane lane : lanes.values()) {
      lowest = Math.min(lowest, lane.lowWater());
    }
    return lowest;
  }

  /**
   * Arms the wake-up by callers, and says whether to sleep at all. What arrives while nothing can
   * be taken must not wake us: in an outage that would be a busy loop.
   */
  boolean mayAwait() {
    if (!queue.takes(hasRoom(), clock.nanos())) {
      return true;
    }
    return queue.intake.wakeWhen(wanted());
  }

  /** How many more events should wake the worker before its time. */
  private int wanted() {
    if (queue.wantsEachEvent()) {
      return 1;
    }
    if (paused || inFlight >= concurrency()) {
      // Another event changes nothing; a reply or the end of the pause does. Without this a queue
      // that is longer than what the worker holds would keep it spinning.
      return Integer.MAX_VALUE;
    }
    int waiting = 0;
    for (Lane lane : lanes.values()) {
      waiting += lane.waiting();
    }
    if (waiting == 0 && inFlight == 0) {
      return 1;
    }
    return Math.max(1, limits.maxBatchEvents - waiting);
  }

  private long untilNextSend(long now) {
    if (paused) {
      return Math.max(0, pausedUntilNanos - now);
    }
    if (inFlight >= concurrency()) {
      return Long.MAX_VALUE;
    }
    long least = Long.MAX_VALUE;
    for (Lane lane : lanes.values()) {
      if (lane.held) {
        least = Math.min(least, Math.max(0, lane.heldUntilNanos - now));
      } else if (lane.session != Lane.Session.ACTIVATING) {
        QueuedEvent first = lane.oldestWaiting(batches);
        if (first != null) {
          least = Math.min(least, Math.max(0, first.arrivedNanos + limits.lingerNanos - now));
        }
      }
    }
    return least;
  }

  /** The end: what cannot outlive the process is counted, and nobody is left waiting. */
  private void finish() {
    transport.close();
    queue.intake.close();
    queue.intake.seal();
    Answered answered;
    while ((answered = answers.poll()) != null) {
      apply(answered.batch, answered.reply, clock.nanos());
    }
    List<QueuedEvent> unsettled = new ArrayList<>();
    for (Lane lane : lanes.values()) {
      for (QueuedEvent event : lane.remaining()) {
        if (event.state == QueuedEvent.State.IN_FLIGHT || queue.claim(event)) {
          unsettled.add(event);
        }
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
