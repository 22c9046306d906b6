package io.kenbun.lite.http.triggers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.configuration.SetupCaller;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.store.firing.NotificationPrefs.Prefs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Histories of what has really fired, what simulations say beside it, and whom it is told. In
 * {@code rs_main} a Form Submit gives 20 points and an Unsubscribe takes 15.
 */
class FiringApiTest {
  private TestServer server;
  private SetupCaller dev;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    dev = new SetupCaller(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void now(String leadId, String type) throws Exception {
    server.event(leadId, type, server.clock.instant().toString(), "{}");
  }

  private static List<String> leads(int from, int to) {
    return IntStream.rangeClosed(Math.min(from, to), Math.max(from, to))
        .map(i -> from <= to ? i : from + to - i)
        .mapToObj(i -> "lead_" + i)
        .toList();
  }

  @Test
  void historiesShowTheLastFirstPageByPageAndByTrigger() throws Exception {
    String hot = dev.madeId("/triggers", "{'name':'Hot','score_threshold':20}");
    String hotter = dev.madeId("/triggers", "{'name':'Hotter','score_threshold':40}");
    for (int i = 1; i <= 26; i++) {
      now("lead_" + i, "Form Submit");
      server.clock.advance(Duration.ofSeconds(1));
    }
    now("lead_7", "Form Submit");
    assertEquals(27L, dev.object("/milestone-events").get("total"));
    List<Object> first = new ArrayList<>(List.of("lead_7"));
    first.addAll(leads(26, 3));
    assertEquals(first, dev.each("/milestone-events", "events", "lead_id"));
    assertEquals(leads(2, 1), dev.each("/milestone-events?page=2", "events", "lead_id"));
    assertEquals(List.of(), dev.each("/milestone-events?page=3", "events", "lead_id"));
    String ofHot = "/milestone-events?trigger_id=" + hot;
    assertEquals(leads(26, 1), dev.each(ofHot + "&limit=100", "events", "lead_id"));
    assertEquals(leads(16, 7), dev.each(ofHot + "&limit=10&page=2", "events", "lead_id"));
    assertEquals(26L, dev.object(ofHot).get("total"));
    String ofHotter = "/milestone-events?trigger_id=" + hotter;
    dev.done("DELETE", "/triggers/" + hotter, null); // What it has fired stays.
    Map<?, ?> last = (Map<?, ?>) ((List<?>) dev.object(ofHotter).get("events")).get(0);
    assertEquals(
        "{trigger_id="
            + hotter
            + ", trigger_name=Hotter, lead_id=lead_7, score=40, event_type=Form Submit,"
            + " fired_at=2026-03-10T12:00:26Z}",
        withoutId(last));
    assertEquals(0L, dev.object("/milestone-events?trigger_id=none").get("total"));
    SetupCaller other = new SetupCaller(server, TestServer.NARROW, "unit_b");
    for (String path : List.of("/milestone-events", ofHot, ofHotter)) {
      assertEquals(0L, other.object(path).get("total"));
      assertEquals(List.of(), other.object(path).get("events"));
    }
  }

  private static String withoutId(Map<?, ?> event) {
    String text = event.toString();
    assertTrue(text.matches("\\{id=fir_[0-9a-z]{13}, .*"), text);
    return "{" + text.substring("{id=fir_0123456789abc, ".length());
  }

  @Test
  void sequencesAndSurgesHaveHistoriesOfTheirOwn() throws Exception {
    String sequence =
        dev.madeId("/sequences", "{'name':'Buy','event_types':['A','B'],'window_seconds':60}");
    String surge =
        dev.madeId(
            "/surge-triggers",
            "{'name':'Busy','event_type':'B','threshold':2,'window_seconds':60}");
    for (String type : List.of("A", "B", "B", "A")) {
      now("lead_1", type);
      server.clock.advance(Duration.ofSeconds(1));
    }
    List<?> completed = (List<?>) dev.object("/sequence-events").get("events");
    assertEquals(
        List.of("2026-03-10T12:00:03Z", "2026-03-10T12:00:01Z"),
        completed.stream().map(one -> (Object) ((Map<?, ?>) one).get("fired_at")).toList());
    assertEquals(
        "{sequence_id="
            + sequence
            + ", sequence_name=Buy, lead_id=lead_1, event_types=[A, B],"
            + " fired_at=2026-03-10T12:00:03Z}",
        withoutId((Map<?, ?>) completed.get(0)));
    List<?> surged = (List<?>) dev.object("/surge-events").get("events");
    assertEquals(1, surged.size());
    assertEquals(
        "{surge_trigger_id="
            + surge
            + ", surge_trigger_name=Busy, lead_id=lead_1, event_type=B, count=2,"
            + " window_seconds=60, fired_at=2026-03-10T12:00:02Z}",
        withoutId((Map<?, ?>) surged.get(0)));
    assertEquals(2L, dev.object("/sequence-events?sequence_id=" + sequence).get("total"));
    assertEquals(0L, dev.object("/sequence-events?sequence_id=" + surge).get("total"));
    assertEquals(1L, dev.object("/surge-events?surge_trigger_id=" + surge).get("total"));
    assertEquals(0L, dev.object("/surge-events?surge_trigger_id=" + sequence).get("total"));
    SetupCaller other = new SetupCaller(server, TestServer.NARROW, "unit_b");
    assertEquals(0L, other.object("/sequence-events").get("total"));
    assertEquals(0L, other.object("/surge-events").get("total"));
  }

  @Test
  void whoLeavesAMilestoneIsNotInItsHistoryAndIsCounted() throws Exception {
    dev.madeId(
        "/triggers",
        "{'name':'Hot','score_threshold':20,'fire_mode':'always','notify_on_exit':true}");
    now("lead_1", "Form Submit");
    now("lead_1", "Unsubscribe");
    now("lead_1", "Form Submit");
    assertEquals(200, dev.send("POST", "/leads/lead_1/reset-scores", null).statusCode());
    assertEquals(List.of(25L, 20L), dev.each("/milestone-events", "events", "score"));
    server.awaitSample("kenbun_firings_total{type=\"milestone.entered\"} 2");
    server.awaitSample("kenbun_firings_total{type=\"milestone.exited\"} 2");
  }

  @Test
  void aSimulatedMilestoneFiresWhenTheRealOneDoes() throws Exception {
    dev.made("/engagement-levels", "{'name':'Cold','min_score':0,'max_score':59}");
    dev.made("/engagement-levels", "{'name':'Hot','min_score':60}");
    List<String> ids = new ArrayList<>();
    int score = 20;
    for (String more :
        List.of(
            "",
            "'fire_mode':'always'",
            "'fire_mode':'always','notify_on_exit':true,'cooldown_seconds':60",
            "'notify_on_exit':true",
            "'fire_mode':'always','event_type':'Form Submit'",
            "'fire_mode':'always','notify_on_exit':true,'event_type':'Unsubscribe'",
            "'fire_mode':'always','engagement_level':'Hot'",
            "'fire_mode':'always','notify_on_exit':true,'engagement_level':'Cold'",
            "'fire_mode':'always','ruleset_id':'rs_other'")) {
      String fields = more.isEmpty() ? "" : "," + more;
      String name = "'name':'T" + ids.size() + "'";
      score += 10;
      ids.add(dev.madeId("/triggers", "{" + name + ",'score_threshold':" + score + fields + "}"));
    }
    now("lead_1", "Form Submit"); // The lead exists.
    long[] scores = {20, 7};
    Random random = new Random(3);
    int fired = 0;
    for (int step = 0; step < 120; step++) {
      server.clock.advance(Duration.ofSeconds(random.nextInt(30)));
      String type = random.nextInt(7) < 3 ? "Form Submit" : "Unsubscribe";
      boolean isUp = type.equals("Form Submit");
      scores[0] = Math.max(0, scores[0] + (isUp ? 20 : -15));
      scores[1] += isUp ? 7 : 0;
      List<String> simulated = new ArrayList<>();
      for (String id : ids) {
        long to = id.equals(ids.get(8)) ? scores[1] : scores[0];
        String body = "{'lead_id':'lead_1','score':" + to + ",'event_type':'" + type + "'}";
        String answer = dev.send("POST", "/triggers/" + id + "/simulate", body).body();
        if (answer.contains("\"fires\":true")) {
          simulated.add(id);
        }
      }
      List<String> before = firings();
      now("lead_1", type);
      List<String> real = firings().subList(before.size(), firings().size());
      Collections.sort(simulated);
      assertEquals(simulated, real.stream().sorted().toList(), "step " + step + ", " + type);
      fired += real.size();
    }
    assertTrue(fired > 15, "hardly anything fired: " + fired);
  }

  /** Returns the ids of the milestones that have fired, whichever way, the first first. */
  private List<String> firings() throws Exception {
    List<String> ids = new ArrayList<>();
    for (NotificationType type :
        List.of(NotificationType.MILESTONE_ENTERED, NotificationType.MILESTONE_EXITED)) {
      server
          .storage
          .reads()
          .firings()
          .page(1, type, null, 1, 1_000)
          .items()
          .forEach(firing -> ids.add(firing.id() + " " + firing.triggerId()));
    }
    Collections.sort(ids); // An id begins with the time and a running number.
    return ids.stream().map(id -> id.substring(id.indexOf(' ') + 1)).toList();
  }

  @Test
  void aSkippedImportCountsInASimulationToo() throws Exception {
    String hot = dev.madeId("/triggers", "{'name':'Hot','score_threshold':20}");
    server.post(
        "/import?skip_triggers=true",
        "multipart/form-data; boundary=b",
        """
        --b\r
        Content-Disposition: form-data; name="file"; filename="e.csv"\r
        \r
        lead_id,event_type
        lead_1,Form Submit
        lead_1,Unsubscribe
        \r
        --b--\r
        """
            .getBytes(StandardCharsets.UTF_8));
    server.score();
    String body = "{'lead_id':'lead_1','score':25}";
    String answer = dev.send("POST", "/triggers/" + hot + "/simulate", body).body();
    assertTrue(answer.contains("\"previous_score\":5,"), answer);
    assertTrue(answer.contains("\"fires\":false"), answer); // It counts as entered.
    now("lead_1", "Form Submit");
    assertEquals(0L, dev.object("/milestone-events").get("total"));
  }

  @Test
  void aSimulatedSequenceOrSurgeFiredJustThen() throws Exception {
    List<String> sequences = new ArrayList<>();
    for (String more : List.of("['A','B']", "['A','B'],'ordered':true", "['A','A','B']", "['B']")) {
      sequences.add(
          dev.madeId("/sequences", "{'name':'S','window_seconds':60,'event_types':" + more + "}"));
    }
    List<String> surges = new ArrayList<>();
    for (String more : List.of("2", "3,'event_type':'A'", "5")) {
      surges.add(
          dev.madeId(
              "/surge-triggers", "{'name':'U','window_seconds':40,'threshold':" + more + "}"));
    }
    Random random = new Random(4);
    for (int i = 0; i < 150; i++) {
      server.clock.advance(Duration.ofSeconds(random.nextInt(20)));
      now(
          "lead_" + random.nextInt(3),
          random.nextInt(5) < 2 ? "A" : random.nextBoolean() ? "B" : "C");
    }
    for (String id : sequences) {
      assertSimulated("/sequences/" + id, "/sequence-events?sequence_id=" + id);
    }
    for (String id : surges) {
      String real = "/surge-events?surge_trigger_id=" + id;
      assertSimulated("/surge-triggers/" + id, real);
      String preview = dev.send("POST", "/surge-triggers/" + id + "/preview", "{}").body();
      List<?> leads = dev.each(real + "&limit=100", "events", "lead_id");
      String expected = leads.size() + ",\"leads\":" + new HashSet<>(leads).size() + ",";
      assertTrue(preview.contains(",\"firings\":" + expected), preview);
    }
  }

  private void assertSimulated(String trigger, String history) throws Exception {
    List<?> events = (List<?>) dev.object(history + "&limit=100").get("events");
    assertTrue(events.size() >= 3, "hardly anything fired: " + events);
    for (int i = 0; i < 3; i++) {
      String lead = "lead_" + i;
      List<String> real = new ArrayList<>();
      for (Object event : events) {
        if (((Map<?, ?>) event).get("lead_id").equals(lead)) {
          real.add(0, "\"" + ((Map<?, ?>) event).get("fired_at") + "\"");
        }
      }
      String answer = dev.send("POST", trigger + "/simulate", "{'lead_id':'" + lead + "'}").body();
      assertTrue(
          answer.endsWith(
              "\"firings\":" + real.size() + ",\"fired_at\":[" + String.join(",", real) + "]}"),
          () -> answer + "\n" + real);
    }
  }

  @Test
  void aMessageToTheOwnerIsLoggedUnlessEverybodyHasMutedIt() throws Exception {
    dev.madeId(
        "/triggers",
        "{'name':'Hot','score_threshold':20,'fire_mode':'always','notify_on_exit':true,"
            + "'notify_owner':true,'emails':['a@b.c']}");
    now("lead_1", "Form Submit");
    assertEquals(
        List.of("owner", "a@b.c"), dev.each("/lite/deliveries", "deliveries", "destination"));
    assertEquals(List.of("logged", "logged"), dev.each("/lite/deliveries", "deliveries", "state"));
    List<?> ids = dev.each("/lite/deliveries", "deliveries", "id");
    assertEquals(ids.get(1) + "_owner", ids.get(0));
    Map<?, ?> one = dev.object("/lite/deliveries/" + ids.get(0));
    assertTrue(
        String.valueOf(one.get("body")).startsWith("{\"id\":\"" + ids.get(0) + "\",\"event\":"),
        one.toString());
    String path = "/me/notification-prefs";
    dev.changed(path, "{'prefs':[{'event_type':'milestone.entered','muted':true}]}");
    now("lead_2", "Form Submit");
    assertEquals("a@b.c", dev.each("/lite/deliveries", "deliveries", "destination").get(0));
    now("lead_2", "Unsubscribe"); // Another type, which is not muted.
    assertEquals("owner", dev.each("/lite/deliveries", "deliveries", "destination").get(0));
    dev.changed(path, "{'notifications_enabled':false,'prefs':[]}");
    now("lead_2", "Form Submit");
    assertEquals("a@b.c", dev.each("/lite/deliveries", "deliveries", "destination").get(0));
    server.storage.notificationPrefs().save(1, "another", new Prefs(true, Set.of()));
    now("lead_3", "Form Submit"); // That one wants it, and may be the owner.
    assertEquals("owner", dev.each("/lite/deliveries", "deliveries", "destination").get(0));
  }
}
