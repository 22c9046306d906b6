package io.kenbun.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a client without a spool: events wait in the intake as they are and are encoded when
 * the worker takes them. What is not delivered when the process ends is lost.
 */
final class MemoryQueue extends EventQueue {
  private final KeySequence keys;
  private long position;

  MemoryQueue(Intake intake, KeySequence keys) {
    super(intake);
    this.keys = keys;
  }

  @Override
  @Nullable QueuedEvent next(long nowNanos) {
    while (true) {
      Intake.Entry entry = intake.poll();
      if (entry == null) {
        return null;
      }
      FlushRequest flush = entry.flush();
      if (flush != null) {
        reached(flush, position);
        continue;
      }
      byte[] body = EventCodec.encode(entry.event());
      return new QueuedEvent(position++, entry.unit, keys.next(), body, nowNanos, entry);
    }
  }

  @Override
  long nextPosition() {
    return position;
  }

  @Override
  void settle(QueuedEvent event) {
    intake.release(event.event().weightBytes());
  }

  @Override
  long maintain(long nowNanos) {
    return Long.MAX_VALUE;
  }

  @Override
  void close(List<QueuedEvent> unsettled, List<Event> lost) {
    for (QueuedEvent event : unsettled) {
      lost.add(event.event());
      settle(event);
    }
    Intake.Entry entry;
    while ((entry = intake.poll()) != null) {
      FlushRequest flush = entry.flush();
      if (flush != null) {
        reached(flush, position);
      } else if (intake.claim(entry)) {
        lost.add(entry.event());
        intake.release(entry.event().weightBytes());
      }
    }
  }

  @Override
  boolean wantsEachEvent() {
    return false;
  }
}
