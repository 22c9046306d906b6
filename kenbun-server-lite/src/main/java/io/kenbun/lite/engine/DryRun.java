package io.kenbun.lite.engine;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a trigger would have fired for one lead, had it always been active and its events come in
 * the order in which they happened. Changes nothing; for one use.
 */
public final class DryRun {
  private final List<Hit> hits = new ArrayList<>();

  private DryRun() {}

  /**
   * A firing that would have been.
   *
   * @param event what would have caused it, null when time did
   * @param score after it, of a milestone's ruleset; 0 for other triggers
   */
  public record Hit(
      NotificationType type,
      long atMillis,
      @Nullable Event event,
      long score,
      long previousScore) {}

  /** An event that nothing has suppressed. */
  public record Event(long timestampMillis, long seq, String eventType) {}

  /** Runs a sequence over a lead's events, oldest first. */
  public static List<Hit> of(Sequence sequence, List<Event> events, Windows windows) {
    DryRun run = new DryRun();
    Steps steps = new Steps(sequence, 0);
    long[] slots = new long[steps.slots()];
    slots[0] = Standing.NEVER;
    steps.clear(slots);
    for (Event event : events) {
      if (windows.isSeen(event.eventType)
          && steps.has(event.eventType)
          && steps.take(slots, event.eventType, event.timestampMillis)) {
        steps.clear(slots);
        run.add(NotificationType.SEQUENCE_COMPLETED, event);
      }
    }
    return run.hits;
  }

  /** Runs a surge over a lead's events, oldest first. */
  public static List<Hit> of(Surge surge, List<Event> events, Windows windows) {
    DryRun run = new DryRun();
    long[] times = new long[events.size()];
    int count = 0;
    for (Event event : events) {
      String type = surge.eventType();
      if (windows.isSeen(event.eventType) && (type == null || type.equals(event.eventType))) {
        long after = event.timestampMillis - surge.windowSeconds() * 1_000;
        int needed = surge.threshold() - 1;
        boolean enough = needed == 0 || (count >= needed && times[count - needed] > after);
        boolean below = count == needed || (count > needed && times[count - needed - 1] <= after);
        if (enough && below) {
          run.add(NotificationType.SURGE_FIRED, event);
        }
        times[count++] = event.timestampMillis;
      }
    }
    return run.hits;
  }

  private void add(NotificationType type, Event event) {
    hits.add(new Hit(type, event.timestampMillis, event, 0, 0));
  }

  /**
   * Runs a milestone over a lead's history. What a reset took counts for nothing, and decay is
   * worked out as for a {@link Replay}.
   *
   * @param types the event type of each event of {@code history}, by seq
   * @param profileLevel the lead's, as it is now
   * @param untilMillis until when points fade and decay
   */
  public static List<Hit> of(
      Milestone milestone,
      List<Replay.Past> history,
      Map<Long, String> types,
      RuleSetup setup,
      Engine engine,
      String profileLevel,
      long untilMillis) {
    DryRun run = new DryRun();
    Long own = milestone.ruleset();
    long ruleset = own == null ? engine.thresholds().primary() : own;
    run.new Climb(milestone, ruleset, types, setup, engine, profileLevel).run(history, untilMillis);
    return run.hits;
  }

  /** One milestone over one history. */
  private final class Climb {
    private final Milestone milestone;
    private final Thresholds.Line line;
    private final Map<Long, String> types;
    private final RuleSetup setup;
    private final Engine engine;
    private final String profileLevel;
    private final Ledger ledger = new Ledger();
    private TriggerMemory memory = TriggerMemory.NONE;
    private long watchedMillis = Standing.NEVER;

    Climb(
        Milestone milestone,
        long ruleset,
        Map<Long, String> types,
        RuleSetup setup,
        Engine engine,
        String profileLevel) {
      this.milestone = milestone;
      this.line = new Thresholds.Line(ruleset, List.of(milestone));
      this.types = types;
      this.setup = setup;
      this.engine = engine;
      this.profileLevel = profileLevel;
    }

    void run(List<Replay.Past> history, long untilMillis) {
      Map<List<Contribution>, Earned> earned = new HashMap<>();
      for (Replay.Past past : Replay.ordered(history)) {
        Replay.PastDecay decay = past.decay();
        if (decay != null && engine.decay().derives(decay.rule(), past.timeMillis())) {
          continue; // Worked out anew.
        }
        advance(past.timeMillis());
        long before = score(past.timeMillis());
        if (past.removed()) {
          ledger.noteActivity(past.activity() ? past.timeMillis() : Standing.NEVER);
        } else {
          Earned gives = earned.computeIfAbsent(past.contributions(), engine::earned);
          ledger.take(
              past.timeMillis(), gives, past.activity(), engine.decay(), Decay.Listener.NONE);
        }
        String type = types.getOrDefault(past.seq(), "");
        cross(
            before,
            score(past.timeMillis()),
            past.timeMillis(),
            new Event(past.timeMillis(), past.seq(), type));
      }
      advance(untilMillis);
    }

    /** Lets points decay and fade. */
    private void advance(long millis) {
      ledger.decayUntil(millis, engine.decay(), this::decayed);
      fade(millis, 0);
    }

    private void decayed(Decay.Application application) {
      if (application.ruleset() == line.ruleset()) {
        fade(application.timeMillis(), -application.points());
        long after = score(application.timeMillis());
        double sum = Objects.requireNonNull(standing()).sumAt(application.timeMillis());
        cross(shown(sum - application.points()), after, application.timeMillis(), null);
      }
    }

    private void fade(long millis, double more) {
      Standing standing = standing();
      if (standing != null && watchedMillis != Standing.NEVER) {
        boolean negative = engine.halfLives().allowNegativeScores();
        long next = line.nextMillis(standing, more, watchedMillis, millis, negative);
        while (next <= millis) {
          cross(
              shown(standing.sumAt(next - 1) + more),
              shown(standing.sumAt(next) + more),
              next,
              null);
          next = line.nextMillis(standing, more, next, millis, negative);
        }
      }
      watchedMillis = Math.max(watchedMillis, millis);
    }

    private @Nullable Standing standing() {
      return ledger.standing(line.ruleset());
    }

    private long score(long millis) {
      Standing standing = standing();
      return standing == null ? 0 : shown(standing.sumAt(millis));
    }

    private long shown(double sum) {
      return Policies.shown(sum, engine.halfLives().allowNegativeScores());
    }

    private void cross(long before, long after, long millis, @Nullable Event event) {
      boolean entered = after > before;
      String type = event == null ? null : event.eventType;
      if (!line.crossed(before, after).isEmpty()
          && Thresholds.couldFire(milestone, entered, type, millis, memory)
          && hasLevels(millis)) {
        memory = Thresholds.fired(entered, millis, memory);
        hits.add(
            new Hit(
                entered ? NotificationType.MILESTONE_ENTERED : NotificationType.MILESTONE_EXITED,
                millis,
                event,
                after,
                before));
      }
    }

    private boolean hasLevels(long millis) {
      Standing headline = ledger.standing(engine.thresholds().primary());
      long score = headline == null ? 0 : shown(headline.sumAt(millis));
      return matches(milestone.engagementLevel(), Level.nameOf(setup.engagementLevels(), score))
          && matches(milestone.profileLevel(), profileLevel)
          && matches(milestone.accountLevel(), Policies.accountLevel());
    }

    private static boolean matches(@Nullable String wanted, String level) {
      return wanted == null || wanted.equals(level);
    }
  }
}
