package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Decay;
import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Policies;
import io.kenbun.lite.engine.Standing;
import io.kenbun.lite.engine.Thresholds;
import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.TriggerKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches scores cross the thresholds of milestones ({@code scoring.md} 9.1), in the order of time;
 * for one transaction.
 *
 * <pre>
 *   LeadState.watchedAtMillis ──fading──&gt; decay ──fading──&gt; now: before │ event │ after
 *        crossings until then are told       each crossing at its own time    lowest first
 * </pre>
 *
 * <p>What stood at {@code watchedAtMillis} is the side of each threshold that a lead is on. A
 * change that must fire nothing moves that time and says nothing.
 */
final class ScoreWatch {
  private final Rules.Snapshot rules;
  private final Tx tx;
  private final Firings firings;
  private final long nowMillis;
  private long lastUnit;
  private @Nullable Engine lastEngine;
  // A decay that the standings hold already, while what came before it is told.
  private long decayed;
  private double decayedPoints;

  ScoreWatch(Rules.Snapshot rules, Tx tx, Firings firings) {
    this.rules = rules;
    this.tx = tx;
    this.firings = firings;
    this.nowMillis = tx.nowMillis();
  }

  /** Says whether any milestone of the unit is active. */
  boolean isOn(long unit) {
    return !lines(unit).isEmpty();
  }

  private List<Thresholds.Line> lines(long unit) {
    return engine(unit).thresholds().lines();
  }

  /** It is asked for ten times an event, and is nearly always the same. */
  private Engine engine(long unit) {
    Engine engine = lastEngine;
    if (engine == null || lastUnit != unit) {
      engine = rules.engine(unit);
      lastEngine = engine;
      lastUnit = unit;
    }
    return engine;
  }

  private static boolean allowsNegative(Engine engine) {
    return engine.halfLives().allowNegativeScores();
  }

  /** Tells of what has faded across thresholds by now. */
  void catchUp(LeadState lead) {
    long fromMillis = lead.watchedAtMillis();
    if (fromMillis != Standing.NEVER && isDueKnown(lead) && nowMillis < lead.decayDueMillis()) {
      lead.watchedAtMillis(Math.max(fromMillis, nowMillis));
    } else {
      walk(lead, nowMillis);
    }
  }

  /**
   * Says whether {@link LeadState#decayDueMillis} is still right: since it was worked out, points
   * were only added, and took no score to another threshold.
   */
  boolean isDueKnown(LeadState lead) {
    return lead.triggers().isDueKnown(engine(lead.unit()).thresholds());
  }

  /** Tells of what has faded across thresholds until a time. */
  private void walk(LeadState lead, long untilMillis) {
    long fromMillis = lead.watchedAtMillis();
    if (untilMillis <= fromMillis) {
      return;
    }
    if (fromMillis != Standing.NEVER) {
      tellFading(lead, fromMillis, untilMillis);
    }
    lead.watchedAtMillis(untilMillis);
  }

  /** Returns what is to be taken off a sum to have it as it was before the decay. */
  private double decayed(long ruleset) {
    return ruleset == decayed ? decayedPoints : 0;
  }

  /** Tells in the order of time, whichever ruleset it is in. */
  private void tellFading(LeadState lead, long fromMillis, long untilMillis) {
    List<Thresholds.Line> lines = lines(lead.unit());
    boolean allowNegative = allowsNegative(engine(lead.unit()));
    long[] next = new long[lines.size()];
    boolean more = false;
    for (int i = 0; i < next.length; i++) {
      next[i] = next(lead, lines.get(i), fromMillis, untilMillis, allowNegative);
      more |= next[i] <= untilMillis;
    }
    while (more) {
      int first = 0;
      for (int i = 1; i < next.length; i++) {
        first = next[i] < next[first] ? i : first;
      }
      long atMillis = next[first];
      more = atMillis <= untilMillis;
      Thresholds.Line line = lines.get(first);
      Standing standing = lead.ledger().standing(line.ruleset());
      if (more && standing != null) {
        double taken = decayed(line.ruleset());
        long before = Policies.shown(standing.sumAt(atMillis - 1) - taken, allowNegative);
        long after = Policies.shown(standing.sumAt(atMillis) - taken, allowNegative);
        crossed(lead, line, before, after, atMillis, null, false);
        next[first] = next(lead, line, atMillis, untilMillis, allowNegative);
      }
    }
  }

  private long next(
      LeadState lead,
      Thresholds.Line line,
      long fromMillis,
      long untilMillis,
      boolean allowNegative) {
    Standing standing = lead.ledger().standing(line.ruleset());
    double taken = decayed(line.ruleset());
    return standing == null
        ? Long.MAX_VALUE
        : line.nextMillis(standing, -taken, fromMillis, untilMillis, allowNegative);
  }

  /** Tells of what a decay that was just applied has crossed, and of fading before it. */
  void decayed(LeadState lead, Decay.Application application) {
    if (!isOn(lead.unit())) {
      return;
    }
    decayed = application.ruleset();
    decayedPoints = application.points();
    walk(lead, application.timeMillis());
    decayed = 0;
    decayedPoints = 0;
    Standing standing = lead.ledger().standing(application.ruleset());
    for (Thresholds.Line line : lines(lead.unit())) {
      if (line.ruleset() == application.ruleset() && standing != null) {
        boolean allowNegative = allowsNegative(engine(lead.unit()));
        long atMillis = lead.watchedAtMillis();
        double after = standing.sumAt(atMillis);
        crossed(
            lead,
            line,
            Policies.shown(after - application.points(), allowNegative),
            Policies.shown(after, allowNegative),
            atMillis,
            null,
            false);
      }
    }
  }

  /** Returns the watched scores as they stand now. */
  long[] scores(LeadState lead) {
    List<Thresholds.Line> lines = lines(lead.unit());
    boolean allowNegative = allowsNegative(engine(lead.unit()));
    long[] scores = new long[lines.size()];
    for (int i = 0; i < scores.length; i++) {
      Standing standing = lead.ledger().standing(lines.get(i).ruleset());
      scores[i] = standing == null ? 0 : standing.scoreAt(atMillis(lead), allowNegative);
    }
    return scores;
  }

  /** A clock that was set back does not tell twice. */
  private long atMillis(LeadState lead) {
    return Math.max(nowMillis, lead.watchedAtMillis());
  }

  /**
   * Tells of what a change has crossed.
   *
   * @param before the {@link #scores} before it
   * @param cause null for a reset
   * @param quiet whether it counts as told without being told
   */
  void changed(LeadState lead, long[] before, @Nullable QueuedEvent cause, boolean quiet) {
    long atMillis = atMillis(lead);
    long[] after = scores(lead);
    List<Thresholds.Line> lines = lines(lead.unit());
    for (int i = 0; i < after.length; i++) {
      Standing standing = lead.ledger().standing(lines.get(i).ruleset());
      if (standing != null && standing.mayRise()) {
        lead.triggers().dueUnknown();
      }
      if (after[i] != before[i]) {
        crossed(lead, lines.get(i), before[i], after[i], atMillis, cause, quiet);
      }
    }
    lead.watchedAtMillis(atMillis);
  }

  /** Takes the scores as they stand for what was always so. */
  void moveBaseline(LeadState lead) {
    if (isOn(lead.unit())) {
      lead.watchedAtMillis(atMillis(lead));
    }
  }

  /**
   * Returns a time before which no fading fires, {@link Long#MAX_VALUE} when none will; it is to
   * become the lead's, see {@link #isDueKnown}.
   *
   * @param limitMillis after which it is enough to know that it is not before
   */
  long dueMillis(LeadState lead, long limitMillis) {
    long due = Long.MAX_VALUE;
    Engine engine = engine(lead.unit());
    if (lead.fades() == engine.halfLives().fingerprint()) {
      for (Thresholds.Line line : lines(lead.unit())) {
        Standing standing = lead.ledger().standing(line.ruleset());
        if (standing != null) {
          long limit = Math.min(limitMillis, due);
          due =
              Math.min(
                  due, line.nextMillis(standing, 0, atMillis(lead), limit, allowsNegative(engine)));
        }
      }
      lead.triggers().dueKnown(engine.thresholds());
    }
    return due;
  }

  private void crossed(
      LeadState lead,
      Thresholds.Line line,
      long before,
      long after,
      long atMillis,
      @Nullable QueuedEvent cause,
      boolean quiet) {
    boolean entered = after > before;
    String eventType = cause == null ? null : cause.event().eventType();
    for (Milestone milestone : line.crossed(before, after)) {
      lead.triggers().dueUnknown();
      Remembered.Key key = new Remembered.Key(TriggerKind.MILESTONE, milestone.key());
      TriggerMemory memory = firings.memory(lead, key);
      if (!Thresholds.fires(milestone, entered, eventType, atMillis, memory)
          || !Thresholds.hasLevels(
              milestone, () -> engagementLevel(lead, atMillis), () -> profileLevel(lead))) {
        continue;
      }
      if (quiet) {
        firings.remember(lead, key, Thresholds.silenced(entered, memory));
      } else {
        firings.remember(lead, key, Thresholds.fired(entered, atMillis, memory));
        firings.add(
            firing(lead, line, milestone, entered, before, after, atMillis, cause),
            milestone.destinations());
      }
    }
  }

  /** Returns the headline score at a time. */
  long headline(LeadState lead, long atMillis) {
    Engine engine = engine(lead.unit());
    long primary = engine.thresholds().primary();
    Standing standing = lead.ledger().standing(primary);
    return standing == null
        ? 0
        : Policies.shown(standing.sumAt(atMillis) - decayed(primary), allowsNegative(engine));
  }

  /**
   * Returns the headline score now.
   *
   * @param scores the {@link #scores} as they stand, if they were asked for
   */
  long headline(LeadState lead, long @Nullable [] scores) {
    Thresholds thresholds = engine(lead.unit()).thresholds();
    for (int i = 0; scores != null && i < scores.length; i++) {
      if (thresholds.lines().get(i).ruleset() == thresholds.primary()) {
        return scores[i];
      }
    }
    return headline(lead, nowMillis);
  }

  /** Returns the lead's scores as they are shown now, of the rulesets that are active. */
  Map<Long, Long> shown(LeadState lead) {
    Map<Long, Long> scores = new LinkedHashMap<>(4);
    boolean allowNegative = allowsNegative(rules.engine(lead.unit()));
    for (Ruleset ruleset : rules.setup(lead.unit()).rulesets()) {
      Standing standing = lead.ledger().standing(ruleset.key());
      if (ruleset.active()) {
        scores.put(
            ruleset.key(), standing == null ? 0 : standing.scoreAt(nowMillis, allowNegative));
      }
    }
    return scores;
  }

  String engagementLevel(LeadState lead, long atMillis) {
    return rules.setup(lead.unit()).engagementLevel(headline(lead, atMillis));
  }

  private String profileLevel(LeadState lead) {
    RuleSetup setup = rules.setup(lead.unit());
    ProfileRuleset primary = setup.primaryProfileRuleset();
    long score = 0;
    if (primary != null) {
      Map<Long, Long> scores = lead.newProfileScores();
      if (scores == null || !scores.containsKey(primary.key())) {
        try {
          scores = lead.isNew() ? Map.of() : tx.profileScores(lead);
        } catch (StorageException e) {
          throw new UncheckedStorageException(e);
        }
      }
      score = scores.getOrDefault(primary.key(), 0L);
    }
    return Level.nameOf(setup.profileLevels(), score);
  }

  private Firing firing(
      LeadState lead,
      Thresholds.Line line,
      Milestone milestone,
      boolean entered,
      long before,
      long after,
      long atMillis,
      @Nullable QueuedEvent cause) {
    RuleSetup setup = rules.setup(lead.unit());
    return new Firing(
        firings.newId(),
        lead.unit(),
        entered ? NotificationType.MILESTONE_ENTERED : NotificationType.MILESTONE_EXITED,
        milestone.key(),
        milestone.id(),
        milestone.name(),
        milestone.scoreThreshold(),
        lead.key(),
        lead.leadId(),
        nowMillis,
        after,
        before,
        rulesetId(setup, line.ruleset()),
        engagementLevel(lead, atMillis),
        cause == null ? null : cause.event().eventType(),
        cause == null ? null : new EventId(cause.seq()).toString(),
        List.of(),
        null,
        null);
  }

  static @Nullable String rulesetId(RuleSetup setup, long key) {
    return setup.rulesets().stream()
        .filter(ruleset -> ruleset.key() == key)
        .map(Ruleset::id)
        .findFirst()
        .orElse(null);
  }
}
