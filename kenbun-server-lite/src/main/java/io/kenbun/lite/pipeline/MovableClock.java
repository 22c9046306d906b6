package io.kenbun.lite.pipeline;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A clock that can be set, in both directions, and stopped: half-lives, decay and windows of months
 * can be tried out in a second. It runs along with the real one at a distance, or stands still. Any
 * thread; whoever reads it sees a move whole.
 *
 * <pre>
 *   running:  real time + offset          set ──&gt; another offset
 *   frozen:   one moment                  set ──&gt; another moment
 * </pre>
 */
public final class MovableClock implements InstantSource {
  private final InstantSource real;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();
  private volatile State state = new State(0, null); // Written under lock.

  /** Makes a clock that shows what {@code real} does until it is set. */
  public MovableClock(InstantSource real) {
    this.real = real;
  }

  private record State(long offsetMillis, @Nullable Long frozenAtMillis) {
    long at(long realMillis) {
      return frozenAtMillis == null ? realMillis + offsetMillis : frozenAtMillis;
    }
  }

  /**
   * What the clock shows.
   *
   * @param offsetMillis how far it is ahead of the real clock; of a frozen one, at this moment
   */
  public record Reading(long nowMillis, long offsetMillis, boolean frozen) {}

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    return state.at(real.millis());
  }

  /** Returns the clock that this one is set against. */
  public InstantSource real() {
    return real;
  }

  public Reading read() {
    return reading(state, real.millis());
  }

  /**
   * Sets the clock, then tells who listens.
   *
   * @param moment gives the new time for the one that is shown, both milliseconds since 1970; what
   *     it throws leaves everything as it was
   * @param frozen whether the clock stands still from now on; null: as before
   */
  public Reading set(LongUnaryOperator moment, @Nullable Boolean frozen) {
    Reading reading;
    synchronized (lock) {
      long realMillis = real.millis();
      State before = state;
      long to = moment.applyAsLong(before.at(realMillis));
      boolean stands = frozen == null ? before.frozenAtMillis() != null : frozen;
      State after = new State(to - realMillis, stands ? (Long) to : null);
      state = after;
      reading = reading(after, realMillis);
    }
    listeners.forEach(Runnable::run);
    return reading;
  }

  /** Has {@code listener} run after each move, on the thread that moves. */
  public void onMove(Runnable listener) {
    listeners.add(listener);
  }

  private static Reading reading(State state, long realMillis) {
    long now = state.at(realMillis);
    return new Reading(now, now - realMillis, state.frozenAtMillis() != null);
  }
}
