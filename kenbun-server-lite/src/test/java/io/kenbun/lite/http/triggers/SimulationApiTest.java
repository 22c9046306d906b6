package io.kenbun.lite.http.triggers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.configuration.SetupCaller;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Triggers that are tried out: what they would do, and that nothing comes of it. */
class SimulationApiTest {
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

  private void events(String leadId, String type, String... timestamps) throws Exception {
    for (String timestamp : timestamps) {
      server.event(leadId, type, timestamp, null);
    }
    server.score();
  }

  private void answers(String path, String body, String expected) throws Exception {
    HttpResponse<String> answer = dev.send("POST", path, body);
    assertEquals(expected.replace('\'', '"'), answer.body());
    assertEquals(200, answer.statusCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          49 |                                | false | null                | Score does not cross 50
          50 |                                | true  | 'milestone.entered' | Score reaches 50
          50 | ,'event_type':'Demo'           | true  | 'milestone.entered' | Score reaches 50
          """)
  void aMilestoneIsTriedWithAScore(
      int score, String more, boolean fires, String event, String reason) throws Exception {
    events("ld_1", "Page View", "2026-03-10T11:00:00Z");
    String id = dev.madeId("/triggers", "{'name':'Hot','score_threshold':50,'active':false}");
    answers(
        "/triggers/" + id + "/simulate",
        "{'lead_id':'ld_1','score':" + score + (more == null ? "" : more) + "}",
        "{'trigger_id':'"
            + id
            + "','lead_id':'ld_1','previous_score':"
            + dev.object("/score/ld_1").get("score")
            + ",'score':"
            + score
            + ",'fires':"
            + fires
            + ",'event':"
            + event
            + ",'reason':'"
            + reason
            + "'}");
    assertEquals(0L, dev.object("/milestone-events").get("total"));
  }

  @Test
  void aMilestoneIsKeptQuietByItsEventTypeItsLevelsAndWhatItHasFired() throws Exception {
    dev.made("/engagement-levels", "{'name':'Hot','min_score':60}");
    events("ld_1", "Page View", "2026-03-10T11:00:00Z");
    String id =
        dev.madeId(
            "/triggers",
            "{'name':'Hot','score_threshold':50,'event_type':'Demo','engagement_level':'Hot'}");
    String path = "/triggers/" + id + "/simulate";
    assertEquals(
        "Lead has another level than the trigger asks for",
        reason(path, "{'lead_id':'ld_1','score':59,'event_type':'Demo'}"));
    assertEquals(
        "Crossing is kept quiet by event_type, fire_mode, cooldown or notify_on_exit",
        reason(path, "{'lead_id':'ld_1','score':60}"));
    assertEquals(
        "Score reaches 50", reason(path, "{'lead_id':'ld_1','score':60,'event_type':'Demo'}"));
  }

  private String reason(String path, String body) throws Exception {
    String answer = dev.send("POST", path, body).body();
    String mark = "\"reason\":\"";
    return answer.substring(answer.indexOf(mark) + mark.length(), answer.length() - 2);
  }

  @Test
  void aSequenceIsTriedOnALeadsPast() throws Exception {
    String id =
        dev.madeId(
            "/sequences",
            "{'name':'Buy','event_types':['A','B'],'window_seconds':3600,'ordered':true,"
                + "'active':false}");
    events("ld_1", "B", "2026-03-10T08:00:00Z");
    events("ld_1", "A", "2026-03-10T08:30:00Z", "2026-03-10T10:00:00Z");
    events("ld_1", "B", "2026-03-10T09:30:01Z", "2026-03-10T11:00:00Z", "2026-03-10T11:00:01Z");
    String path = "/sequences/" + id + "/simulate";
    String head = "{'sequence_id':'" + id + "','lead_id':'ld_1','days':";
    answers(
        path,
        "{'lead_id':'ld_1'}",
        head + "30,'events':6,'complete':true,'firings':1,'fired_at':['2026-03-10T11:00:00Z']}");
    answers(
        path,
        "{'lead_id':'ld_1','days':1}",
        head + "1,'events':6,'complete':true,'firings':1,'fired_at':['2026-03-10T11:00:00Z']}");
    assertEquals(0L, dev.object("/sequence-events").get("total"));
  }

  @Test
  void aSurgeIsTriedOnOneLeadOrOnAll() throws Exception {
    String id = dev.madeId("/surge-triggers", "{'name':'Busy','threshold':2,'window_seconds':60}");
    dev.done("PUT", "/surge-triggers/" + id, "{'active':false}");
    // The second is a window after the first, which is one too far; the fourth finds it reached.
    events(
        "ld_1",
        "A",
        "2026-03-10T10:00:00Z",
        "2026-03-10T10:01:00Z",
        "2026-03-10T10:01:59Z",
        "2026-03-10T10:01:59.500Z");
    events("ld_2", "B", "2026-03-10T10:00:00Z", "2026-03-10T10:00:59Z", "2026-03-10T11:00:00Z");
    events("ld_2", "B", "2026-03-10T11:00:01Z");
    events("ld_3", "A", "2026-03-10T10:00:00Z");
    events("ld_3", "DECAY", "2026-03-10T10:00:01Z");
    String head = "{'surge_trigger_id':'" + id + "',";
    answers(
        "/surge-triggers/" + id + "/simulate",
        "{'lead_id':'ld_1'}",
        head
            + "'lead_id':'ld_1','days':30,'events':4,'complete':true,'firings':1,"
            + "'fired_at':['2026-03-10T10:01:59Z']}");
    answers(
        "/surge-triggers/" + id + "/preview",
        "{'days':2}",
        head
            + "'days':2,'events':10,'complete':true,'firings':3,'leads':2,'sample_leads':["
            + "{'lead_id':'ld_2','firings':2},{'lead_id':'ld_1','firings':1}]}");
    assertEquals(0L, dev.object("/surge-events").get("total"));
  }

  @Test
  void whatIsAskedMustBeThereAndInRange() throws Exception {
    events("ld_1", "A", "2026-03-10T10:00:00Z");
    String milestone = dev.madeId("/triggers", "{'name':'a','score_threshold':1}");
    String surge = dev.madeId("/surge-triggers", "{'name':'a','threshold':1,'window_seconds':1}");
    String sequence =
        dev.madeId("/sequences", "{'name':'a','event_types':['A'],'window_seconds':1}");
    String simulate = "/triggers/" + milestone + "/simulate";
    dev.refused("POST", simulate, "{'score':1}").is(400, "missing_field", "lead_id");
    dev.refused("POST", simulate, "{'lead_id':'ld_1'}").is(400, "missing_field", "score");
    dev.refused("POST", simulate, "{'lead_id':'gone','score':1}")
        .is(404, "not_found", "lead_id")
        .says("no such lead");
    for (String path :
        List.of(
            "/sequences/" + sequence + "/simulate",
            "/surge-triggers/" + surge + "/simulate",
            "/surge-triggers/" + surge + "/preview")) {
      dev.refused("POST", path, "{'lead_id':'ld_1','days':0}")
          .is(400, "invalid_field", "days")
          .says("days < 1 or > 365: 0");
      dev.refused("POST", path, "{'lead_id':'ld_1','days':366}").is(400, "invalid_field", "days");
      String most = path.endsWith("preview") ? "{'days':365}" : "{'lead_id':'ld_1','days':365}";
      assertEquals(200, dev.send("POST", path, most).statusCode());
    }
    dev.refused("POST", "/triggers/gone/simulate", "{'lead_id':'ld_1','score':1}")
        .is(404, "not_found", null)
        .says("no such trigger");
    dev.refused("POST", "/sequences/gone/simulate", "{'lead_id':'ld_1'}")
        .is(404, "not_found", null)
        .says("no such sequence");
    dev.refused("POST", "/surge-triggers/gone/preview", "{}")
        .is(404, "not_found", null)
        .says("no such surge trigger");
  }
}
