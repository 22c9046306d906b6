package io.kenbun.lite.store;

import static io.kenbun.lite.store.Scene.DAY;
import static io.kenbun.lite.store.Scene.T0;
import static io.kenbun.lite.store.Scene.email;
import static io.kenbun.lite.store.Scene.rule;
import static io.kenbun.lite.store.Scene.ruleset;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every trigger of the server against {@link NaiveTriggers}, over histories that are shuffled,
 * late, doubled, imported, interrupted by restarts and by time. A failing one is cut down before it
 * is shown. {@code -Dkenbun.triggers.histories=} and {@code -Dkenbun.triggers.seed=} try more, or
 * one.
 */
class TriggerHistoriesTest {
  private static final String[] TYPES = {"A", "B", "C", "D"};
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
    RESET
  }

  /** One thing that happens; the timestamp of an event counts from the clock's time. */
  private record Step(Kind kind, String type, long millis, boolean waits) {}

  @Test
  void firesWhatTheNaiveModelFires() throws Exception {
    for (int i = 0; i < HISTORIES; i++) {
      long seed = SEED + i;
      Random random = new Random(seed);
      RuleSetup setup = setup(random);
      List<Step> steps = steps(random);
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
    try {
      Path data = Files.createDirectory(directory.resolve("run" + runs++));
      Scene scene = new Scene(data);
      try {
        NaiveTriggers naive = new NaiveTriggers(setup, T0);
        use(scene, setup);
        int waiting = 0;
        for (Step step : steps) {
          switch (step.kind) {
            case EVENT, SKIPPED -> {
              boolean skipped = step.kind == Kind.SKIPPED;
              long ts = scene.nowMillis + step.millis;
              long seq =
                  scene.accept(
                      new RawEvent(
                          scene.unit.key(),
                          null,
                          List.of(email("a")),
                          step.type,
                          ts,
                          scene.nowMillis,
                          null,
                          skipped));
              naive.event(ts, seq, step.type, skipped);
              if (!step.waits || ++waiting >= 6) {
                scene.drain();
                waiting = 0;
              }
            }
            case SLEEP -> {
              scene.drain();
              waiting = 0;
              long until = scene.nowMillis + step.millis;
              if (step.waits) {
                scene.nowMillis = until; // The sweep comes late.
              } else {
                scene.sleepUntil(until);
              }
              naive.passTo(until);
            }
            case RESTART -> {
              long nowMillis = scene.nowMillis;
              scene.drain();
              waiting = 0;
              scene.close();
              scene = new Scene(data);
              scene.nowMillis = nowMillis;
              use(scene, setup);
            }
            case RESET -> {
              scene.drain();
              waiting = 0;
              if (scene.find("a") != null) {
                scene.changes.reset(scene.unit.key(), scene.lead("a").leadId());
                naive.reset();
              }
            }
          }
        }
        scene.drain();
        scene.upkeep.catchUp();
        List<String> fired =
            scene
                .storage
                .reads()
                .ask(
                    c ->
                        new Sql(
                                """
                                SELECT CASE type WHEN 'milestone.entered' THEN '+'
                                  WHEN 'milestone.exited' THEN '-' ELSE '' END || trigger_id
                                FROM firing ORDER BY key""")
                            .list(c, row -> row.getString(1)));
        firings += fired.size();
        return fired.equals(naive.fired()) ? null : "fired " + fired + "\nnaive " + naive.fired();
      } finally {
        scene.close();
      }
    } catch (Exception e) {
      throw new AssertionError(steps.toString(), e);
    }
  }

  private static void use(Scene scene, RuleSetup setup) {
    scene.rules(
        b ->
            b.rulesets(setup.rulesets())
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
    return RuleSetup.builder(new OrgUnit(1, "u", "o", "U", "u", null, true))
        .rulesets(rulesets)
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
        null,
        null,
        null,
        random.nextInt(3) > 0,
        true,
        Destinations.NONE,
        0,
        0,
        0);
  }

  private static List<Step> steps(Random random) {
    List<Step> steps = new ArrayList<>();
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
        Step step =
            new Step(kind, TYPES[random.nextInt(4)], late, batches && random.nextInt(3) > 0);
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
        steps.add(new Step(Kind.SLEEP, "", millis, random.nextInt(3) == 0));
      } else if (dice < 99) {
        steps.add(new Step(Kind.RESTART, "", 0, false));
      } else {
        steps.add(new Step(Kind.RESET, "", 0, false));
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
