package io.kenbun.lite.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.client.Alias;
import io.kenbun.client.Event;
import io.kenbun.lite.TestLite;
import io.kenbun.lite.store.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The kit by itself, without its extension. */
class KenbunLiteKitTest {
  private static final Alias ADA = Alias.email("ada@example.com");

  private static Event event(String type) {
    return Event.builder(type).alias(ADA).build();
  }

  @Test
  void assertsWhatCameOfWhatWasSent() throws Exception {
    try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
      kit.leads().email("ada@example.com").doesNotExist();
      kit.client().track(event("Trial Sign-up"));
      kit.client()
          .track(Event.builder("Page View").alias(ADA).metadata("path", "/pricing").build());
      kit.leads()
          .hasCount(1)
          .email("ada@example.com")
          .hasScore(61)
          .hasScore("ruleset_default", 61)
          .hasScoreBetween(61, 61)
          .hasLevel("Hot")
          .hasEvents(2)
          .hasEvent("Page View")
          .exists();
      kit.received("Page View").withMetadata("path", "/pricing").once();
      kit.received("Page View").withMetadata("path", "/home").never();
      kit.received("Page View").ofLead(kit.leads().email("ada@example.com").id()).atLeast(1);
      kit.rejected().never();
      assertEquals(61, kit.leads().email("ada@example.com").score());
    }
  }

  @Test
  void aScoreThatIsWrongTellsTheWholeStory() throws Exception {
    try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
      kit.client()
          .track(
              Event.builder("Page View")
                  .alias(ADA)
                  .metadata("path", "/pricing")
                  .timestampMillis(Instant.parse("2026-01-15T10:00:00Z").toEpochMilli())
                  .build());
      kit.drain();
      new LiteApi(kit.url(), "dev", "dev", "unit_default")
          .call("POST", "/ingest", "{\"lead_id\":\"ld_1\"}");
      kit.clock().set(Instant.parse("2026-01-16T00:00:00Z"));
      LeadAssert ada = kit.leads().email("ada@example.com");
      AssertionError error = assertThrows(AssertionError.class, () -> ada.hasScore(40));
      assertEquals(
          """
          email ada@example.com has score 11, expected 40
          lead %s, score 11 (Cold), scores {ruleset_default=11}
          its rules gave, times matched:
            +10  rule_pricing_view  Page View, path contains /pricing  1 x 10
            +1  rule_page_view  Page View  1 x 1
          its events, the last first:
            2026-01-15T10:00:00Z  Page View  {path=/pricing}
          refused requests, the last first:
            400 missing_field  event_type is required  {"lead_id":"ld_1"}
          """
              .formatted(ada.id()),
          error.getMessage());
    }
  }

  @Test
  void aLeadThatIsMissingTellsWhatThereIsInstead() throws Exception {
    try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
      LeadAssert bob = kit.leads().email("bob@example.com");
      assertEquals(
          """
          no lead has the email bob@example.com
          there is no lead at all
          no event came in
          no request was refused
          nothing has reached this server: an application with a client of its own sends to %s as\
           dev with secret dev, unit unit_default, and flushes before the test asserts
          """
              .formatted(kit.url()),
          assertThrows(AssertionError.class, bob::exists).getMessage());
      kit.client().track(event("Page View"));
      String message = assertThrows(AssertionError.class, bob::exists).getMessage();
      assertTrue(message.contains("  score 1"), message);
    }
  }

  @Test
  void firingsAndWhatTheyToldAreFoundByTheTrigger() throws Exception {
    try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
      LiteApi api = new LiteApi(kit.url(), "dev", "dev", "unit_default");
      api.object(
          "POST",
          "/triggers",
          "{\"name\":\"Hot\",\"score_threshold\":50,\"emails\":[\"s@example.com\"]}");
      kit.client().track(event("Form Submit"));
      kit.fired("Hot").never();
      kit.client().track(event("Trial Sign-up"));
      kit.fired("Hot").once().ofLead(kit.leads().email("ada@example.com").id()).once();
      kit.delivered("Hot").with("state", "logged").once();
      AssertionError error =
          assertThrows(AssertionError.class, () -> kit.fired("Hot").with("score", 61).once());
      assertTrue(
          error
              .getMessage()
              .startsWith(
                  "expected 1 firing of \"Hot\" with score 61, found 0\n"
                      + "there are these firings of \"Hot\":\n  {id=fir_"),
          error.getMessage());
    }
  }

  @Test
  void whatFailsSaysWhatThereIsInstead() throws Exception {
    try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
      LiteApi api = new LiteApi(kit.url(), "dev", "dev", "unit_default");
      assertSaid(
          () -> kit.delivered("Hot").once(),
          "expected 1 delivery of \"Hot\", found 0\nthere is no trigger, sequence or surge\n");
      api.object("POST", "/triggers", "{\"name\":\"Hot\",\"score_threshold\":50}");
      kit.client().track(event("Form Submit"));
      kit.leads().email("bob@example.com").doesNotExist();
      LeadAssert ada = kit.leads().email("ada@example.com");
      assertSaid(() -> kit.leads().hasCount(2), "expected 2 leads, found 1\nthe leads that");
      assertSaid(() -> kit.leads().id("x").id(), "there is no lead x\nthe leads that there are:\n");
      assertSaid(ada::doesNotExist, "email ada@example.com is a lead, expected none\nlead ld_");
      assertSaid(() -> ada.hasEvents(2), "email ada@example.com has 1 event, expected 2\nlead ld_");
      assertSaid(
          () -> ada.hasScore("rs", 5),
          "email ada@example.com has no score in rs, expected 5; rulesets with a score:"
              + " ruleset_default\n");
      assertSaid(
          () -> ada.hasLevel("cold"),
          "email ada@example.com has level \"Cold\", expected \"cold\"; levels: Cold from 0 to 24,"
              + " Warm from 25 to 49, Hot from 50 to 74, Very Hot from 75\n");
      assertSaid(
          () -> ada.hasSuppressed("Page View"),
          "email ada@example.com has no event \"Page View\", expected a suppressed one\n");
      assertSaid(
          () -> ada.hasSuppressed("Form Submit"),
          "email ada@example.com has 1 event \"Form Submit\" that counted, expected all to be"
              + " suppressed\n");
      assertSaid(
          () -> kit.fired("Hot").atLeast(1),
          """
          expected at least 1 firing of "Hot", found 0
          the triggers that there are:
            milestone "Hot" at score 50
          the leads that there are:
          """);
      assertSaid(
          () -> kit.received("Form Submit").ofLead("x").times(2),
          "expected 2 events \"Form Submit\" with lead_id x, found 0\n"
              + "there are these events \"Form Submit\":\n  {id=evt_");
      assertSaid(
          () -> kit.received("Form Submit").never(),
          "expected 0 events \"Form Submit\", found 1\nfound:\n  {id=evt_");
    }
  }

  private static void assertSaid(Executable assertion, String beginning) {
    String message = assertThrows(AssertionError.class, assertion).getMessage();
    assertEquals(beginning, message.substring(0, Math.min(beginning.length(), message.length())));
  }

  @Test
  void aScoreThatHasFadedSaysFromWhatAndWhen() throws Exception {
    try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
      LiteApi api = new LiteApi(kit.url(), "dev", "dev", "unit_default");
      api.object("PUT", "/rules/rule_demo_request", "{\"half_life_days\":30}");
      kit.clock().freeze();
      kit.client().track(event("Demo Request"));
      kit.drain();
      kit.clock().advance(Duration.ofDays(30));
      Object then = api.get("/lite/clock").get("now");
      LeadAssert ada = kit.leads().email("ada@example.com");
      String message = assertThrows(AssertionError.class, () -> ada.hasScore(100)).getMessage();
      String line =
          "\nthat is 100, and %d at %s on the server: half-lives, inactivity, resets and the floor at"
              + " 0 did the rest\n";
      assertTrue(message.contains(line.formatted(ada.score(), then)), message);
    }
  }

  @Test
  void anEventThatNoRuleMatchesSaysWhichRulesThereAre() throws Exception {
    try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
      kit.client().track(event("page view"));
      LeadAssert ada = kit.leads().email("ada@example.com");
      String message = assertThrows(AssertionError.class, () -> ada.hasScore(1)).getMessage();
      assertTrue(
          message.contains("\nno rule gave it anything; there are rules for Content Download, "),
          message);
    }
  }

  @Test
  void anExtensionThatWasNotRegisteredSaysHow() {
    assertEquals(
        "no server runs: there is one while a test does, if the field of this KenbunLiteExtension has"
            + " @RegisterExtension, or the class @ExtendWith(KenbunLiteExtension.class)",
        assertThrows(IllegalStateException.class, new KenbunLiteExtension()::kit).getMessage());
  }

  @Test
  void theClockMovesScores() throws Exception {
    try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
      Instant day = Instant.parse("2026-03-01T12:00:00Z");
      assertEquals(day, kit.clock().set(day).truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
      kit.clock().freeze();
      Instant before = kit.clock().now();
      assertEquals(before.plus(Duration.ofDays(30)), kit.clock().advance(Duration.ofDays(30)));
      assertEquals(before.plus(Duration.ofDays(30)), kit.clock().now());
      kit.clock().run();
      kit.reset();
      long apart = Duration.between(kit.clock().now(), Instant.now()).abs().toSeconds();
      assertTrue(apart < 60, "seconds: " + apart);
    }
  }

  @Test
  void suppressedEventsAreToldFromThoseThatCount() throws Exception {
    try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
      new LiteApi(kit.url(), "dev", "dev", "unit_default")
          .object(
              "POST",
              "/metadata-filters",
              "{\"name\":\"Bots\",\"conditions\":"
                  + "[{\"key\":\"agent\",\"operator\":\"contains\",\"value\":\"bot\"}]}");
      LeadAssert ada = kit.leads().email("ada@example.com");
      kit.client().track(event("Trial Sign-up"));
      kit.client().track(Event.builder("Page View").alias(ADA).metadata("agent", "a bot").build());
      ada.hasSuppressed("Page View").hasEvents(2).hasScore(50);
      startsWith(
          "email ada@example.com has 1 event \"Trial Sign-up\" that counted, expected all to be"
              + " suppressed\n",
          () -> ada.hasSuppressed("Trial Sign-up"));
      startsWith(
          "email ada@example.com has no event \"Demo Request\", expected a suppressed one\n",
          () -> ada.hasSuppressed("Demo Request"));
      kit.client().track(event("Page View"));
      startsWith(
          "email ada@example.com has 1 event \"Page View\" that counted, expected all to be"
              + " suppressed\n",
          () -> ada.hasSuppressed("Page View"));
    }
  }

  private static void startsWith(String start, Executable failing) {
    String message = assertThrows(AssertionError.class, failing).getMessage();
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void aResetMakesItAsGoodAsNew() throws Exception {
    try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
      kit.client().track(event("Page View"));
      kit.leads().hasCount(1);
      kit.reset();
      kit.leads().hasCount(0);
      kit.client().track(event("Page View"));
      kit.leads().hasCount(1).email("ada@example.com").hasScore(1);
    }
  }

  @Test
  void fourAtOnceSeeNothingOfEachOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Long>> scores = new ArrayList<>();
      for (int i = 1; i <= 4; i++) {
        int events = i;
        scores.add(
            threads.submit(
                () -> {
                  try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
                    for (int j = 0; j < events; j++) {
                      kit.client().track(event("Page View"));
                    }
                    kit.leads().hasCount(1).email("ada@example.com").hasEvents(events);
                    return kit.leads().email("ada@example.com").score();
                  }
                }));
      }
      for (int i = 1; i <= 4; i++) {
        assertEquals(i, scores.get(i - 1).get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void leavesNeitherFilesNorThreads() throws Exception {
    try (KenbunLiteKit warm = KenbunLiteKit.start(TestLite::onEngine)) {
      warm.client().track(event("Page View"));
      warm.drain();
    }
    Set<Thread> threads = Thread.getAllStackTraces().keySet();
    try (KenbunLiteKit kit = KenbunLiteKit.start(TestLite::onEngine)) {
      kit.client().track(event("Page View"));
      kit.leads().hasCount(1);
      assertEquals(TestStores.isPostgres() ? 0 : 1, files().size());
    }
    assertEquals(Set.of(), files());
    Set<String> left = new HashSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      // OkHttp has one for the whole process, which ends when it was idle for a minute.
      if (!threads.contains(thread) && !thread.getName().equals("OkHttp TaskRunner")) {
        thread.join(10_000); // Whoever waits for an executor is told before its threads are gone.
        if (thread.isAlive()) {
          left.add(thread.getName());
        }
      }
    }
    assertEquals(Set.of(), left);
  }

  private static Set<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      String ours = "kenbun-lite-" + ProcessHandle.current().pid() + "-";
      return all.filter(path -> path.getFileName().toString().startsWith(ours))
          .collect(Collectors.toSet());
    }
  }
}
