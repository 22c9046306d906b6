package io.kenbun.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole policy: what each kind of reply means for the events that it is about, and for what is
 * sent next. The worker's.
 *
 * <pre>
 * DELIVERED      settled, save for refused lines      SPLIT         halved, down to one
 * WAIT           put back, pause                      NO_BATCHES    put back, singles from then on
 * REFUSED        dropped and told                     UNAUTHORIZED  put back, a long pause
 * ORG_UNIT_LOST  put back, session opened again
 * </pre>
 */
final class ReplyPolicy {
  private final Limits limits;
  private final EventQueue queue;
  private final Lanes lanes;
  private final Outage outage;
  private final Losses losses;
  private final Audience audience;
  private final Counters counters;
  private final Clock clock;

  private boolean batches;
  private boolean batchesRefused;
  private int runLimit;

  ReplyPolicy(
      Limits limits,
      EventQueue queue,
      Lanes lanes,
      Outage outage,
      Losses losses,
      Audience audience,
      Counters counters,
      Clock clock) {
    this.limits = limits;
    this.queue = queue;
    this.lanes = lanes;
    this.outage = outage;
    this.losses = losses;
    this.audience = audience;
    this.counters = counters;
    this.clock = clock;
    this.runLimit = limits.maxBatchEvents;
  }

  /** Whether the server takes several events in one request, as far as is known. */
  boolean sendsBatches() {
    return batches;
  }

  /** How many events the next batch may hold: fewer after a 413. */
  int runLimit() {
    return runLimit;
  }

  /** The whole policy: what each kind of reply means for the events that it is about. */
  void apply(Batch batch, Reply reply, long now) {
    Lane lane = lanes.of(batch.unit);
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
        outage.fail(batch, reply, now);
        break;
      case SPLIT:
        if (batch.events.size() == 1) {
          DropReason reason = reply.status == 413 ? DropReason.TOO_LARGE : DropReason.REFUSED;
          drop(lane, batch.events.get(0), reason, reply.detail);
          outage.end();
        } else {
          runLimit = Math.max(1, batch.events.size() / 2);
          for (QueuedEvent event : batch.events) {
            event.run = 0; // The halves are batches of their own.
          }
          putBack(lane, batch.events, now);
        }
        break;
      case REFUSED:
        for (QueuedEvent event : batch.events) {
          drop(lane, event, DropReason.REFUSED, reply.detail);
        }
        outage.end();
        break;
      case ORG_UNIT_LOST:
        putBack(lane, batch.events, now);
        loseSession(lane, batch, reply, now);
        break;
      case UNAUTHORIZED:
        putBack(lane, batch.events, now);
        outage.refuseCredentials(batch, reply, now);
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
        outage.end();
        break;
      case WAIT:
      case NO_BATCHES:
        if (reply.status != 404) {
          outage.fail(batch, reply, now);
          break;
        }
        holdUnit(lane, reply, now); // The unit does not exist; other units may.
        break;
      case UNAUTHORIZED:
        if (reply.status == 403) {
          holdUnit(lane, reply, now); // The credentials may be good for other units.
        } else {
          outage.refuseCredentials(batch, reply, now);
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
        putBack(lane, event, now);
      }
    }
    int delivered = 0;
    for (int i = 0; i < rejected.length; i++) {
      if (!rejected[i]) {
        QueuedEvent event = batch.events.get(i);
        settle(lane, event);
        delivered++;
        if (!audience.isEmpty()) {
          Event told = event.event();
          audience.tell(l -> l.delivered(told));
        }
      }
    }
    counters.delivered.addAndGet(delivered);
    counters.deliveredAt(clock.epochMillis());
    lane.lostInARow = 0;
    runLimit = Math.min(limits.maxBatchEvents, Math.max(1, runLimit) * 2);
    if (postponed == null) {
      outage.end();
    } else {
      outage.fail(
          batch, Reply.of(Reply.Kind.WAIT, postponed.status, postponed.detail, -1, false), now);
    }
  }

  private void loseSession(Lane lane, Batch batch, Reply reply, long now) {
    lane.session = Lane.Session.UNKNOWN;
    if (batch.pauses != outage.pauses() || ++lane.lostInARow < 2) {
      return; // The first time the session is opened again at once.
    }
    audience.tell(l -> l.orgUnitLost(lane.unit, reply.detail));
    outage.fail(batch, reply, now);
  }

  private void holdUnit(Lane lane, Reply reply, long now) {
    lane.held = true;
    lane.heldUntilNanos = now + Outage.REFUSED_PAUSE_MILLIS * Outage.NANOS_PER_MILLI;
    counters.failed("org unit " + lane.unit + ": " + reply.detail, clock.epochMillis());
    audience.tell(l -> l.orgUnitLost(lane.unit, reply.detail));
  }

  /** Puts events back where they were, save those whose time is over. */
  private void putBack(Lane lane, List<QueuedEvent> events, long now) {
    for (int i = events.size() - 1; i >= 0; i--) { // Each goes before all others: the last first.
      putBack(lane, events.get(i), now);
    }
  }

  private void putBack(Lane lane, QueuedEvent event, long now) {
    if (now - event.firstTriedNanos > limits.budgetNanos) {
      drop(lane, event, DropReason.EXPIRED, "tried for too long");
      return;
    }
    lane.putBack(event);
    queue.unclaim(event);
  }

  private void drop(Lane lane, QueuedEvent event, DropReason reason, String detail) {
    settle(lane, event);
    counters.failed(detail, clock.epochMillis());
    losses.lost(audience.isEmpty() ? null : event.event(), reason, detail);
  }

  private void settle(Lane lane, QueuedEvent event) {
    queue.settle(event);
    lanes.forget(lane, event);
  }
}
