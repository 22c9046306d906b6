package io.kenbun.lite.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.ScoringSettings;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells a small history in the words of the contract's examples: one ruleset, few leads, times in
 * days after the start.
 */
final class Scene implements AutoCloseable {
  static final long DAY_MILLIS = 86_400_000;

  /** 2026-02-10T00:00:00Z: a midnight, so that days are days. */
  static final long START_MILLIS = 1_770_681_600_000L;

  /** The ruleset of {@link #setup}. */
  static final long RULESET = 1;

  private final World world;
  private int events;

  /** Opens a world with its rules at the start. */
  interface Opener {
    World open(RuleSetup setup, long nowMillis) throws Exception;
  }

  Scene(Opener opener, RuleSetup setup) throws Exception {
    this.world = opener.open(setup, START_MILLIS);
  }

  // ---- rules

  static Rule rule(long key, String eventType, int weight, @Nullable Integer halfLifeDays) {
    return rule(key, eventType, weight, halfLifeDays, DateWindow.ALWAYS);
  }

  static Rule rule(long key, String eventType, int weight, Condition... filters) {
    return new Rule(
        key,
        "rule-" + key,
        eventType,
        weight,
        true,
        List.of(filters),
        DateWindow.ALWAYS,
        (int) key,
        null,
        START_MILLIS,
        START_MILLIS);
  }

  static Rule rule(
      long key, String eventType, int weight, @Nullable Integer halfLifeDays, DateWindow window) {
    return new Rule(
        key,
        "rule-" + key,
        eventType,
        weight,
        true,
        List.of(),
        window,
        (int) key,
        halfLifeDays,
        START_MILLIS,
        START_MILLIS);
  }

  static Ruleset ruleset(long key, Rule... rules) {
    return new Ruleset(
        key,
        "ruleset-" + key,
        "Ruleset " + key,
        "",
        "engagement_score",
        true,
        key == RULESET,
        DateWindow.ALWAYS,
        START_MILLIS,
        List.of(rules));
  }

  static DecayRule decay(int points, int intervalDays) {
    return new DecayRule(1, "decay-1", "Idle", points, intervalDays, true, null, 0);
  }

  static RuleSetup.Builder setup(Rule... rules) {
    return RuleSetup.builder(RandomRules.UNIT).rulesets(List.of(ruleset(RULESET, rules)));
  }

  static ScoringSettings negatives(boolean allowed) {
    return new ScoringSettings(allowed, false, 30, 0);
  }

  static long days(double days) {
    return START_MILLIS + Math.round(days * DAY_MILLIS);
  }

  /** A hundred points for an {@code Up}, and nothing for anything else. */
  static RuleSetup.Builder idle() {
    return setup(rule(10, "Up", 100));
  }

  /** Rules of 10, -30 and 5 points. */
  static RuleSetup.Builder upAndDown() {
    return setup(rule(10, "Up", 10), rule(11, "Down", -30), rule(12, "Half Up", 5));
  }

  // ---- what happens

  /** Has an event of lead {@code a} arrive; returns its number. */
  int event(String type, double day) throws Exception {
    return event("a", type, days(day), Map.of());
  }

  int event(String who, String type, long millis, Map<String, @Nullable Object> metadata)
      throws Exception {
    List<Alias> aliases = List.of(new Alias(AliasKind.EMAIL, who + "@example.com"));
    world.apply(new Step.Arrival(++events, null, aliases, type, millis, metadata));
    return events;
  }

  void clock(double day) throws Exception {
    world.apply(new Step.Clock(days(day)));
  }

  void apply(Step step) throws Exception {
    world.apply(step);
  }

  void rules(RuleSetup.Builder setup) throws Exception {
    world.apply(new Step.Change("", setup.build()));
  }

  // ---- what is seen

  long shown(int ofEvent) throws Exception {
    return lead(ofEvent).scores().shown().getOrDefault(RULESET, 0L);
  }

  /** Expects the score before it is rounded, or what it rounds to where only that can be seen. */
  void assertScore(double expected, int ofEvent, double off) throws Exception {
    State.Scores now = lead(ofEvent).scores();
    if (now.exact() == null) {
      assertEquals(expected, now.shown().getOrDefault(RULESET, 0L), 0.5 + off);
    } else {
      assertEquals(expected, now.exact().getOrDefault(RULESET, 0.0), 1e-9 + off);
    }
  }

  void assertScore(double expected, int ofEvent) throws Exception {
    assertScore(expected, ofEvent, 0);
  }

  State.Lead lead(int ofEvent) throws Exception {
    State state = world.state();
    State.Event event = state.events().get(ofEvent);
    if (event == null || event.lead() == null) {
      throw new AssertionError("event without lead: " + ofEvent + " in " + state);
    }
    return state.leads().get(event.lead());
  }

  State state() throws Exception {
    return world.state();
  }

  /** Returns the suppression reasons of all events in order, {@code -} for none. */
  List<String> reasons() throws Exception {
    List<String> reasons = new ArrayList<>();
    for (State.Event event : world.state().events().values()) {
      reasons.add(event.reason() == null ? "-" : event.reason());
    }
    return reasons;
  }

  @Override
  public void close() throws SQLException {
    world.close();
  }
}
