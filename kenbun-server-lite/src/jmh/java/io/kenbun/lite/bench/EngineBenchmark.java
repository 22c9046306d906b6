package io.kenbun.lite.bench;

import io.kenbun.lite.engine.Decay;
import io.kenbun.lite.engine.Earned;
import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Ledger;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one event costs the engine, on one thread, from metadata that was read already: events a
 * second, and bytes allocated for each ({@code gc.alloc.rate.norm}).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EngineBenchmark {
  private static final int EVENTS = 1_024;
  private static final int RULES_OF_A_TYPE = 20;
  private static final long START_MILLIS = 1_770_681_600_000L;
  private static final String[] PATHS = {"/pricing", "/docs/start", "/blog/42", "/"};
  private static final String[] PLANS = {"pro", "free", "team"};

  /** Rules of the unit, 20 for each event type; each has three filters and a half-life. */
  @Param({"20", "10000"})
  public int rules;

  private final List<Map<String, @Nullable Object>> metadata = new ArrayList<>();
  private Engine engine;
  private Ledger ledger;
  private long nowMillis;
  private int next;

  @Setup
  public void compile() {
    List<Rule> all = new ArrayList<>();
    for (int i = 0; i < rules; i++) {
      all.add(rule(i));
    }
    Ruleset ruleset =
        new Ruleset(
            1, "ruleset-1", "Rules", "", "engagement_score", true, true, DateWindow.ALWAYS, 0, all);
    OrgUnit unit = new OrgUnit(1, "unit_default", "org_default", "Default", "default", null, true);
    engine = new Engine(RuleSetup.builder(unit).rulesets(List.of(ruleset)).build());
    ledger = new Ledger();
    nowMillis = START_MILLIS;
    Random random = new Random(1);
    for (int i = 0; i < EVENTS; i++) {
      Map<String, @Nullable Object> values = new HashMap<>();
      values.put("path", PATHS[random.nextInt(PATHS.length)]);
      values.put("plan", PLANS[random.nextInt(PLANS.length)]);
      values.put("seats", Integer.toString(random.nextInt(40)));
      metadata.add(values);
    }
  }

  private static Rule rule(int i) {
    int ofType = i % RULES_OF_A_TYPE;
    return new Rule(
        i + 1,
        "rule-" + i,
        "Type " + i / RULES_OF_A_TYPE,
        1 + ofType,
        true,
        List.of(
            new Condition("path", Operator.STARTS_WITH, PATHS[ofType % PATHS.length]),
            new Condition("plan", Operator.EQUALS, PLANS[ofType % PLANS.length]),
            new Condition("seats", Operator.GREATER_OR_EQUAL, Integer.toString(2 * ofType))),
        DateWindow.ALWAYS,
        ofType,
        ofType % 2 == 0 ? 14 : 90,
        0,
        0);
  }

  private Map<String, @Nullable Object> metadata() {
    next = (next + 1) % EVENTS;
    return metadata.get(next);
  }

  /** All rules of the type are tried; some match. */
  @Benchmark
  public Earned matchesSome() {
    return engine.earned("Type 0", nowMillis, this::metadata);
  }

  /** The same, and the lead's points move on: half-lives, floor, decay. */
  @Benchmark
  public boolean matchesSomeAndStands() {
    nowMillis += 1_000;
    Earned earned = engine.earned("Type 0", nowMillis, this::metadata);
    return ledger.take(nowMillis, earned, true, engine.decay(), Decay.Listener.NONE);
  }

  /** No rule is for the type. */
  @Benchmark
  public Earned matchesNone() {
    return engine.earned("Type none", nowMillis, this::metadata);
  }

  /** All rules of the type are tried, and none matches. */
  @Benchmark
  public Earned matchesNoneOfItsType() {
    return engine.earned("Type 0", nowMillis, Map::of);
  }
}
