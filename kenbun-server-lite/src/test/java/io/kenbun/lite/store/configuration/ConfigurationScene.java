package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.sqlite.Durability;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One unit in a store, and things to set up in it. */
abstract class ConfigurationScene {
  static final long T0 = 1_770_000_000_000L;
  static final OrgUnit UNIT = unit("unit_default");
  static final OrgUnit OTHER = unit("unit_b");
  static final Condition BOT = new Condition("agent", Operator.CONTAINS, "bot");
  static final Condition RETAIL = new Condition("industry", Operator.EQUALS, "Retail");

  @TempDir Path data;
  Store storage;
  Configuration configuration;
  long unit;

  @BeforeEach
  void open() throws Exception {
    openStorage();
    configuration.apply(List.of(RuleSetup.builder(UNIT).build()), T0);
    unit = kept().unit().key();
  }

  @AfterEach
  void close() {
    storage.close();
  }

  static OrgUnit unit(String id) {
    return new OrgUnit(0, id, "org_default", id, id, null, id.equals("unit_default"));
  }

  static Ruleset ruleset(long key, String name, boolean active, boolean primary) {
    return new Ruleset(key, "", name, "", "s", active, primary, DateWindow.ALWAYS, 0, List.of());
  }

  static Rule rule(
      long key, String eventType, int weight, Integer halfLifeDays, Condition... filters) {
    return new Rule(
        key,
        "",
        eventType,
        weight,
        true,
        List.of(filters),
        DateWindow.ALWAYS,
        0,
        halfLifeDays,
        0,
        0);
  }

  static Rule rule(String id, String eventType) {
    return new Rule(0, id, eventType, 1, true, List.of(BOT), DateWindow.ALWAYS, 0);
  }

  static DecayRule decay(long key, String name, int points, Long ruleset) {
    return new DecayRule(key, "", name, points, 7, true, ruleset, 0);
  }

  static MetadataFilter metadataFilter(long key, String by, Condition... conditions) {
    return new MetadataFilter(key, "", "Bots", "", List.of(conditions), true, 0, 0, by, by);
  }

  static VelocityFilter velocityFilter(long key, int threshold) {
    return new VelocityFilter(key, "", "Page View", threshold, 300_000, true, true, 0, 0);
  }

  void openStorage() throws StorageException {
    storage =
        TestStores.open(data, Durability.FULL, 10, () -> Instant.ofEpochMilli(T0), () -> "ld_x");
    configuration = storage.configuration();
  }

  RuleSetup kept() throws StorageException {
    return configuration.load().get(0);
  }

  List<Rule> rules() throws StorageException {
    return kept().rulesets().get(0).rules();
  }
}
