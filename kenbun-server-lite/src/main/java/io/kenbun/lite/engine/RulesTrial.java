package io.kenbun.lite.engine;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.RuleSetup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A change of rules that is tried on what one lead has done, as if it had always been in force;
 * what the change has no say in stays the fact that it is. Both sides are replayed, so that all
 * that differs is the change's doing. Changes nothing. Immutable; any thread.
 *
 * <pre>
 *   event ──> verdict of the filters     same before and after? ──> as it is stored
 *         ──> points, rule by rule       same before and after? ──> as they are stored
 *   DECAY events of decay rules that differ ──> worked out anew
 * </pre>
 */
public final class RulesTrial {
  private final Engine before;
  private final Engine after;
  private final boolean filtersDiffer;
  private final boolean profilesDiffer;
  private final Set<Long> otherDecays;

  /** Makes a trial of what a unit's rules would be {@code after} a change. */
  public RulesTrial(RuleSetup before, RuleSetup after) {
    this.before = new Engine(before);
    this.otherDecays = otherDecays(before, after);
    this.after = new Engine(after.withDecayRules(decays(before, after)));
    this.filtersDiffer =
        !before.metadataFilters().equals(after.metadataFilters())
            || !before.velocityFilters().equals(after.velocityFilters())
            || before.settings().fanOutWindowMillis() != after.settings().fanOutWindowMillis();
    this.profilesDiffer =
        !before.profileMappings().equals(after.profileMappings())
            || !before.profileRulesets().equals(after.profileRulesets());
  }

  /**
   * One stored event.
   *
   * @param suppressed whether a filter keeps it from counting
   */
  public record Past(
      Replay.Past fact,
      String eventType,
      boolean suppressed,
      Supplier<Map<String, @Nullable Object>> metadata) {}

  /**
   * A lead without its engagement scores.
   *
   * @param events all of them, suppressed ones too, in any order
   * @param resetMillis when its scores were last reset, or {@link Standing#NEVER}
   */
  public record Subject(
      List<Past> events,
      long resetMillis,
      Map<String, Profile.Field> profile,
      Map<Long, Long> profileScores) {}

  /**
   * What a lead comes to on one side.
   *
   * @param scores by ruleset key, as they are shown
   * @param profileScores by profile ruleset key
   */
  public record Side(
      Map<Long, Long> scores, Map<String, Profile.Field> profile, Map<Long, Long> profileScores) {}

  /**
   * What the change would do to a lead.
   *
   * @param suppressed how many of its events would not count any more
   * @param released how many that are suppressed would count
   */
  public record Outcome(Side before, Side after, int suppressed, int released) {
    /** Says whether anything of the lead would be another. */
    public boolean isChange() {
      return suppressed + released > 0 || !before.equals(after);
    }
  }

  /** Returns what triggers would see after the change. */
  public Windows windows() {
    return after.windows();
  }

  /** Tries the change on a lead. */
  public Outcome on(Subject lead, long nowMillis) {
    List<Past> ordered = new ArrayList<>(lead.events());
    ordered.sort(Comparator.comparingLong(past -> past.fact().seq()));
    List<Past> counted = new ArrayList<>();
    List<Past> wouldCount = new ArrayList<>();
    List<Replay.Past> history = new ArrayList<>();
    List<Replay.Past> otherHistory = new ArrayList<>();
    Verdicts was = new Verdicts(before.suppression());
    Verdicts would = new Verdicts(after.suppression());
    int suppressed = 0;
    int released = 0;
    for (Past past : ordered) {
      boolean counts = !past.suppressed();
      boolean countsThen = counts;
      if (filtersDiffer && !EventId.isSystem(past.fact().seq())) {
        boolean passed = was.passes(past);
        boolean passes = would.passes(past);
        countsThen = passed == passes ? counts : passes;
      }
      if (counts) {
        counted.add(past);
        history.add(past.fact());
      }
      if (countsThen) {
        wouldCount.add(past);
        otherHistory(past, otherHistory);
      }
      suppressed += counts && !countsThen ? 1 : 0;
      released += countsThen && !counts ? 1 : 0;
    }
    Side stands =
        new Side(
            scores(before, history, lead.resetMillis(), nowMillis),
            lead.profile(),
            lead.profileScores());
    Map<String, Profile.Field> profile = profile(lead, counted, wouldCount);
    Side then =
        new Side(
            scores(after, otherHistory, lead.resetMillis(), nowMillis),
            profile,
            profileScores(lead, profile));
    return new Outcome(stands, then, suppressed, released);
  }

  private void otherHistory(Past past, List<Replay.Past> into) {
    Replay.Past fact = past.fact();
    Replay.PastDecay decay = fact.decay();
    if (decay != null && otherDecays.contains(decay.rule())) {
      return;
    }
    List<Contribution> gives = decay == null && !fact.removed() ? points(past) : null;
    into.add(
        gives == null || gives.equals(fact.contributions())
            ? fact
            : new Replay.Past(fact.seq(), fact.timeMillis(), gives, fact.activity(), false, null));
  }

  /** Where an event's points come from. */
  private record Place(long ruleset, long rule) {}

  /** Returns what the event would give: of each rule that says the same as before, what it gave. */
  private List<Contribution> points(Past past) {
    Replay.Past fact = past.fact();
    List<Contribution> was =
        before.earned(past.eventType(), fact.timeMillis(), past.metadata()).contributions();
    List<Contribution> would =
        after.earned(past.eventType(), fact.timeMillis(), past.metadata()).contributions();
    if (past.suppressed()) {
      return would; // It has never given anything.
    }
    if (was.equals(would)) {
      return fact.contributions();
    }
    Map<Place, Integer> gives = places(fact.contributions());
    Map<Place, Integer> gave = places(was);
    Map<Place, Integer> then = places(would);
    gave.keySet().stream().filter(place -> !then.containsKey(place)).forEach(gives::remove);
    then.forEach(
        (place, weight) -> {
          if (!weight.equals(gave.get(place))) {
            gives.put(place, weight);
          }
        });
    return contributions(gives);
  }

  private static Map<Place, Integer> places(List<Contribution> contributions) {
    Map<Place, Integer> places = new LinkedHashMap<>();
    for (Contribution contribution : contributions) {
      for (Contribution.Hit hit : contribution.hits()) {
        places.put(new Place(contribution.ruleset(), hit.rule()), hit.weight());
      }
    }
    return places;
  }

  private List<Contribution> contributions(Map<Place, Integer> places) {
    Map<Long, List<Contribution.Hit>> byRuleset = new LinkedHashMap<>();
    places.forEach(
        (place, weight) ->
            byRuleset
                .computeIfAbsent(place.ruleset(), any -> new ArrayList<>())
                .add(new Contribution.Hit(place.rule(), weight)));
    boolean unclipped = after.halfLives().allowNegativeScores();
    List<Contribution> contributions = new ArrayList<>();
    byRuleset.forEach(
        (ruleset, hits) -> {
          boolean lowers = new Contribution(ruleset, hits, false).sum() < 0;
          contributions.add(new Contribution(ruleset, hits, unclipped && lowers));
        });
    return contributions;
  }

  private static Map<Long, Long> scores(
      Engine engine, List<Replay.Past> history, long resetMillis, long nowMillis) {
    Ledger ledger = new Ledger(Standing.NEVER, Standing.NEVER, resetMillis);
    ledger.watch(nowMillis);
    Replay.run(ledger, history, engine, nowMillis);
    Map<Long, Long> scores = new HashMap<>();
    boolean negative = engine.halfLives().allowNegativeScores();
    ledger.watched().forEach((ruleset, sum) -> scores.put(ruleset, Policies.shown(sum, negative)));
    return scores;
  }

  /**
   * Returns the profile with what events bring to it then, where that is not what they bring now;
   * what people wrote stays.
   */
  private Map<String, Profile.Field> profile(
      Subject lead, List<Past> counted, List<Past> wouldCount) {
    if (!profilesDiffer && counted.equals(wouldCount)) {
      return lead.profile();
    }
    Map<String, Profile.Field> brought = updated(before.profile(), Map.of(), counted);
    Map<String, Profile.Field> written = new LinkedHashMap<>(lead.profile());
    written.entrySet().removeIf(field -> field.getValue().equals(brought.get(field.getKey())));
    Map<String, Profile.Field> was = updated(before.profile(), written, counted);
    Map<String, Profile.Field> would = updated(after.profile(), written, wouldCount);
    Map<String, Profile.Field> profile = new LinkedHashMap<>(lead.profile());
    was.keySet().stream().filter(field -> !would.containsKey(field)).forEach(profile::remove);
    would.forEach(
        (name, field) -> {
          if (!field.equals(was.get(name))) {
            profile.put(name, field);
          }
        });
    return profile;
  }

  private static Map<String, Profile.Field> updated(
      Profile profile, Map<String, Profile.Field> from, List<Past> events) {
    Map<String, Profile.Field> fields = from;
    if (profile.isMapped()) {
      for (Past past : events) {
        if (!EventId.isSystem(past.fact().seq())) {
          fields = profile.updated(fields, past.metadata().get(), past.fact().timeMillis());
        }
      }
    }
    return fields;
  }

  private Map<Long, Long> profileScores(Subject lead, Map<String, Profile.Field> profile) {
    if (lead.profile().isEmpty() && profile.isEmpty()) {
      return lead.profileScores(); // Scores come with what they are about.
    }
    Map<Long, Long> was = before.profile().scores(lead.profile());
    Map<Long, Long> would = after.profile().scores(profile);
    Map<Long, Long> scores = new HashMap<>(lead.profileScores());
    was.keySet().stream().filter(ruleset -> !would.containsKey(ruleset)).forEach(scores::remove);
    would.forEach(
        (ruleset, score) -> {
          if (!score.equals(was.get(ruleset))) {
            scores.put(ruleset, score);
          }
        });
    return scores;
  }

  /** What filters make of one lead's events, which come in the order in which they arrived. */
  private static final class Verdicts {
    private final Suppression suppression;
    private final Map<String, List<Long>> countedByType = new HashMap<>();

    Verdicts(Suppression suppression) {
      this.suppression = suppression;
    }

    boolean passes(Past past) {
      long timeMillis = past.fact().timeMillis();
      List<Long> counted =
          countedByType.computeIfAbsent(past.eventType(), any -> new ArrayList<>());
      Suppression.Verdict verdict =
          suppression.verdict(
              past.eventType(),
              timeMillis,
              past.metadata(),
              (afterMillis, untilMillis, enough) ->
                  upTo(counted, untilMillis) - upTo(counted, afterMillis));
      if ((verdict == null || verdict.isCounted()) && suppression.counts(past.eventType())) {
        counted.add(upTo(counted, timeMillis), timeMillis);
      }
      return verdict == null;
    }

    /** Returns how many of the sorted times are not after one. */
    private static int upTo(List<Long> times, long timeMillis) {
      int from = 0;
      int to = times.size();
      while (from < to) {
        int middle = (from + to) >>> 1;
        if (times.get(middle) <= timeMillis) {
          from = middle + 1;
        } else {
          to = middle;
        }
      }
      return from;
    }
  }

  /** Returns the keys of decay rules that one side has not, or not with the same effect. */
  private static Set<Long> otherDecays(RuleSetup before, RuleSetup after) {
    Set<Long> other = new HashSet<>();
    for (DecayRule rule : before.decayRules()) {
      other.add(rule.key());
    }
    for (DecayRule rule : after.decayRules()) {
      DecayRule was = decay(before, rule.key());
      if (was != null && doSame(was, rule)) {
        other.remove(rule.key());
      } else {
        other.add(rule.key());
      }
    }
    return other;
  }

  private static boolean doSame(DecayRule one, DecayRule other) {
    return one.points() == other.points()
        && one.intervalDays() == other.intervalDays()
        && one.active() == other.active()
        && Objects.equals(one.ruleset(), other.ruleset());
  }

  private static @Nullable DecayRule decay(RuleSetup setup, long key) {
    return setup.decayRules().stream().filter(rule -> rule.key() == key).findFirst().orElse(null);
  }

  /** Returns the decay rules in force for as long as what they change was, new ones since ever. */
  private static List<DecayRule> decays(RuleSetup before, RuleSetup after) {
    List<DecayRule> rules = new ArrayList<>();
    for (DecayRule rule : after.decayRules()) {
      DecayRule was = decay(before, rule.key());
      rules.add(
          new DecayRule(
              rule.key(),
              rule.id(),
              rule.name(),
              rule.points(),
              rule.intervalDays(),
              rule.active(),
              rule.ruleset(),
              rule.createdAtMillis(),
              was != null && (was.active() || !rule.active())
                  ? was.inForceSinceMillis()
                  : Standing.NEVER));
    }
    return rules;
  }
}
