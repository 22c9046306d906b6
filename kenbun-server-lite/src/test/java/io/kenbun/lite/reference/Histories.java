package io.kenbun.lite.reference;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes histories from seeds: few leads and few types, so that things meet; times that repeat, that
 * lie on the edges of windows and days, and that arrive late. Made for one seed, used once.
 */
final class Histories {
  static final long DAY_MILLIS = 86_400_000;

  /** 2026-02-10T08:00:00Z. */
  static final long START_MILLIS = 1_770_710_400_000L;

  private final Random random;
  private final long seed;
  private final RandomRules rules;
  private final List<Step> steps = new ArrayList<>();
  private final List<Long> timestamps = new ArrayList<>();
  private final List<Long> arrivedAtMillis = new ArrayList<>();
  private long nowMillis = START_MILLIS;
  private long latestMillis = START_MILLIS;
  private int events;

  private Histories(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    this.rules = new RandomRules(random, START_MILLIS);
  }

  static History of(long seed) {
    return new Histories(seed).make();
  }

  private History make() {
    var first = rules.setup();
    int length = 5 + random.nextInt(random.nextBoolean() ? 20 : 60);
    while (steps.size() < length) {
      add();
    }
    steps.add(new Step.Clock(nowMillis + millisAhead()));
    steps.add(new Step.Read());
    return new History(seed, first, START_MILLIS, steps);
  }

  private void add() {
    int dice = random.nextInt(100);
    if (dice < 62 || events == 0) {
      steps.add(arrival());
    } else if (dice < 65) {
      int number = anEvent();
      // Keys are remembered for a day, by the latest that the clock has shown.
      if (latestMillis - arrivedAtMillis.get(number - 1) < DAY_MILLIS) {
        steps.add(new Step.Repeat(number));
      }
    } else if (dice < 75) {
      nowMillis += millisAhead();
      latestMillis = Math.max(latestMillis, nowMillis);
      steps.add(new Step.Clock(nowMillis));
    } else if (dice < 77 && !rules.everDecayed()) {
      long back = random.nextInt(5) * DAY_MILLIS / 2 + random.nextInt(5_000);
      // Not so far that ingest would have refused what it took.
      nowMillis = Math.max(nowMillis - back, Collections.max(timestamps) - DAY_MILLIS);
      steps.add(new Step.Clock(nowMillis));
    } else if (dice < 82) {
      steps.add(new Step.Drain());
    } else if (dice < 86) {
      steps.add(new Step.Sweep());
    } else if (dice < 90) {
      steps.add(new Step.Read());
    } else if (dice < 93) {
      Step.Change change = rules.change(nowMillis);
      if (change != null) {
        steps.add(change);
      }
    } else {
      addRareStep();
    }
  }

  private void addRareStep() {
    switch (random.nextInt(17)) {
      case 0, 1, 2, 3 -> steps.add(new Step.Reset(anEvent()));
      case 4, 5, 6 -> {
        List<Integer> sources =
            random.nextInt(3) == 0 ? List.of(anEvent(), anEvent()) : List.of(anEvent());
        steps.add(new Step.Merge(anEvent(), sources));
      }
      case 7, 8, 9 ->
          steps.add(
              new Step.Delete(
                  random.nextBoolean() ? List.of(anEvent()) : List.of(anEvent(), anEvent())));
      case 10 -> steps.add(new Step.DeleteType(RuleDraws.type(random)));
      case 11, 12 -> steps.add(new Step.Rescore());
      case 13, 14 -> steps.add(new Step.RescoreProfiles());
      case 15 -> steps.add(new Step.DeleteLead(anEvent()));
      default -> steps.add(new Step.Restart());
    }
  }

  private int anEvent() {
    return 1 + random.nextInt(events);
  }

  private long millisAhead() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextInt(3_000);
      case 1 -> random.nextInt(3_600_000);
      case 2 -> random.nextInt(4) * DAY_MILLIS / 2;
      case 3 -> random.nextInt(20) * DAY_MILLIS;
      default -> (long) (random.nextDouble() * 12 * DAY_MILLIS);
    };
  }

  private Step.Arrival arrival() {
    // Ingest refuses what lies more than a day ahead.
    long timestampMillis = Math.min(timestampMillis(), nowMillis + DAY_MILLIS);
    timestamps.add(timestampMillis);
    arrivedAtMillis.add(nowMillis);
    String leadId = random.nextInt(6) == 0 ? "L" + random.nextInt(3) : null;
    List<Alias> aliases = new ArrayList<>();
    while ((leadId == null && aliases.isEmpty()) || random.nextInt(8) == 0) {
      aliases.add(alias());
    }
    String type =
        random.nextInt(40) == 0
            ? List.of("DECAY", "score_reset", "lead_merged").get(random.nextInt(3))
            : RuleDraws.type(random);
    return new Step.Arrival(++events, leadId, aliases, type, timestampMillis, metadata());
  }

  private Alias alias() {
    int who = random.nextInt(random.nextBoolean() ? 2 : 4);
    return random.nextInt(4) == 0
        ? new Alias(AliasKind.COOKIE, "c" + who)
        : new Alias(AliasKind.EMAIL, (random.nextInt(5) == 0 ? "A" : "a") + who + "@example.com");
  }

  private long timestampMillis() {
    long before =
        timestamps.isEmpty() ? nowMillis : timestamps.get(random.nextInt(timestamps.size()));
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> nowMillis;
      case 3 -> nowMillis - random.nextInt(5_000);
      case 4 -> nowMillis - (long) (random.nextDouble() * 40 * DAY_MILLIS);
      case 5 -> before;
      case 6 -> before + (random.nextBoolean() ? 1 : -1) * RuleDraws.windowMillis(random);
      case 7 -> before + RuleDraws.windowMillis(random) - 1;
      case 8 -> Math.min(nowMillis, before + random.nextInt(1_500));
      case 9 -> before + random.nextInt(16) * DAY_MILLIS - 3 * DAY_MILLIS;
      case 10 -> Math.floorDiv(before, DAY_MILLIS) * DAY_MILLIS - random.nextInt(2);
      default -> nowMillis + random.nextInt(20) * 3_600_000L;
    };
  }

  private Map<String, @Nullable Object> metadata() {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    for (String key : RuleDraws.KEYS) {
      if (random.nextInt(3) == 0) {
        metadata.put(key, RuleDraws.value(random));
      }
    }
    if (random.nextInt(6) == 0) {
      metadata.put("deep", Map.of("er", RuleDraws.text(random)));
    }
    return metadata;
  }
}
