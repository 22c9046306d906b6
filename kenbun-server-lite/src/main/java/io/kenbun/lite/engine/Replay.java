package io.kenbun.lite.engine;

import io.kenbun.lite.model.Contribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Scores from scratch: the whole history of a lead in the order in which it happened, fed to an
 * empty {@link Ledger}, with decay worked out anew.
 *
 * <p>A {@code DECAY} event that a rule in force explains is left out and made again where it is
 * due; one of a rule that has changed or is gone is a fact, as long as the interval it was for is
 * still quiet.
 */
public final class Replay {
  private static final Comparator<Past> ORDER =
      Comparator.comparingLong(Past::timeMillis).thenComparingLong(Past::seq);

  private final List<Decay.Application> added = new ArrayList<>();
  private final List<Long> removed = new ArrayList<>();

  private Replay() {}

  /**
   * One event of the past.
   *
   * @param activity whether it ends inactivity
   * @param removed whether a reset took what it gave
   * @param decay what it was, if it is a {@code DECAY} event of this server's own
   */
  public record Past(
      long seq,
      long timeMillis,
      List<Contribution> contributions,
      boolean activity,
      boolean removed,
      @Nullable PastDecay decay) {}

  /** What a {@code DECAY} event tells of itself. */
  public record PastDecay(long rule, long ruleset, double points, long inactiveSinceMillis) {}

  private record Key(long rule, long ruleset, long timeMillis) {}

  /**
   * Brings {@code ledger} to what the history gives.
   *
   * @param untilMillis decay is applied until then
   */
  public static Replay run(Ledger ledger, List<Past> history, Engine engine, long untilMillis) {
    Replay replay = new Replay();
    Decay decay = engine.decay();
    Map<Key, Past> known = new HashMap<>();
    List<Past> ordered = new ArrayList<>(history.size());
    for (Past past : history) {
      PastDecay was = past.decay();
      if (was != null && !past.removed() && decay.derives(was.rule(), past.timeMillis())) {
        Past twin = known.put(new Key(was.rule(), was.ruleset(), past.timeMillis()), past);
        if (twin != null) {
          replay.removed.add(twin.seq()); // Two leads that became one had each its own.
        }
      } else {
        ordered.add(past);
      }
    }
    ordered.sort(ORDER);
    Decay.Listener listener = application -> replay.compare(application, known);
    ledger.clear();
    Map<List<Contribution>, Earned> earned = new HashMap<>();
    for (Past past : ordered) {
      PastDecay was = past.decay();
      if (past.removed()) {
        if (past.activity()) {
          ledger.decayUntil(past.timeMillis(), decay, listener);
          ledger.noteActivity(past.timeMillis());
        }
      } else if (was != null && ledger.activityMillis() > was.inactiveSinceMillis()) {
        replay.removed.add(past.seq());
      } else {
        Earned gives = earned.computeIfAbsent(past.contributions(), engine::earned);
        ledger.take(past.timeMillis(), gives, past.activity(), decay, listener);
      }
    }
    ledger.decayUntil(untilMillis, decay, listener);
    known.values().forEach(past -> replay.removed.add(past.seq()));
    return replay;
  }

  /** An application that stands already, for the same time and points, stays as it is. */
  private void compare(Decay.Application application, Map<Key, Past> known) {
    Key key = new Key(application.rule().key(), application.ruleset(), application.timeMillis());
    Past past = known.get(key);
    PastDecay was = past == null ? null : past.decay();
    if (was != null
        && was.inactiveSinceMillis() == application.inactiveSinceMillis()
        && Math.abs(was.points() - application.points()) < Policies.NO_POINTS) {
      known.remove(key);
    } else {
      added.add(application);
    }
  }

  /** Returns the applications that no stored {@code DECAY} event tells of. */
  public List<Decay.Application> added() {
    return added;
  }

  /** Returns the stored {@code DECAY} events that are none any more. */
  public List<Long> removed() {
    return removed;
  }
}
