package io.kenbun.lite.http.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules change while events stream: each event sees all of a change or nothing of it. */
class RuleChangesTest {
  private static final int CHANGES = 60;

  private TestServer server;
  private RuleChanges changes;
  private OrgUnit unit;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    changes = new RuleChanges(server.rules, server.storage.configuration(), server.clock);
    OrgUnit found = server.rules.current().unit("unit_default");
    if (found == null) {
      throw new AssertionError("no unit_default");
    }
    unit = found;
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void anEventSeesTwoRulesetsFromBeforeAChangeOrFromAfter() throws Exception {
    weigh(1);
    List<String> leads = new ArrayList<>();
    leads.add(score(leads.size()));
    // The changes go on for as long as events come, whoever of the two is the slower one.
    AtomicBoolean streaming = new AtomicBoolean(true);
    CompletableFuture<Void> changer =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int weight = 2; streaming.get(); weight = weight % CHANGES + 1) {
                  weigh(weight);
                }
                weigh(CHANGES);
              } catch (StorageException e) {
                throw new AssertionError(e);
              }
            });
    try {
      while (leads.size() < 50 && !changer.isDone()) {
        leads.add(score(leads.size()));
      }
    } finally {
      streaming.set(false);
      changer.join();
    }
    leads.add(score(leads.size()));
    SetupCaller dev = new SetupCaller(server);
    TreeSet<Long> seen = new TreeSet<>();
    for (String lead : leads) {
      Map<?, ?> scores = (Map<?, ?>) dev.object("/score/" + lead).get("engagement_scores");
      assertEquals(scores.get("rs_main"), scores.get("rs_other"), lead);
      seen.add((Long) scores.get("rs_main"));
    }
    assertEquals(1, seen.first(), seen.toString());
    assertEquals(CHANGES, seen.last(), seen.toString());
  }

  /** Has the next lead's one event scored, and returns the lead's id. */
  private String score(int number) throws Exception {
    String lead = "ld_" + number;
    server.ingest("{\"lead_id\":\"" + lead + "\",\"event_type\":\"Form Submit\"}");
    server.score();
    return lead;
  }

  /** Gives the rules of both rulesets for one event type the same weight, in one change. */
  private void weigh(int weight) throws StorageException {
    changes.make(
        unit,
        (before, kept, now) -> {
          for (String id : List.of("rl_form", "rl_other")) {
            int ruleset = id.equals("rl_form") ? 0 : 1;
            Rule known =
                before.rulesets().get(ruleset).rules().stream()
                    .filter(rule -> rule.id().equals(id))
                    .findFirst()
                    .orElseThrow();
            kept.saveRule(before.rulesets().get(ruleset).key(), weighed(known, weight), now);
          }
          return weight;
        });
  }

  private static Rule weighed(Rule rule, int weight) {
    return new Rule(
        rule.key(),
        rule.id(),
        rule.eventType(),
        weight,
        rule.active(),
        rule.filters(),
        rule.window(),
        rule.priority(),
        rule.halfLifeDays(),
        rule.createdAtMillis(),
        rule.updatedAtMillis());
  }

  @Test
  void callersWhoComeTogetherAreCheckedOneAfterTheOther() throws Exception {
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      answers.add(
          server.sendLater(
              "POST",
              "/rulesets",
              "{\"name\":\"r" + i + "\"}",
              "Authorization",
              TestServer.DEV,
              "Cookie",
              cookie));
    }
    List<Integer> statuses = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      statuses.add(answer.join().statusCode());
    }
    // Two are active from the start, and four can be.
    assertEquals(2, statuses.stream().filter(status -> status == 201).count(), "" + statuses);
    assertEquals(10, statuses.stream().filter(status -> status == 409).count(), "" + statuses);
    assertEquals(
        4, server.storage.configuration().load().get(0).rulesets().size(), "kept more than that");
  }

  @Test
  void aRefusedChangeLeavesTheRulesInForce() throws Exception {
    RuleSetup before = changes.current(unit);
    Problem refusal = Problem.notFound("no such rule");
    Problem thrown =
        assertThrows(
            Problem.class,
            () ->
                changes.make(
                    unit,
                    (setup, kept, now) -> {
                      throw refusal;
                    }));
    assertSame(refusal, thrown);
    assertEquals(before.rulesets(), changes.current(unit).rulesets());
    assertEquals(before.rulesets(), server.storage.configuration().load().get(0).rulesets());
  }

  @Test
  void aChangeIsInForceWhenItReturns() throws Exception {
    RuleChanges.Changed<Integer> changed =
        changes.make(
            unit,
            (before, kept, now) -> {
              kept.renameUnit(unit.key(), "Renamed");
              return 7;
            });
    assertEquals(7, changed.made());
    assertEquals(server.clock.millis(), changed.atMillis());
    assertEquals("Renamed", changed.setup().unit().name());
    RuleSetup current = changes.current(unit);
    assertSame(changed.setup(), current);
  }
}
