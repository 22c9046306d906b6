package io.kenbun.lite.store;

import static io.kenbun.lite.store.Scene.DAY;
import static io.kenbun.lite.store.Scene.email;
import static io.kenbun.lite.store.Scene.rule;
import static io.kenbun.lite.store.Scene.ruleset;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.store.sql.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every trigger of the server against {@link NaiveTriggers}, over histories that are shuffled,
 * late, doubled, imported, interrupted by restarts, resets, merges and time, with points that fade
 * and decay, and levels that are asked for. A failing one is cut down before it is shown. {@code
 * -Dkenbun.triggers.histories=} and {@code -Dkenbun.triggers.seed=} try more, or one.
 */
class TriggerHistoriesTest {
  private static final String[] TYPES = {"A", "B", "C", "D"};
  private static final String[] LEVELS = {"Low", "Mid", "High"};
  private static final int HISTORIES = Integer.getInteger("kenbun.triggers.histories", 40);
  private static final long SEED = Long.getLong("kenbun.triggers.seed", 1);

  @TempDir Path directory;
  private int runs;
  private int firings;

  private enum Kind {
    EVENT,
    SKIPPED,
    SLEEP,
    RESTART,
    RESET,
    MERGE
  }

  /**
   * One thing that happens; the timestamp of an event counts from the clock's time.
   *
   * @param who the lead, "a" or "b"
   * @param industry what an event says of the profile, null for nothing
   */
  private record Step(
      Kind kind, String who, String type, long millis, boolean waits, @Nullable String industry) {
    Step(Kind kind, String who, long millis, boolean waits) {
      this(kind, who, "", millis, waits, null);
    }
  }

  @Test
  void firesWhatTheNaiveModelFires() throws Exception {
    for (int i = 0; i < HISTORIES; i++) {
      long seed = SEED + i;
      Random random = new Random(seed);
      RuleSetup setup = setup(random);
      List<Step> steps = steps(random, setup);
      if (differs(setup, steps) != null) {
        List<Step> fewer = shrink(steps, candidate -> differs(setup, candidate) != null);
        throw new AssertionError(
            "seed " + seed + "\n" + setup + "\n" + fewer + "\n" + differs(setup, fewer));
      }
    }
    assertTrue(firings > HISTORIES, "hardly anything fired: " + firings);
  }

  /** Returns what the server fired and what the model did, null when they agree. */
  private @Nullable String differs(RuleSetup setup, List<Step> steps) {
    try (Run run = new Run(setup, Files.createDirectory(directory.resolve("run" + runs++)))) {
      for (Step step : steps) {
        run.take(step);
      }
      run.scene.drain();
      run.scene.upkeep.catchUp();
      return run.differs();
    } catch (Exception e) {
      throw new AssertionError(steps.toString(), e);
    }
  }

  /** One history, on its way through the server and the models. */
  private final class Run implements AutoCloseable {
    private final RuleSetup setup;
    private final Path data;
    private final Map<String, NaiveTriggers> models = new TreeMap<>(); // By the first lead's name.
    private final Map<String, String> leadIds = new HashMap<>();
    private Scene scene;
    private boolean merged;
    private int waiting;

    Run(RuleSetup setup, Path data) throws Exception {
      this.setup = setup;
      this.data = data;
      this.scene = new Scene(data);
      use(scene, setup);
    }

    private NaiveTriggers model(String who) {
      String name = merged ? "a" : who;
      return models.computeIfAbsent(name, key -> new NaiveTriggers(setup, scene.nowMillis));
    }

    void take(Step step) throws Exception {
      if (step.kind == Kind.EVENT || step.kind == Kind.SKIPPED) {
        event(step);
        return;
      }
      scene.drain();
      waiting = 0;
      for (String who : List.of("a", "b")) {
        Lead lead = scene.find(who);
        if (lead != null && !merged) {
          leadIds.put(who, lead.leadId());
        }
      }
      switch (step.kind) {
        case SLEEP -> {
          long until = scene.nowMillis + step.millis;
          if (step.waits) {
            scene.nowMillis = until; // The sweep comes late.
          } else {
            scene.sleepUntil(until);
          }
          for (String who : merged ? List.of("a") : List.copyOf(models.keySet())) {
            model(who).passTo(until);
          }
        }
        case RESTART -> {
          long nowMillis = scene.nowMillis;
          scene.close();
          scene = new Scene(data);
          scene.nowMillis = nowMillis;
          use(scene, setup);
        }
        case RESET -> {
          if (scene.find(step.who) != null) {
            scene.changes.reset(scene.unit.key(), scene.lead(step.who).leadId());
            model(step.who).reset();
          }
        }
        default -> merge();
      }
    }

    private void event(Step step) throws Exception {
      boolean skipped = step.kind == Kind.SKIPPED;
      long ts = scene.nowMillis + step.millis;
      String industry = step.industry;
      String metadata = industry == null ? null : "{\"industry\":\"" + industry + "\"}";
      long seq =
          scene.accept(
              new RawEvent(
                  scene.unit.key(),
                  null,
                  List.of(email(step.who)),
                  step.type,
                  ts,
                  scene.nowMillis,
                  metadata,
                  skipped));
      model(step.who).event(ts, seq, step.type, industry, skipped);
      if (!step.waits || ++waiting >= 6) {
        scene.drain();
        waiting = 0;
      }
    }

    private void merge() throws Exception {
      if (!merged && scene.find("a") != null && scene.find("b") != null) {
        scene.upkeep.catchUp(); // What has faded until now is told before.
        scene.changes.merge(
            scene.unit.key(), scene.lead("a").leadId(), List.of(scene.lead("b").leadId()), "dev");
        model("a").merge(model("b"));
        merged = true;
      }
    }

    @Nullable String differs() throws Exception {
      for (Map.Entry<String, NaiveTriggers> one : models.entrySet()) {
        String leadId = leadIds.get(one.getKey());
        if (leadId == null) {
          leadId = scene.lead(one.getKey()).leadId();
        }
        String of = leadId;
        List<String> fired =
            scene.ask(
                c ->
                    new Sql(
                            """
                                SELECT CASE type WHEN 'milestone.entered' THEN '+'
                                  WHEN 'milestone.exited' THEN '-' ELSE '' END || trigger_id
                                FROM firing WHERE lead_id = ? ORDER BY key""",
                            of)
                        .list(c, row -> row.getString(1)));
        firings += fired.size();
        if (!fired.equals(one.getValue().fired())) {
          return one.getKey() + " fired " + fired + "\nnaive " + one.getValue().fired();
        }
      }
      return null;
    }

    @Override
    public void close() {
      scene.close();
    }
  }

  private static void use(Scene scene, RuleSetup setup) {
    scene.rules(
        b ->
            b.rulesets(setup.rulesets())
                .engagementLevels(setup.engagementLevels())
                .profileLevels(setup.profileLevels())
                .profileMappings(setup.profileMappings())
                .profileRulesets(setup.profileRulesets())
                .decayRules(setup.decayRules())
                .milestones(setup.milestones())
                .sequences(setup.sequences())
                .surges(setup.surges()));
  }

  private static RuleSetup setup(Random random) {
    List<Ruleset> rulesets = new ArrayList<>();
    for (long key = 1; key <= 2; key++) {
      rulesets.add(
          ruleset(
              key,
              rule(key * 10, "A", 1 + random.nextInt(20), random.nextBoolean() ? 1 : null),
              rule(key * 10 + 1, "B", 1 + random.nextInt(40), random.nextBoolean() ? 3 : null),
              rule(key * 10 + 2, "C", -1 - random.nextInt(30))));
    }
    List<Milestone> milestones = new ArrayList<>();
    for (int key = random.nextInt(5); key > 0; key--) {
      milestones.add(milestone(random, key));
    }
    List<Sequence> sequences = new ArrayList<>();
    for (int key = random.nextInt(4); key > 0; key--) {
      String[] types = new String[1 + random.nextInt(4)];
      for (int i = 0; i < types.length; i++) {
        types[i] = TYPES[random.nextInt(3)];
      }
      long window = new long[] {1, 5, 60, 86_400}[random.nextInt(4)];
      sequences.add(0, FiringsOf.sequence(key, window, random.nextBoolean(), types));
    }
    List<Surge> surges = new ArrayList<>();
    for (int key = random.nextInt(4); key > 0; key--) {
      String type = random.nextInt(3) == 0 ? null : TYPES[random.nextInt(4)];
      long window = new long[] {1, 5, 60, 86_400}[random.nextInt(4)];
      surges.add(0, FiringsOf.surge(key, type, 1 + random.nextInt(5), window));
    }
    List<DecayRule> decays = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      Long only = random.nextInt(3) == 0 ? 2L : null;
      int days = random.nextBoolean() ? 1 : 3;
      decays.add(new DecayRule(1, "d", "D", -1 - random.nextInt(20), days, true, only, 0));
    }
    return RuleSetup.builder(new OrgUnit(1, "u", "o", "U", "u", null, true))
        .rulesets(rulesets)
        .decayRules(decays)
        .engagementLevels(
            List.of(
                new Level("l", "Low", 0, 19, "", 0),
                new Level("m", "Mid", 20, 49, "", 1),
                new Level("h", "High", 50, null, "", 2)))
        .profileLevels(
            List.of(new Level("p", "Poor", 0, 39, "", 0), new Level("f", "Fit", 40, null, "", 1)))
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
                    List.of(
                        new ProfileRule(
                            1,
                            "r",
                            new Condition("industry", Operator.EQUALS, "Retail"),
                            40,
                            true,
                            0,
                            0)))))
        .milestones(milestones)
        .sequences(sequences)
        .surges(surges)
        .build();
  }

  private static Milestone milestone(Random random, long key) {
    return new Milestone(
        key,
        "m" + key,
        "M" + key,
        1 + random.nextInt(60),
        random.nextInt(4) == 0 ? TYPES[random.nextInt(3)] : null,
        random.nextInt(3) == 0 ? FireMode.ONCE : FireMode.ALWAYS,
        new long[] {0, 0, 10, 86_400, 432_000}[random.nextInt(5)],
        random.nextInt(3) == 0 ? 2L : null,
        random.nextInt(4) == 0 ? LEVELS[random.nextInt(3)] : null,
        random.nextInt(5) == 0 ? random.nextBoolean() ? "Fit" : "Poor" : null,
        null,
        random.nextInt(3) > 0,
        true,
        Destinations.NONE,
        0,
        0,
        0);
  }

  private static List<Step> steps(Random random, RuleSetup setup) {
    List<Step> steps = new ArrayList<>();
    // What decays before the sweep has come is told with the next event, if that is a late one.
    boolean sweepsInTime = !setup.decayRules().isEmpty();
    boolean isOne = random.nextBoolean();
    boolean batches = random.nextBoolean();
    for (int i = 5 + random.nextInt(60); i > 0; i--) {
      int dice = random.nextInt(100);
      if (dice < 75) {
        long late =
            switch (random.nextInt(6)) {
              case 0 -> -random.nextInt(5_000);
              case 1 -> -random.nextInt(3) * 1_000L;
              case 2 -> random.nextInt(10) == 0 ? -(long) (random.nextDouble() * 9 * DAY) : 0;
              default -> 0;
            };
        Kind kind = random.nextInt(12) == 0 ? Kind.SKIPPED : Kind.EVENT;
        String industry = random.nextInt(5) == 0 ? random.nextBoolean() ? "Retail" : "Bank" : null;
        String who = isOne || random.nextInt(3) > 0 ? "a" : "b";
        boolean waits = batches && random.nextInt(3) > 0;
        Step step = new Step(kind, who, TYPES[random.nextInt(4)], late, waits, industry);
        steps.add(step);
        if (random.nextInt(20) == 0) {
          steps.add(step); // The same once more.
        }
      } else if (dice < 97) {
        long millis =
            switch (random.nextInt(3)) {
              case 0 -> random.nextInt(3) * 1_000L;
              case 1 -> 1 + random.nextInt(70_000);
              default -> (long) (random.nextDouble() * random.nextDouble() * 20 * DAY);
            };
        steps.add(new Step(Kind.SLEEP, "", millis, !sweepsInTime && random.nextInt(3) == 0));
      } else if (dice < 98) {
        steps.add(new Step(Kind.RESTART, "", 0, false));
      } else if (dice < 99) {
        steps.add(new Step(Kind.RESET, random.nextInt(3) > 0 ? "a" : "b", 0, false));
      } else {
        steps.add(new Step(Kind.MERGE, "", 0, false));
      }
    }
    return steps;
  }

  private static List<Step> shrink(List<Step> failing, Predicate<List<Step>> fails) {
    List<Step> steps = new ArrayList<>(failing);
    for (int size = Math.max(1, steps.size() / 2); size >= 1; size /= 2) {
      for (int from = steps.size() - size; from >= 0; from--) {
        List<Step> fewer = new ArrayList<>(steps);
        fewer.subList(from, from + size).clear();
        if (fails.test(fewer)) {
          steps = fewer;
          from = Math.min(from, steps.size() - size + 1);
        }
      }
    }
    return steps;
  }
}
