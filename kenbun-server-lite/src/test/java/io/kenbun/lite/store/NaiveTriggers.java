package io.kenbun.lite.store;

import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One lead's triggers as {@code scoring.md} 9 says them, with nothing remembered that can be looked
 * up: every score is added up from all events, every window is searched anew. Rules have one rule a
 * type; what is negative does not fade, so that time alone only lowers a score. There is one decay
 * rule at most.
 */
final class NaiveTriggers {
  private final RuleSetup setup;
  private final List<Event> events = new ArrayList<>();
  private final List<String> fired = new ArrayList<>();
  private final Map<String, Long> lastFired = new HashMap<>();
  private final Map<String, Boolean> entered = new HashMap<>();
  private final Map<String, Boolean> exited = new HashMap<>();
  private final Map<String, Event> consumed = new HashMap<>();
  private final Map<String, Long> reached = new HashMap<>();
  private long nowMillis;
  private long resetMillis = Long.MIN_VALUE;

  /**
   * One event.
   *
   * @param industry what it says of the profile, null for nothing
   */
  record Event(long ts, long seq, String type, boolean earns, @Nullable String industry) {}

  NaiveTriggers(RuleSetup setup, long nowMillis) {
    this.setup = setup;
    this.nowMillis = nowMillis;
  }

  List<String> fired() {
    return fired;
  }

  private static final Comparator<Event> ORDER =
      Comparator.comparingLong(Event::ts).thenComparingLong(Event::seq);

  private Ruleset ruleset(Milestone milestone) {
    Long own = milestone.ruleset();
    return setup.rulesets().stream()
        .filter(r -> own == null ? r.primary() : r.key() == own)
        .findFirst()
        .orElseThrow();
  }

  private long score(Ruleset ruleset, long atMillis) {
    List<Event> ordered = new ArrayList<>(events);
    ordered.sort(ORDER);
    List<double[]> applied = new ArrayList<>(); // Amount, since when, half-life or 0.
    long activeMillis = Long.MIN_VALUE;
    for (Event event : ordered) {
      decay(ruleset, activeMillis, event.ts, applied);
      activeMillis = event.ts;
      for (Rule rule : ruleset.rules()) {
        if (event.earns && rule.eventType().equals(event.type)) {
          Integer days = rule.halfLifeDays();
          double change = rule.weight();
          if (change < 0) {
            change = Math.max(change, -Math.max(0, sum(applied, event.ts)));
          }
          applied.add(new double[] {change, event.ts, days == null ? 0 : days});
        }
      }
    }
    decay(ruleset, activeMillis, atMillis, applied);
    return (long) Math.floor(Math.max(0, sum(applied, atMillis)) + 0.5 + 1e-9);
  }

  /** Takes what decay takes of a time without activity. */
  private void decay(Ruleset ruleset, long fromMillis, long untilMillis, List<double[]> applied) {
    for (DecayRule rule :
        fromMillis == Long.MIN_VALUE ? List.<DecayRule>of() : setup.decayRules()) {
      long interval = rule.intervalDays() * 86_400_000L;
      long base = Math.max(fromMillis, Math.max(resetMillis, rule.createdAtMillis()));
      boolean applies = rule.ruleset() == null || rule.ruleset() == ruleset.key();
      for (long at = base + interval; applies && at <= untilMillis; at += interval) {
        double left = sum(applied, at);
        if (left > 1e-9) {
          applied.add(new double[] {Math.max(rule.points(), -left), at, 0});
        }
      }
    }
  }

  private String engagementLevel(long atMillis) {
    Ruleset primary = setup.rulesets().stream().filter(Ruleset::primary).findFirst().orElseThrow();
    return level(setup.engagementLevels(), score(primary, atMillis));
  }

  /** Returns the level of a profile in which one industry is worth 40. */
  private String profileLevel() {
    Event last = null;
    for (Event event : events) {
      if (event.industry != null && (last == null || event.ts >= last.ts)) {
        last = event;
      }
    }
    return level(setup.profileLevels(), last != null && "Retail".equals(last.industry) ? 40 : 0);
  }

  private static String level(List<Level> levels, long score) {
    String name = "Unclassified";
    for (Level level : levels) {
      Integer max = level.maxScore();
      if (score >= level.minScore() && (max == null || score <= max)) {
        name = level.name();
      }
    }
    return name;
  }

  private static double sum(List<double[]> applied, long atMillis) {
    double sum = 0;
    for (double[] one : applied) {
      double age = Math.max(0, atMillis - one[1]);
      sum += one[2] == 0 ? one[0] : one[0] * Math.pow(0.5, age / (86_400_000 * one[2]));
    }
    return sum;
  }

  /** Time passes: what fades below a threshold leaves it, each at its own millisecond. */
  void passTo(long millis) {
    record Leaving(long at, Milestone milestone) {}
    List<Leaving> leaving = new ArrayList<>();
    for (Milestone milestone : setup.milestones()) {
      Ruleset ruleset = ruleset(milestone);
      int threshold = milestone.scoreThreshold();
      if (score(ruleset, nowMillis) >= threshold && score(ruleset, millis) < threshold) {
        long in = nowMillis;
        long out = millis;
        while (out - in > 1) {
          long middle = (in + out) >>> 1;
          if (score(ruleset, middle) >= threshold) {
            in = middle;
          } else {
            out = middle;
          }
        }
        leaving.add(new Leaving(out, milestone));
      }
    }
    leaving.sort(
        Comparator.comparingLong(Leaving::at)
            .thenComparingLong(one -> ruleset(one.milestone).key())
            .thenComparingInt(one -> one.milestone.scoreThreshold())
            .thenComparingLong(one -> one.milestone.key()));
    leaving.forEach(one -> cross(one.milestone, false, one.at, null, false));
    nowMillis = Math.max(nowMillis, millis);
  }

  private void cross(
      Milestone milestone, boolean up, long atMillis, @Nullable String eventType, boolean skipped) {
    String id = milestone.id();
    if (milestone.eventType() != null && !milestone.eventType().equals(eventType)) {
      return;
    }
    if (!up && !milestone.notifyOnExit()) {
      return;
    }
    if (isOther(milestone.engagementLevel(), engagementLevel(atMillis))
        || isOther(milestone.profileLevel(), profileLevel())) {
      return;
    }
    if (milestone.fireMode() == FireMode.ONCE) {
      boolean done = up ? entered.containsKey(id) : exited.containsKey(id);
      if (done || (!up && !entered.containsKey(id))) {
        return;
      }
    } else {
      Long last = lastFired.get(id);
      if (last != null && atMillis < last + milestone.cooldownSeconds() * 1_000) {
        return;
      }
    }
    (up ? entered : exited).put(id, true);
    if (!skipped) {
      lastFired.put(id, atMillis);
      fired.add((up ? "+" : "-") + id);
    }
  }

  private static boolean isOther(@Nullable String asked, String actual) {
    return asked != null && !asked.equals(actual);
  }

  void event(long ts, long seq, String type, @Nullable String industry, boolean skipped) {
    Map<String, Long> before = new HashMap<>();
    setup.milestones().forEach(m -> before.put(m.id(), score(ruleset(m), nowMillis)));
    Event event = new Event(ts, seq, type, ts >= resetMillis, industry);
    events.add(event);
    List<Milestone> lowestFirst = new ArrayList<>(setup.milestones());
    lowestFirst.sort(
        Comparator.comparingLong((Milestone m) -> ruleset(m).key())
            .thenComparingInt(Milestone::scoreThreshold)
            .thenComparingLong(Milestone::key));
    for (Milestone milestone : lowestFirst) {
      long old = before.getOrDefault(milestone.id(), 0L);
      long now = score(ruleset(milestone), nowMillis);
      int threshold = milestone.scoreThreshold();
      if (old < threshold && now >= threshold) {
        cross(milestone, true, nowMillis, type, skipped);
      } else if (old >= threshold && now < threshold) {
        cross(milestone, false, nowMillis, type, skipped);
      }
    }
    setup.sequences().forEach(sequence -> sequence(sequence, event, skipped));
    // Surges of one type are looked at before those of all.
    setup.surges().stream()
        .filter(surge -> surge.eventType() != null)
        .forEach(surge -> surge(surge, event, skipped));
    setup.surges().stream()
        .filter(surge -> surge.eventType() == null)
        .forEach(surge -> surge(surge, event, skipped));
  }

  private void sequence(Sequence sequence, Event event, boolean skipped) {
    if (!sequence.eventTypes().contains(event.type)) {
      return;
    }
    Event last = consumed.get(sequence.id());
    List<Event> window = new ArrayList<>();
    for (Event past : events) {
      if (past.ts >= event.ts - sequence.windowSeconds() * 1_000
          && ORDER.compare(past, event) <= 0
          && (last == null || ORDER.compare(past, last) > 0)) {
        window.add(past);
      }
    }
    window.sort(ORDER);
    if (!window.contains(event)) {
      return;
    }
    boolean completes;
    if (sequence.ordered()) {
      List<String> steps = sequence.eventTypes();
      int last1 = steps.size() - 1;
      completes =
          steps.get(last1).equals(event.type)
              && isSubsequence(
                  steps.subList(0, last1),
                  window.subList(0, window.indexOf(event)).stream().map(Event::type).toList());
    } else {
      List<String> left = new ArrayList<>(sequence.eventTypes());
      window.forEach(past -> left.remove(past.type));
      completes = left.isEmpty();
    }
    if (completes) {
      consumed.put(sequence.id(), event);
      if (!skipped) {
        fired.add(sequence.id());
      }
    }
  }

  private static boolean isSubsequence(List<String> steps, List<String> types) {
    if (steps.isEmpty()) {
      return true;
    }
    int at = types.indexOf(steps.get(0));
    return at >= 0
        && isSubsequence(steps.subList(1, steps.size()), types.subList(at + 1, types.size()));
  }

  private void surge(Surge surge, Event event, boolean skipped) {
    String type = surge.eventType();
    if (type != null && !type.equals(event.type)) {
      return;
    }
    long window = surge.windowSeconds() * 1_000;
    List<Long> times = new ArrayList<>();
    times.add(event.ts);
    for (Event past : events) {
      if (past.ts > event.ts && past.ts < event.ts + window && counts(surge, past)) {
        times.add(past.ts);
      }
    }
    times.sort(null);
    for (long time : times) {
      long with = count(surge, time - window, time);
      if (time > reached.getOrDefault(surge.id(), Long.MIN_VALUE)
          && with >= surge.threshold()
          && with - 1 < surge.threshold()) {
        reached.put(surge.id(), time);
        if (!skipped) {
          fired.add(surge.id());
        }
        return;
      }
    }
  }

  private static boolean counts(Surge surge, Event event) {
    return surge.eventType() == null || surge.eventType().equals(event.type);
  }

  private long count(Surge surge, long afterMillis, long untilMillis) {
    return events.stream()
        .filter(event -> counts(surge, event))
        .filter(event -> event.ts > afterMillis && event.ts <= untilMillis)
        .count();
  }

  /** Takes over what another lead has done and fired; nothing fires. */
  void merge(NaiveTriggers other) {
    // The industry of equal times: that of the one that others become.
    events.addAll(0, other.events);
    resetMillis = Math.max(resetMillis, other.resetMillis);
    entered.putAll(other.entered);
    exited.putAll(other.exited);
    other.lastFired.forEach((id, millis) -> lastFired.merge(id, millis, Math::max));
    other.reached.forEach((id, millis) -> reached.merge(id, millis, Math::max));
    other.consumed.forEach(
        (id, event) -> consumed.merge(id, event, (a, b) -> ORDER.compare(a, b) >= 0 ? a : b));
  }

  void reset() {
    Map<String, Long> before = new HashMap<>();
    setup.milestones().forEach(m -> before.put(m.id(), score(ruleset(m), nowMillis)));
    resetMillis = nowMillis;
    events.replaceAll(event -> new Event(event.ts, event.seq, event.type, false, event.industry));
    List<Milestone> lowestFirst = new ArrayList<>(setup.milestones());
    lowestFirst.sort(
        Comparator.comparingLong((Milestone m) -> ruleset(m).key())
            .thenComparingInt(Milestone::scoreThreshold)
            .thenComparingLong(Milestone::key));
    for (Milestone milestone : lowestFirst) {
      if (before.getOrDefault(milestone.id(), 0L) >= milestone.scoreThreshold()
          && milestone.scoreThreshold() > 0) {
        cross(milestone, false, nowMillis, null, false);
      }
    }
  }
}
