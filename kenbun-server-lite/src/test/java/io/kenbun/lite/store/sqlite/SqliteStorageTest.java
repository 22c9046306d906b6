package io.kenbun.lite.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.store.reads.Driver;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events to leads, scores and what explains them, each once, over restarts. */
class SqliteStorageTest extends SqliteScene {
  @Test
  void storedEventsAreScoredOnceAcrossRestarts() throws Exception {
    append(
        event("Page View", email("a@example.com")), event("Form Submit", email("a@example.com")));
    reopen();
    assertTrue(scoring.step());
    assertFalse(scoring.step());
    reopen();
    assertFalse(scoring.step());
    Lead lead = lead(email("a@example.com"));
    assertEquals(4, score(lead));
    assertEquals(2, events(lead.leadId()).size());
  }

  @Test
  void aFailedTransactionChangesNothingAndIsDoneAgain() throws Exception {
    append(event("Page View", email("a@example.com")));
    assertThrows(
        IllegalStateException.class,
        () ->
            storage.drain(
                10,
                (batch, tx) -> {
                  scoring.apply(batch, tx);
                  throw new IllegalStateException("power cut");
                }));
    assertNull(storage.reads().leadByAlias(unit, email("a@example.com")));
    assertTrue(scoring.step());
    assertEquals(1, score(lead(email("a@example.com"))));
  }

  @Test
  void aLeadIdThatIsUnknownMakesTheLead() throws Exception {
    append(new RawEvent(unit, "ld_abc123", List.of(), "Page View", T0, T0, null));
    scoring.step();
    assertEquals(1, score(storage.reads().lead(unit, "ld_abc123")));
  }

  @Test
  void aliasesSentWithALeadIdBecomeItsOwn() throws Exception {
    append(
        new RawEvent(unit, "ld_1", List.of(email("A@example.com")), "Page View", T0, T0, null),
        event("Page View", email(" a@EXAMPLE.com")));
    scoring.step();
    Lead lead = lead(email("a@example.com"));
    assertEquals("ld_1", lead.leadId());
    assertEquals(2, score(lead));
    assertEquals(List.of(email("A@example.com")), storage.reads().aliases(lead));
  }

  @Test
  void anAliasOfAnotherLeadStaysThere() throws Exception {
    append(
        event("Page View", email("a@example.com")),
        new RawEvent(unit, "ld_1", List.of(email("a@example.com")), "Form Submit", T0, T0, null));
    scoring.step();
    assertEquals(1, score(lead(email("a@example.com"))));
    assertEquals(3, score(storage.reads().lead(unit, "ld_1")));
  }

  @Test
  void theFirstAliasThatIsKnownDecides() throws Exception {
    append(event("Page View", email("a@example.com")), event("Page View", email("b@example.com")));
    scoring.step();
    reopen();
    Alias cookie = new Alias(AliasKind.COOKIE, "c1");
    append(event("Form Submit", cookie, email("b@example.com"), email("a@example.com")));
    scoring.step();
    assertEquals(1, score(lead(email("a@example.com"))));
    assertEquals(4, score(lead(email("b@example.com"))));
    assertEquals(lead(email("b@example.com")).leadId(), lead(cookie).leadId());
  }

  @Test
  void aChangedWeightCountsFromThenOnAndIsExplainedApart() throws Exception {
    append(event("Page View", email("a@example.com")));
    scoring.step();
    storage.configuration().apply(List.of(setup(10, 3)), T0 + 1);
    reload();
    append(event("Page View", email("a@example.com")));
    scoring.step();
    Lead lead = lead(email("a@example.com"));
    assertEquals(11, score(lead));
    List<Driver> drivers = storage.reads().drivers(lead, T0);
    assertEquals(2, drivers.size());
    assertEquals(List.of(10L, 1L), drivers.stream().map(Driver::total).toList());
    assertEquals(List.of(), storage.reads().drivers(lead, T0 + 1));
  }

  @Test
  void aRuleThatIsGoneStillExplainsWhatItGave() throws Exception {
    append(event("Form Submit", email("a@example.com")));
    scoring.step();
    RuleSetup without =
        RuleSetup.builder(UNIT).rulesets(List.of(ruleset(rule("Page View", 1)))).build();
    storage.configuration().apply(List.of(without), T0 + 1);
    reload();
    append(event("Form Submit", email("a@example.com")));
    scoring.step();
    Lead lead = lead(email("a@example.com"));
    assertEquals(3, score(lead));
    assertEquals("Form Submit", storage.reads().drivers(lead, 0).get(0).eventType());
  }

  @Test
  void oldEventsLeaveAndScoresStay() throws Exception {
    RawEvent old = new RawEvent(unit, "ld_1", List.of(), "Page View", T0, T0 - 1, null);
    RawEvent young = new RawEvent(unit, "ld_1", List.of(), "Page View", T0, T0, null);
    append(old, old, old, young);
    scoring.step();
    assertEquals(2, storage.removeEvents(T0, 2));
    assertEquals(1, storage.removeEvents(T0, 2));
    assertEquals(0, storage.removeEvents(T0, 2));
    assertEquals(1, storage.reads().events(unit, query(null)).total());
    assertEquals(1, events("ld_1").size());
    assertEquals(4, score(storage.reads().lead(unit, "ld_1")));
  }

  @Test
  void unitsDoNotSeeEachOther() throws Exception {
    OrgUnit other = new OrgUnit(0, "unit_b", "org_default", "B", "b", null, false);
    storage.configuration().apply(List.of(RuleSetup.builder(other).build()), T0);
    reload();
    append(event("Page View", email("a@example.com")));
    scoring.step();
    assertNull(storage.reads().leadByAlias(unit + 1, email("a@example.com")));
    assertEquals(0, storage.reads().events(unit + 1, query(null)).total());
  }
}
