package io.kenbun.lite.store;

import static io.kenbun.lite.store.Scene.T0;
import static io.kenbun.lite.store.Scene.rule;
import static io.kenbun.lite.store.Scene.ruleset;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The levels that a milestone asks for, at both ends: after the change, of that very moment. */
class MilestoneLevelsTest {
  @TempDir Path data;
  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    scene = new Scene(data);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static Milestone milestone(
      @Nullable Long ruleset,
      @Nullable String engagement,
      @Nullable String profile,
      @Nullable String account) {
    return new Milestone(
        1,
        "m",
        "M",
        10,
        null,
        FireMode.ALWAYS,
        0,
        ruleset,
        engagement,
        profile,
        account,
        true,
        true,
        Destinations.NONE,
        0,
        0,
        0);
  }

  private void use(int points, int fit, Milestone milestone) {
    Condition retail = new Condition("industry", Operator.EQUALS, "Retail");
    scene.rules(
        b ->
            b.rulesets(
                    List.of(
                        ruleset(1, rule(1, "Up", points), rule(2, "Down", -points)),
                        ruleset(2, rule(3, "Up", 10), rule(4, "Down", -10))))
                .engagementLevels(
                    List.of(
                        new Level("c", "Cold", 0, 49, "", 0), new Level("h", "Hot", 50, 79, "", 1)))
                .profileLevels(
                    List.of(
                        new Level("p", "Poor", 0, 39, "", 0), new Level("f", "Fit", 40, 69, "", 1)))
                .profileMappings(
                    List.of(
                        new ProfileMapping(
                            1, "pm", "industry", "industry", UpdateBehavior.ALWAYS_LATEST, 0)))
                .profileRulesets(
                    List.of(
                        new ProfileRuleset(
                            1,
                            "pr",
                            "Fit",
                            "",
                            true,
                            true,
                            0,
                            0,
                            List.of(new ProfileRule(1, "r", retail, fit, true, 0, 0)))))
                .milestones(List.of(milestone)));
  }

  private List<String> fired() throws Exception {
    return FiringsOf.milestones(scene);
  }

  @ParameterizedTest
  @CsvSource({"49, false", "50, true", "79, true", "80, false"})
  void theEngagementLevelIsAskedAtBothEnds(int score, boolean fires) throws Exception {
    use(score, 0, milestone(null, "Hot", null, null));
    scene.score("a", "Up", T0);
    assertEquals(fires ? List.of("+10") : List.of(), fired());
  }

  @ParameterizedTest
  @CsvSource({"49, false", "50, true", "79, true", "80, false"})
  void itIsThatOfTheHeadlineScoreWhicheverRulesetIsWatched(int score, boolean fires)
      throws Exception {
    use(score, 0, milestone(2L, "Hot", null, null));
    scene.score("a", "Up", T0);
    assertEquals(fires ? List.of("+10") : List.of(), fired());
  }

  @Test
  void whoLeavesMustHaveTheLevelAfterwards() throws Exception {
    use(60, 0, milestone(null, "Cold", null, null));
    scene.score("a", "Up", T0); // Hot then.
    scene.score("a", "Down", T0 + 1); // Cold now.
    assertEquals(List.of("-10"), fired());
  }

  @ParameterizedTest
  @CsvSource({"39, false", "40, true", "69, true", "70, false"})
  void theProfileLevelIsAskedAtBothEnds(int fit, boolean fires) throws Exception {
    use(10, fit, milestone(null, null, "Fit", null));
    scene.score("a", "Up", T0, "{\"industry\":\"Retail\"}"); // The event itself fills it.
    scene.score("b", "Other", T0, "{\"industry\":\"Retail\"}");
    scene.score("b", "Up", T0 + 1); // An earlier one did.
    scene.score("c", "Up", T0, "{\"industry\":\"Bank\"}");
    assertEquals(fires ? List.of("+10", "+10") : List.of(), fired());
  }

  @Test
  void aProfileThatChangesWithTheCrossingCounts() throws Exception {
    use(10, 40, milestone(null, null, "Poor", null));
    scene.score("a", "Up", T0, "{\"industry\":\"Retail\"}"); // Fit.
    scene.score("a", "Down", T0 + 1, "{\"industry\":\"Bank\"}"); // Poor from this very event on.
    assertEquals(List.of("-10"), fired());
  }

  @Test
  void bothMustHold() throws Exception {
    use(60, 40, milestone(null, "Hot", "Fit", null));
    scene.score("a", "Up", T0);
    scene.score("b", "Up", T0, "{\"industry\":\"Retail\"}");
    assertEquals(List.of("+10"), fired());
  }

  @Test
  void everyAccountIsUnclassified() throws Exception {
    use(10, 0, milestone(null, null, null, "Unclassified"));
    scene.score("a", "Up", T0);
    assertEquals(List.of("+10"), fired());
    use(10, 0, milestone(null, null, null, "Big"));
    scene.score("b", "Up", T0);
    assertEquals(List.of("+10"), fired());
  }
}
