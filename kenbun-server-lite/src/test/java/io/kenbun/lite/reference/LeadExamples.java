package io.kenbun.lite.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.ScoringSettings;
import io.kenbun.lite.model.VelocityFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same for {@code scoring.md} 7 to 13: what happens to leads, and what is kept from them. */
abstract class LeadExamples implements Scene.Opener {
  private Scene scene(RuleSetup.Builder setup) throws Exception {
    return new Scene(this, setup.build());
  }

  // ---- 7 profile

  @Test
  void section7MappedKeysMakeAProfileScore() throws Exception {
    try (Scene scene = scene(fit())) {
      int event =
          scene.event(
              "a", "Up", Scene.days(1), Map.of("staff", new Metadata.Digits("50"), "job", "CTO"));
      scene.event("a", "Up", Scene.days(0), Map.of("staff", "7", "job", "CEO")); // Late.
      assertEquals(Map.of(1L, 40L), scene.lead(event).profileScores());
      scene.event("a", "Up", Scene.days(1), Map.of("staff", "9", "job", "CEO"));
      // The count is the latest now, the job stays the first.
      assertEquals(30, scene.lead(event).profileScores().get(1L));
    }
  }

  private static RuleSetup.Builder fit() {
    ProfileMapping.UpdateBehavior latest = ProfileMapping.UpdateBehavior.ALWAYS_LATEST;
    ProfileMapping.UpdateBehavior first = ProfileMapping.UpdateBehavior.ONLY_IF_EMPTY;
    Condition big = new Condition("company_employee_count", Operator.GREATER_OR_EQUAL, "10");
    Condition boss = new Condition("contact_job_title", Operator.EQUALS, "CTO");
    return Scene.idle()
        .profileMappings(
            List.of(
                new ProfileMapping(1, "pm-1", "staff", "company_employee_count", latest, 0),
                new ProfileMapping(2, "pm-2", "job", "contact_job_title", first, 0)))
        .profileRulesets(
            List.of(
                new ProfileRuleset(
                    1,
                    "prs-1",
                    "Fit",
                    "",
                    true,
                    true,
                    0,
                    0,
                    List.of(
                        new ProfileRule(1, "pr-1", big, 10, true, 0, 0),
                        new ProfileRule(2, "pr-2", boss, 30, true, 0, 0)))));
  }

  // ---- 10 reset, rescore; 13 merge

  @Test
  void section101AResetTakesEverythingForGood() throws Exception {
    try (Scene scene = scene(Scene.idle())) {
      scene.clock(2);
      int event = scene.event("Up", 1);
      scene.apply(new Step.Reset(event));
      assertEquals(0, scene.shown(event));
      scene.event("Up", 1.99999);
      assertEquals(0, scene.shown(event)); // Before the reset: stored, earns nothing.
      scene.event("Up", 2);
      assertEquals(100, scene.shown(event));
      scene.apply(new Step.Rescore());
      assertEquals(100, scene.shown(event));
    }
  }

  @Test
  void section102ARescoreTakesTheCurrentRules() throws Exception {
    try (Scene scene = scene(Scene.idle())) {
      int event = scene.event("Up", 0);
      scene.rules(Scene.setup(Scene.rule(10, "Up", 30), Scene.rule(11, "Down", -20)));
      assertEquals(100, scene.shown(event));
      scene.event("Down", 0);
      assertEquals(80, scene.shown(event));
      scene.apply(new Step.Rescore());
      assertEquals(10, scene.shown(event));
    }
  }

  @Test
  void section13AMergeAddsUpTheContributionsOfBoth() throws Exception {
    try (Scene scene = scene(Scene.upAndDown())) {
      int a = scene.event("a", "Up", Scene.days(0), Map.of());
      int b = scene.event("b", "Down", Scene.days(1), Map.of());
      scene.event("b", "Half Up", Scene.days(2), Map.of());
      assertEquals(5, scene.shown(b));
      scene.apply(new Step.Merge(a, List.of(b)));
      assertEquals(5, scene.shown(b)); // 10, then -30 down to 0, then 5.
      assertEquals(1, scene.state().leads().size());
      scene.event("b", "Up", Scene.days(3), Map.of());
      assertEquals(15, scene.shown(a));
    }
  }

  @Test
  void section56DeletedEventsTakeTheirContributionsAlong() throws Exception {
    try (Scene scene = scene(Scene.upAndDown())) {
      int up = scene.event("Up", 0);
      int down = scene.event("Down", 1);
      int half = scene.event("Half Up", 2);
      scene.apply(new Step.Delete(List.of(down)));
      assertEquals(15, scene.shown(half));
      scene.apply(new Step.Delete(List.of(up)));
      assertEquals(5, scene.shown(half));
      scene.apply(new Step.DeleteType("Half Up"));
      assertTrue(scene.state().events().isEmpty());
    }
  }

  // ---- 11 suppression

  @ParameterizedTest
  @CsvSource({
    "3, false, - - - inorganic inorganic",
    "0, false, inorganic inorganic",
    "3, true, - - - inorganic_grouped",
    "1, true, - inorganic_grouped inorganic_grouped",
    "0, true, - inorganic_grouped"
  })
  void section113NPassAndTheNextIsSuppressed(int threshold, boolean keepFirst, String reasons)
      throws Exception {
    List<String> expected = List.of(reasons.split(" ", -1));
    try (Scene scene =
        scene(Scene.idle().velocityFilters(List.of(filter(1, threshold, keepFirst))))) {
      for (int i = 0; i < expected.size(); i++) {
        scene.event("a", "Up", Scene.START_MILLIS + i, Map.of());
      }
      assertEquals(expected, scene.reasons());
    }
  }

  @ParameterizedTest
  @CsvSource({"299999, inorganic", "300000, -"})
  void section113TheWindowIsOpenAtItsFarEnd(long millis, String reason) throws Exception {
    try (Scene scene = scene(Scene.idle().velocityFilters(List.of(filter(1, 1, false))))) {
      scene.event("a", "Up", Scene.START_MILLIS, Map.of());
      scene.event("a", "Up", Scene.START_MILLIS + millis, Map.of());
      assertEquals(List.of("-", reason), scene.reasons());
    }
  }

  @Test
  void section113SuppressedEventsCountAndNothingIsTakenBack() throws Exception {
    try (Scene scene = scene(Scene.idle().velocityFilters(List.of(filter(1, 1, false))))) {
      int event = scene.event("a", "Up", Scene.START_MILLIS, Map.of());
      scene.event("a", "Up", Scene.START_MILLIS + 200_000, Map.of());
      scene.event("a", "Up", Scene.START_MILLIS + 400_000, Map.of()); // Counts the second.
      scene.event("a", "Up", Scene.START_MILLIS - 1, Map.of()); // Late: nobody before it.
      assertEquals(List.of("-", "inorganic", "inorganic", "-"), scene.reasons());
      assertEquals(200, scene.shown(event));
    }
  }

  @Test
  void section113TheFirstFilterNamesTheReason() throws Exception {
    List<VelocityFilter> filters = List.of(filter(1, 1, true), filter(2, 1, false));
    try (Scene scene = scene(Scene.idle().velocityFilters(filters))) {
      scene.event("Up", 0);
      scene.event("Up", 0);
      assertEquals(List.of("-", "inorganic_grouped"), scene.reasons());
    }
  }

  @Test
  void section112AnAttributeFilterComesBeforeVelocityAndIsNotCounted() throws Exception {
    MetadataFilter bots = bots(new Condition("agent", Operator.CONTAINS, "bot"));
    RuleSetup.Builder setup =
        Scene.idle().metadataFilters(List.of(bots)).velocityFilters(List.of(filter(1, 1, false)));
    try (Scene scene = scene(setup)) {
      scene.event("a", "Up", Scene.START_MILLIS, Map.of("agent", "a bot"));
      assertTrue(scene.state().leads().isEmpty()); // Creates no lead.
      int event = scene.event("a", "Up", Scene.START_MILLIS, Map.of());
      scene.event("a", "Up", Scene.START_MILLIS, Map.of());
      scene.event("a", "Up", Scene.START_MILLIS, Map.of("agent", "a bot"));
      assertEquals(
          List.of("metadata_filter", "-", "inorganic", "metadata_filter"), scene.reasons());
      assertEquals(100, scene.shown(event));
    }
  }

  @Test
  void section112AllConditionsOfAFilterAnyOfTheFilters() throws Exception {
    MetadataFilter both =
        bots(
            new Condition("agent", Operator.CONTAINS, "bot"),
            new Condition("plan", Operator.EQUALS, "free"));
    MetadataFilter other = bots(new Condition("agent", Operator.EQUALS, "scanner"));
    try (Scene scene = scene(Scene.idle().metadataFilters(List.of(both, other)))) {
      for (Map<String, Object> metadata :
          List.<Map<String, Object>>of(
              Map.of("agent", "bot"),
              Map.of("agent", "bot", "plan", "free"),
              Map.of("agent", "scanner"))) {
        scene.event("a", "Up", Scene.START_MILLIS, new HashMap<>(metadata));
      }
      assertEquals(List.of("-", "metadata_filter", "metadata_filter"), scene.reasons());
    }
  }

  @Test
  void section113FanOutIsOffByDefaultAndCollapsesWithinASecond() throws Exception {
    RuleSetup.Builder off = Scene.idle();
    RuleSetup.Builder on = Scene.idle().settings(new ScoringSettings(false, false, 30, 1_000));
    List<List<String>> seen = new ArrayList<>();
    for (RuleSetup.Builder setup : List.of(off, on)) {
      try (Scene scene = scene(setup)) {
        scene.event("a", "Up", Scene.START_MILLIS, Map.of());
        scene.event("a", "Up", Scene.START_MILLIS + 999, Map.of());
        scene.event("a", "Up", Scene.START_MILLIS + 1_000, Map.of());
        seen.add(scene.reasons());
      }
    }
    assertEquals(List.of("-", "-", "-"), seen.get(0));
    assertEquals(List.of("-", "inorganic_grouped", "-"), seen.get(1));
  }

  @Test
  void section6DecayEventsMatchNoRule() throws Exception {
    try (Scene scene = scene(Scene.setup(Scene.rule(10, "DECAY", 50)))) {
      int event = scene.event("DECAY", 0);
      assertEquals(0, scene.shown(event));
      assertFalse(scene.state().events().isEmpty());
    }
  }

  private static VelocityFilter filter(long key, int threshold, boolean keepFirst) {
    return new VelocityFilter(
        key, "if-" + key, "Up", threshold, 300_000, keepFirst, true, key, key);
  }

  private static MetadataFilter bots(Condition... conditions) {
    return new MetadataFilter(1, "mf-1", "Bots", "", List.of(conditions), true, 0, 0, "dev", "dev");
  }
}
