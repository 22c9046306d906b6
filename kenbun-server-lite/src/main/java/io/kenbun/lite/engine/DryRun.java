package io.kenbun.lite.engine;

import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import java.util.ArrayList;
import java.util.List;

/**
 * A sequence or a surge that is tried on what one lead has done, as if it had always been active
 * and the events had come in the order in which they happened ({@code scoring.md} 9.2, 9.3).
 * Changes nothing. Immutable; any thread.
 */
public abstract class DryRun {
  private final Windows windows;
  private final long windowMillis;

  private DryRun(Windows windows, long windowSeconds) {
    this.windows = windows;
    this.windowMillis = windowSeconds * 1_000;
  }

  /** An event that nothing has suppressed. */
  public record Event(long timestampMillis, String eventType) {}

  /** Returns a sequence to try; {@code windows} say which types triggers look at. */
  public static DryRun of(Sequence sequence, Windows windows) {
    return new OfSequence(sequence, windows);
  }

  /** Returns a surge to try; {@code windows} say which types triggers look at. */
  public static DryRun of(Surge surge, Windows windows) {
    return new OfSurge(surge, windows);
  }

  /** Returns how far before a firing the events may lie that it is due to, in milliseconds. */
  public final long windowMillis() {
    return windowMillis;
  }

  /** Returns when it would have fired, given all of one lead's events, oldest first. */
  public final List<Long> firings(List<Event> events) {
    return fired(events.stream().filter(event -> windows.isSeen(event.eventType)).toList());
  }

  abstract List<Long> fired(List<Event> seen);

  private static final class OfSequence extends DryRun {
    private final Steps steps;

    OfSequence(Sequence sequence, Windows windows) {
      super(windows, sequence.windowSeconds());
      this.steps = new Steps(sequence, 0);
    }

    @Override
    List<Long> fired(List<Event> seen) {
      List<Long> firings = new ArrayList<>();
      long[] slots = new long[steps.slots()];
      slots[0] = Standing.NEVER;
      steps.clear(slots);
      for (Event event : seen) {
        if (steps.take(slots, event.eventType, event.timestampMillis)) {
          steps.clear(slots);
          firings.add(event.timestampMillis);
        }
      }
      return firings;
    }
  }

  /** Fires when one more event brings the count in (t - window, t] up to the threshold. */
  private static final class OfSurge extends DryRun {
    private final Surge surge;

    OfSurge(Surge surge, Windows windows) {
      super(windows, surge.windowSeconds());
      this.surge = surge;
    }

    @Override
    List<Long> fired(List<Event> seen) {
      List<Long> firings = new ArrayList<>();
      String type = surge.eventType();
      long[] times = new long[seen.size()];
      int count = 0;
      int first = 0;
      for (Event event : seen) {
        if (type == null || type.equals(event.eventType)) {
          times[count++] = event.timestampMillis;
          while (times[first] <= event.timestampMillis - windowMillis()) {
            first++;
          }
          if (count - first == surge.threshold()) {
            firings.add(event.timestampMillis);
          }
        }
      }
      return firings;
    }
  }
}
