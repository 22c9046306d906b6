package io.kenbun.lite.store.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.sqlite.Durability;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TriggersTest {
  private static final Destinations EVERYBODY =
      new Destinations(
          "https://example.com/hook",
          "whsec_c2VjcmV0",
          3L,
          true,
          List.of("a@example.com", "b:c@example.com"),
          "subject",
          "preheader",
          "message");

  @TempDir Path directory;
  private Store storage;
  private Configuration configuration;
  private OrgUnit unit;

  @BeforeEach
  void open() throws Exception {
    storage =
        TestStores.open(
            directory, Durability.NORMAL, 1_000, InstantSource.system(), () -> "lead_new");
    configuration = storage.configuration();
    unit = new OrgUnit(1, "unit_default", "org_default", "Default", "default", null, true);
    configuration.addUnit(unit);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private RuleSetup kept() throws Exception {
    return configuration.load().get(0);
  }

  private static Milestone milestone(long key, String id, int threshold, boolean active) {
    return new Milestone(
        key,
        id,
        "Hot",
        threshold,
        "Demo Request",
        FireMode.ALWAYS,
        3_600,
        null,
        "Hot",
        "Good Fit",
        "A",
        true,
        active,
        EVERYBODY,
        0,
        0,
        0);
  }

  @Test
  void keepsMilestonesWhole() throws Exception {
    long key = configuration.saveMilestone(unit.key(), milestone(0, "", 50, true), 1_000);
    assertEquals(
        List.of(
            new Milestone(
                key,
                "milestone_1",
                "Hot",
                50,
                "Demo Request",
                FireMode.ALWAYS,
                3_600,
                null,
                "Hot",
                "Good Fit",
                "A",
                true,
                true,
                EVERYBODY,
                1_000,
                1_000,
                1_000)),
        kept().milestones());
    configuration.deleteMilestone(unit.key(), key);
    assertEquals(List.of(), kept().milestones());
  }

  @Test
  void milestoneBeginsAnewWhenItWatchesSomethingElse() throws Exception {
    long key = configuration.saveMilestone(unit.key(), milestone(0, "", 50, true), 1_000);
    configuration.saveMilestone(unit.key(), milestone(key, "milestone_1", 50, true), 2_000);
    assertEquals(1_000, kept().milestones().get(0).inForceSinceMillis());
    configuration.saveMilestone(unit.key(), milestone(key, "milestone_1", 51, true), 3_000);
    assertEquals(3_000, kept().milestones().get(0).inForceSinceMillis());
    configuration.saveMilestone(unit.key(), milestone(key, "milestone_1", 51, false), 4_000);
    assertEquals(4_000, kept().milestones().get(0).inForceSinceMillis());
    assertEquals(1_000, kept().milestones().get(0).createdAtMillis());
    assertEquals(4_000, kept().milestones().get(0).updatedAtMillis());
  }

  @Test
  void keepsSequencesAndSurgesWhole() throws Exception {
    Sequence sequence =
        new Sequence(
            0, "", "Path", List.of("A", "B:1", "A"), 60, "1 minute", true, true, EVERYBODY, 0, 0);
    Surge surge = new Surge(0, "", "Burst", null, 5, 60, false, Destinations.NONE, 0, 0);
    long sequenceKey = configuration.saveSequence(unit.key(), sequence, 1_000);
    long surgeKey = configuration.saveSurge(unit.key(), surge, 2_000);
    assertEquals(
        List.of(
            new Sequence(
                sequenceKey,
                "sequence_1",
                "Path",
                List.of("A", "B:1", "A"),
                60,
                "1 minute",
                true,
                true,
                EVERYBODY,
                1_000,
                1_000)),
        kept().sequences());
    assertEquals(
        List.of(
            new Surge(
                surgeKey, "surge_1", "Burst", null, 5, 60, false, Destinations.NONE, 2_000, 2_000)),
        kept().surges());
    configuration.deleteSequence(unit.key(), sequenceKey);
    configuration.deleteSurge(unit.key(), surgeKey);
    assertEquals(List.of(), kept().sequences());
    assertEquals(List.of(), kept().surges());
  }

  @Test
  void nothingHasFiredAtFirst() throws Exception {
    assertEquals(
        0,
        storage
            .reads()
            .firings()
            .page(unit.key(), NotificationType.MILESTONE_ENTERED, null, 1, 25)
            .total());
  }

  @Test
  void aConfigurationFileLeavesWebhooksThatWereSetOverTheApi() throws Exception {
    Surge surge = new Surge(0, "", "Burst", null, 5, 60, true, EVERYBODY, 0, 0);
    configuration.saveSurge(unit.key(), surge, 1_000);
    Destinations file =
        new Destinations(null, null, null, false, List.of("c@example.com"), null, null, null);
    Surge wanted = new Surge(0, "", "Burst", "A", 6, 61, true, file, 0, 0);
    RuleSetup setup = RuleSetup.builder(unit).surges(List.of(wanted)).build();
    configuration.apply(List.of(setup), 2_000);
    Surge kept = kept().surges().get(0);
    assertEquals(6, kept.threshold());
    assertEquals("https://example.com/hook", kept.destinations().webhookUrl());
    assertEquals(3L, kept.destinations().channel());
    assertEquals(List.of("c@example.com"), kept.destinations().emails());
  }
}
