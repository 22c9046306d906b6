package io.kenbun.lite.http.triggers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.RawConnection;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.configuration.SetupCaller;
import io.kenbun.lite.model.RuleSetup;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Milestones, sequences and surges: made, changed in part, removed. */
class TriggerApiTest {
  private static final String NOON = "2026-03-10T12:00:00Z";
  private static final String TOLD_NOBODY =
      "'webhook_url':null,'has_signing_secret':false,'emails':[],'email_subject':null,"
          + "'email_preheader':null,'email_message':null,'channel_id':null,'notify_owner':false";

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

  @Test
  void aMilestoneNeedsANameAndAThreshold() throws Exception {
    HttpResponse<String> made =
        dev.send("POST", "/triggers", "{'name':'Hot','score_threshold':50}");
    String id = String.valueOf(dev.each("/triggers", "triggers", "id").get(0));
    String shown =
        "{'id':'"
            + id
            + "','name':'Hot','score_threshold':50,'event_type':null,'fire_mode':'once',"
            + "'cooldown_seconds':0,'ruleset_id':null,'engagement_level':null,"
            + "'profile_level':null,'account_level':null,'notify_on_exit':false,"
            + TOLD_NOBODY
            + ",'active':true,'created_at':'"
            + NOON
            + "','updated_at':'"
            + NOON
            + "'}";
    is(201, shown, made);
    is(200, "{'triggers':[" + shown + "]}", dev.send("GET", "/triggers", null));
  }

  @Test
  void aMilestoneChangesInPart() throws Exception {
    dev.made("/engagement-levels", "{'name':'Warm','min_score':0}");
    String path =
        "/triggers/"
            + dev.madeId(
                "/triggers",
                "{'name':'Hot','score_threshold':50,'event_type':'Demo','fire_mode':'always',"
                    + "'cooldown_seconds':60,'ruleset_id':'rs_other','engagement_level':'Warm',"
                    + "'notify_on_exit':true,'webhook_url':'https://example.com/a?b=c',"
                    + "'emails':['a@example.com'],'email_subject':'S','email_preheader':'P',"
                    + "'email_message':'M','notify_owner':true,'active':false}");
    Map<?, ?> changed = dev.changed(path, "{'score_threshold':60}");
    assertEquals(60L, changed.get("score_threshold"));
    assertEquals("Demo", changed.get("event_type"));
    assertEquals("always", changed.get("fire_mode"));
    assertEquals(60L, changed.get("cooldown_seconds"));
    assertEquals("rs_other", changed.get("ruleset_id"));
    assertEquals("Warm", changed.get("engagement_level"));
    assertEquals(true, changed.get("notify_on_exit"));
    assertEquals("https://example.com/a?b=c", changed.get("webhook_url"));
    assertEquals(List.of("a@example.com"), changed.get("emails"));
    assertEquals("S", changed.get("email_subject"));
    assertEquals("P", changed.get("email_preheader"));
    assertEquals("M", changed.get("email_message"));
    assertEquals(true, changed.get("notify_owner"));
    assertEquals(false, changed.get("active"));
    Map<?, ?> cleared =
        dev.changed(
            path,
            "{'event_type':null,'ruleset_id':null,'engagement_level':null,'webhook_url':null,"
                + "'emails':null,'email_subject':null,'email_preheader':null,"
                + "'email_message':null}");
    for (String field :
        List.of("event_type", "ruleset_id", "engagement_level", "webhook_url", "email_subject")) {
      assertTrue(cleared.containsKey(field) && cleared.get(field) == null, field);
    }
    assertEquals(List.of(), cleared.get("emails"));
    dev.done("DELETE", path, null);
    is(200, "{'triggers':[]}", dev.send("GET", "/triggers", null));
    dev.refused("DELETE", path, null).is(404, "not_found", null).says("no such trigger");
  }

  @Test
  void aSequenceIsUnorderedUnlessSaid() throws Exception {
    HttpResponse<String> made =
        dev.send(
            "POST",
            "/sequences",
            "{'name':'Buy','event_types':['A',' B '],'window_seconds':604800}");
    String id = String.valueOf(dev.each("/sequences", "sequences", "id").get(0));
    is(
        201,
        "{'id':'"
            + id
            + "','name':'Buy','event_types':['A','B'],'window_seconds':604800,"
            + "'window_unit':null,'ordered':false,"
            + TOLD_NOBODY
            + ",'active':true,'created_at':'"
            + NOON
            + "','updated_at':'"
            + NOON
            + "'}",
        made);
    Map<?, ?> changed =
        dev.changed("/sequences/" + id, "{'ordered':true,'window_unit':'7 days','active':false}");
    assertEquals(List.of("A", "B"), changed.get("event_types"));
    assertEquals("7 days", changed.get("window_unit"));
    assertEquals(true, changed.get("ordered"));
    assertEquals(
        List.of("A", "A"),
        dev.changed("/sequences/" + id, "{'event_types':['A','A']}").get("event_types"));
    dev.done("DELETE", "/sequences/" + id, null);
    is(200, "{'sequences':[]}", dev.send("GET", "/sequences", null));
  }

  @Test
  void aSurgeIsChangedWithoutAWord() throws Exception {
    HttpResponse<String> made =
        dev.send("POST", "/surge-triggers", "{'name':'Busy','threshold':5,'window_seconds':3600}");
    String id = String.valueOf(dev.each("/surge-triggers", "surge_triggers", "id").get(0));
    is(
        201,
        "{'id':'"
            + id
            + "','name':'Busy','event_type':null,'threshold':5,'window_seconds':3600,"
            + TOLD_NOBODY
            + ",'active':true,'created_at':'"
            + NOON
            + "','updated_at':'"
            + NOON
            + "'}",
        made);
    server.clock.advance(Duration.ofMinutes(1));
    dev.done("PUT", "/surge-triggers/" + id, "{'name':'Very busy','active':false}");
    Map<?, ?> surge = (Map<?, ?>) list("/surge-triggers", "surge_triggers").get(0);
    assertEquals("Very busy", surge.get("name"));
    assertEquals(false, surge.get("active"));
    assertEquals(5L, surge.get("threshold"));
    assertEquals("2026-03-10T12:01:00Z", surge.get("updated_at"));
    dev.done("DELETE", "/surge-triggers/" + id, null);
    is(200, "{'surge_triggers':[]}", dev.send("GET", "/surge-triggers", null));
  }

  @Test
  void aSigningSecretIsShownOnceToWhoAsksForIt() throws Exception {
    Map<?, ?> made =
        dev.made(
            "/triggers",
            "{'name':'Hot','score_threshold':50,'webhook_url':'https://example.com/','signing':true}");
    String secret = String.valueOf(made.get("signing_secret"));
    assertTrue(secret.startsWith("whsec_"), "not whsec_");
    assertEquals(32, Base64.getDecoder().decode(secret.substring(6)).length);
    String path = "/triggers/" + made.get("id");
    assertFalse(dev.send("GET", "/triggers", null).body().contains("whsec_"));
    assertFalse(dev.send("PUT", path, "{'name':'B','signing':true}").body().contains("whsec_"));
    RuleSetup setup = server.rules.current().setup(1);
    assertEquals(secret, setup.milestones().get(0).destinations().signingSecret());
    Map<?, ?> off = dev.changed(path, "{'signing':false}");
    assertEquals(false, off.get("has_signing_secret"));
    assertFalse(off.containsKey("signing_secret"));
    Map<?, ?> again = dev.changed(path, "{'signing':true}");
    assertEquals(true, again.get("has_signing_secret"));
    assertNotEquals(secret, again.get("signing_secret"));
    Map<?, ?> gone = dev.changed(path, "{'webhook_url':null}");
    assertEquals(false, gone.get("has_signing_secret"));
    assertFalse(
        dev.made("/triggers", "{'name':'C','score_threshold':1}").containsKey("signing_secret"));
  }

  @Test
  void aSecretOfTheCallersOwnIsTaken() throws Exception {
    String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[24]);
    String body =
        "{'name':'Hot','score_threshold':50,'webhook_url':'https://example.com/',"
            + "'signing_secret':'"
            + secret
            + "'}";
    HttpResponse<String> made = dev.send("POST", "/triggers", body);
    assertEquals(201, made.statusCode());
    assertTrue(made.body().contains("\"has_signing_secret\":true"), made.body());
    assertFalse(dev.send("GET", "/triggers", null).body().contains("whsec_"), "shown again");
    RuleSetup setup = server.rules.current().setup(1);
    assertEquals(secret, setup.milestones().get(0).destinations().signingSecret());
    String path = "/triggers/" + setup.milestones().get(0).id();
    assertEquals(false, dev.changed(path, "{'signing_secret':null}").get("has_signing_secret"));
  }

  @Test
  void aSecretInARefusedBodyIsNotShownAmongTheRefusals() throws Exception {
    // Under its name, under its name spelled otherwise, somewhere else, and none at all.
    for (String body :
        List.of(
            "{'name':'','signing_secret':'whsec_mine'}",
            "{'name':'','signing\\u005fsecret':'whsec_mine'}",
            "{'name':'','webhook_url':'https://example.com/whsec_mine'}",
            "{'name':''}")) {
      for (String path :
          List.of("/triggers", "/sequences", "/surge-triggers", "/notification-channels")) {
        assertEquals(400, dev.send("POST", path, body).statusCode());
      }
    }
    List<?> rejected = list("/lite/rejected", "rejected");
    assertEquals(16, rejected.size());
    for (Object refusal : rejected) {
      assertEquals(null, ((Map<?, ?>) refusal).get("body"));
    }
  }

  @Test
  void norIsOneThatIsRefusedBeforeItHasComeInWhole() throws Exception {
    String mine = "{\"signing_secret\":\"whsec_mine\"";
    for (String path : List.of("/triggers", "/notification-channels")) {
      try (RawConnection connection = new RawConnection(server.port())) {
        connection.write(
            "POST "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nAuthorization: "
                + TestServer.DEV
                + "\r\nCookie: "
                + server.cookie(TestServer.DEV, "unit_default")
                + "\r\n\r\n");
        for (String text : List.of(mine, " ".repeat(256 << 10))) {
          connection.write(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
        }
        String answer = connection.readAnswer();
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
      }
      Map<?, ?> refusal = (Map<?, ?>) list("/lite/rejected", "rejected").get(0);
      assertEquals(path, refusal.get("path"));
      assertEquals(null, refusal.get("body"));
    }
  }

  @Test
  void aChannelIsNamedByItsIdAndKeptWhileATriggerUsesIt() throws Exception {
    String channel =
        dev.madeId(
            "/notification-channels", "{'name':'Ops','type':'slack','config':{'channel_id':'C1'}}");
    for (String path : List.of("/triggers", "/sequences", "/surge-triggers")) {
      String body =
          switch (path) {
            case "/triggers" -> "{'name':'a','score_threshold':5";
            case "/sequences" -> "{'name':'a','event_types':['A'],'window_seconds':60";
            default -> "{'name':'a','threshold':5,'window_seconds':60";
          };
      Map<?, ?> made = dev.made(path, body + ",'channel_id':'" + channel + "'}");
      assertEquals(channel, made.get("channel_id"));
      dev.refused("DELETE", "/notification-channels/" + channel, null)
          .is(409, "conflict", null)
          .says("a trigger uses the channel");
      dev.done("DELETE", path + "/" + made.get("id"), null);
    }
    dev.done("DELETE", "/notification-channels/" + channel, null);
  }

  @Test
  void aSurgeShowsItsSecretWhenItIsMadeAndCannotLater() throws Exception {
    String body =
        "{'name':'Busy','threshold':5,'window_seconds':60,'webhook_url':'http://a.example'";
    Map<?, ?> made = dev.made("/surge-triggers", body + ",'signing':true}");
    assertTrue(String.valueOf(made.get("signing_secret")).startsWith("whsec_"));
    dev.done("PUT", "/surge-triggers/" + made.get("id"), "{'signing':true}");
    String path = "/surge-triggers/" + dev.madeId("/surge-triggers", body + "}");
    dev.refused("PUT", path, "{'signing':true}")
        .is(400, "invalid_field", "signing")
        .says("signing can be turned on at creation only, which shows the secret");
  }

  @Test
  void eachUnitHasItsOwn() throws Exception {
    String id = dev.madeId("/triggers", "{'name':'Hot','score_threshold':50}");
    SetupCaller other = new SetupCaller(server, TestServer.NARROW, "unit_b");
    is(200, "{'triggers':[]}", other.send("GET", "/triggers", null));
    other.refused("PUT", "/triggers/" + id, "{'name':'Mine'}").is(404, "not_found", null);
    other.refused("DELETE", "/triggers/" + id, null).is(404, "not_found", null);
  }

  @Test
  void historiesAreEmptyBeforeAnythingFires() throws Exception {
    for (String path : List.of("/milestone-events", "/sequence-events", "/surge-events")) {
      is(200, "{'events':[],'total':0,'page':1,'limit':25}", dev.send("GET", path, null));
      is(
          200,
          "{'events':[],'total':0,'page':2,'limit':100}",
          dev.send("GET", path + "?page=2&limit=100", null));
      dev.refused("GET", path + "?limit=101", null)
          .is(400, "invalid_field", "limit")
          .says("limit < 1 or > 100: 101");
      dev.refused("GET", path + "?page=0", null).is(400, "invalid_field", "page");
    }
  }

  private List<?> list(String path, String envelope) throws Exception {
    return (List<?>) dev.object(path).get(envelope);
  }

  private static void is(int status, String body, HttpResponse<String> answer) {
    assertEquals(body.replace('\'', '"'), answer.body());
    assertEquals(status, answer.statusCode());
  }
}
