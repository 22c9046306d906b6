package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.TestReceiver;
import io.kenbun.lite.TestReceiver.Received;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.webhook.AddressGuard;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /notification-channels}, {@code /lite/deliveries} and {@code /me/notification-prefs}. */
class ChannelApiTest {
  private static final String CHANNELS = "/notification-channels";
  private static final String ONE = CHANNELS + "/notification_channel_1";
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String AT = "\"2026-03-10T12:00:00Z\"";

  private final TestReceiver receiver = new TestReceiver();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.sendsWebhooks = true;
    setup.allowPrivateWebhooks = true;
    server = new TestServer(setup);
  }

  @AfterEach
  void close() {
    server.close();
    receiver.close();
  }

  private static String webhook(String config) {
    return "{\"name\":\"Team\",\"type\":\"webhook\",\"config\":{" + config + "}}";
  }

  private HttpResponse<String> create(String body) throws Exception {
    return server.call("POST", CHANNELS, body);
  }

  private String created(String body) throws Exception {
    HttpResponse<String> answer = create(body);
    assertEquals(201, answer.statusCode(), answer.body());
    return answer.body();
  }

  @Test
  void secretsAreShownOnceAtTheMost() throws Exception {
    String body =
        created(
            webhook(
                "\"url\":\"https://example.com/h\",\"auth_header\":\"Bearer t0k\",\"signing_secret\":\""
                    + SECRET
                    + "\""));
    String shown =
        "{\"id\":\"notification_channel_1\",\"unit_id\":\"unit_default\",\"name\":\"Team\","
            + "\"type\":\"webhook\",\"config\":{\"url\":\"https://example.com/h\","
            + "\"has_auth_header\":true,\"has_signing_secret\":true%s},\"off_since\":null,"
            + "\"created_at\":"
            + AT
            + ",\"updated_at\":"
            + AT
            + "}";
    assertEquals(shown.formatted(",\"signing_secret\":\"" + SECRET + "\""), body);
    assertEquals("[" + shown.formatted("") + "]", server.ok(CHANNELS));
    HttpResponse<String> renamed = server.call("PUT", ONE, "{\"name\":\"Team\"}");
    assertEquals(shown.formatted(""), renamed.body());
  }

  @Test
  void aWebhookWithoutASecretGetsOneAndNullMeansNone() throws Exception {
    String made = created(webhook("\"url\":\"https://example.com/h\""));
    assertTrue(made.contains("\"signing_secret\":\"whsec_"), made);
    String none = created(webhook("\"url\":\"https://example.com/h\",\"signing_secret\":null"));
    assertTrue(none.contains("\"has_signing_secret\":false}"), none);
  }

  @Test
  void aChangeKeepsWhatItDoesNotName() throws Exception {
    created(webhook("\"url\":\"https://example.com/h\",\"auth_header\":\"Bearer t0k\""));
    String moved =
        server.call("PUT", ONE, "{\"config\":{\"url\":\"https://example.org/\"}}").body();
    assertTrue(
        moved.contains(
            "{\"url\":\"https://example.org/\",\"has_auth_header\":true,\"has_signing_secret\":true}"),
        moved);
    String cleared =
        server
            .call("PUT", ONE, "{\"config\":{\"auth_header\":null,\"signing_secret\":null}}")
            .body();
    assertTrue(cleared.contains("\"has_auth_header\":false,\"has_signing_secret\":false"), cleared);
    Refused.by(server.call("PUT", ONE, "{\"type\":\"slack\"}"))
        .is(400, "invalid_field", "type")
        .says("type cannot be changed: webhook");
    Refused.by(server.call("PUT", CHANNELS + "/nope", "{}")).is(404, "not_found", null);
  }

  @Test
  void theOtherTypesAreKeptAndLogged() throws Exception {
    String slack =
        created("{\"name\":\"S\",\"type\":\"slack\",\"config\":{\"channel_id\":\"C1\"}}");
    assertTrue(slack.contains("\"config\":{\"channel_id\":\"C1\",\"channel_name\":\"\"}"), slack);
    created(
        "{\"name\":\"T\",\"type\":\"teams\",\"config\":{\"webhook_url\":\"https://example.com/t\","
            + "\"channel_name\":\"g\"}}");
    created(
        "{\"name\":\"E\",\"type\":\"email\",\"config\":{\"recipients\":\"a@b.c, d@e.f\","
            + "\"subject_prefix\":\"[hot]\"}}");
    for (int i = 1; i <= 3; i++) {
      HttpResponse<String> answer =
          server.call("POST", CHANNELS + "/notification_channel_" + i + "/test", null);
      assertEquals(202, answer.statusCode(), answer.body());
    }
    String logged = server.ok("/lite/deliveries?state=logged");
    assertTrue(logged.endsWith("\"total\":3,\"page\":1,\"limit\":25}"), logged);
    assertTrue(logged.contains("\"channel_id\":\"notification_channel_3\",\"destination\":\"E\""));
    assertEquals(List.of(), receiver.all());
  }

  @Test
  void refusesWhatIsWrongWithTheFieldAndKeepsNothing() throws Exception {
    refused("{\"type\":\"webhook\",\"config\":{}}", "missing_field", "name", "name is required");
    refused("{\"name\":\"x\",\"config\":{}}", "missing_field", "type", "type is required");
    refused(
        "{\"name\":\"x\",\"type\":\"pager\",\"config\":{}}",
        "invalid_field",
        "type",
        "type is none of slack, teams, webhook, email: \"pager\"");
    refused(
        "{\"name\":\"x\",\"type\":\"webhook\"}", "missing_field", "config", "config is required");
    refused(webhook(""), "missing_field", "config.url", "config.url is required");
    refused(
        webhook("\"url\":\"ftp://example.com\""),
        "invalid_field",
        "config.url",
        "config.url is no http or https URL");
    refused(
        webhook("\"url\":\"http://u:p@example.com\""),
        "invalid_field",
        "config.url",
        "config.url holds a user name or a password");
    refused(
        webhook("\"url\":\"http://example.com/" + "x".repeat(AddressGuard.MAX_URL_LENGTH) + "\""),
        "invalid_field",
        "config.url",
        "config.url has more than 2048 characters: 2067");
    refused(
        webhook("\"url\":\"http://example.com\",\"auth_header\":\"a\\r\\nX-Evil: 1\""),
        "invalid_field",
        "config.auth_header",
        "config.auth_header holds a character that is not visible ASCII or a space");
    refused(
        webhook("\"url\":\"http://example.com\",\"signing_secret\":\"hush\""),
        "invalid_field",
        "config.signing_secret",
        "config.signing_secret does not start with whsec_");
    assertEquals("[]", server.ok(CHANNELS));
    String rejected = server.ok("/lite/rejected?limit=100");
    assertTrue(rejected.contains("config.signing_secret"), rejected);
    assertFalse(rejected.contains("hush") || rejected.contains("X-Evil"), rejected);
  }

  private void refused(String body, String code, String field, String error) throws Exception {
    Refused.by(create(body)).is(400, code, field).says(error);
  }

  @Test
  void aServerOnMoreThanLoopbackRefusesPrivateAddresses() throws Exception {
    try (TestServer strict = new TestServer()) {
      for (String host :
          List.of("169.254.169.254", "[::ffff:169.254.169.254]", "127.0.0.1", "localhost")) {
        Refused.by(strict.call("POST", CHANNELS, webhook("\"url\":\"http://" + host + "/latest\"")))
            .is(400, "invalid_field", "config.url")
            .says(
                "config.url leads to an address that is not public; --allow-private-webhooks would"
                    + " allow it");
      }
      Refused.by(strict.call("POST", CHANNELS, webhook("\"url\":\"http://2852039166/\"")))
          .is(400, "invalid_field", "config.url")
          .says("config.url has a host that is a number and no address of four decimal parts");
      assertEquals("[]", strict.ok(CHANNELS));
    }
  }

  @Test
  void aChannelThatATriggerUsesStays() throws Exception {
    created(webhook("\"url\":\"https://example.com/h\""));
    long unit = server.setup().unit().key();
    Destinations toChannel = new Destinations(null, null, 1L, false, List.of(), null, null, null);
    long surge =
        server
            .storage
            .configuration()
            .saveSurge(unit, new Surge(0, "", "Busy", null, 5, 60, true, toChannel, 0, 0), 0);
    Refused.by(server.call("DELETE", ONE, null))
        .is(409, "conflict", null)
        .says("a trigger uses the channel");
    server.storage.configuration().deleteSurge(unit, surge);
    assertEquals(204, server.call("DELETE", ONE, null).statusCode());
    Refused.by(server.call("DELETE", ONE, null)).is(404, "not_found", null);
  }

  @Test
  void aTestIsSentShownAndCanBeRetriedAndDeleted() throws Exception {
    receiver.answers(500);
    created(webhook("\"url\":\"" + receiver.url("/hook") + "\",\"auth_header\":\"Bearer t0k\""));
    String id = testId();
    Received request = receiver.next();
    assertEquals(id, request.id());
    assertEquals("Bearer t0k", request.header("Authorization"));
    drain();
    String one = server.ok("/lite/deliveries/" + id);
    String start =
        "{\"id\":\""
            + id
            + "\",\"event\":\"channel.test\",\"firing_id\":null,\"trigger_id\":null,"
            + "\"trigger_name\":null,\"lead_id\":null,\"channel_id\":\"notification_channel_1\","
            + "\"destination\":\""
            + receiver.url("/hook")
            + "\",\"state\":\"pending\",\"tries\":1,\"next_try_at\":\"2026-03-10T12:00:0";
    assertTrue(one.startsWith(start), one);
    assertTrue(one.contains("\"attempts\":[{\"at\":" + AT + ",\"took_ms\":"), one);
    String attempt =
        ",\"status\":500,\"error\":null,\"webhook_timestamp\":"
            + request.header("webhook-timestamp")
            + ",\"webhook_signature\":\""
            + request.header("webhook-signature")
            + "\",\"answer\":\"\"}],\"body\":\"{\\\"id\\\":\\\"";
    assertTrue(one.contains(attempt), one);
    assertFalse(server.ok("/lite/deliveries").contains("\"body\""));

    receiver.answers(200);
    HttpResponse<String> retry = server.call("POST", "/lite/deliveries/" + id + "/retry", null);
    assertEquals(202, retry.statusCode());
    assertEquals("{\"message\":\"delivery queued\"}", retry.body());
    assertEquals(id, receiver.next().id());
    server.awaitSample("kenbun_webhooks_pending 0"); // A drain waits for first tries alone.
    assertTrue(server.ok("/lite/deliveries?state=delivered").contains("\"tries\":2,"));
    assertEquals(202, server.call("POST", "/lite/deliveries/" + id + "/retry", null).statusCode());
    assertEquals(id, receiver.next().id()); // Once more, and the same for whoever counts.
    server.awaitSample("kenbun_webhook_tries_total{outcome=\"again\"} 1");
    server.awaitSample("kenbun_webhook_tries_total{outcome=\"delivered\"} 2");
    server.awaitSample("kenbun_webhooks_pending 0");
    assertEquals(204, server.call("DELETE", "/lite/deliveries/" + id, null).statusCode());
    Refused.by(server.call("DELETE", "/lite/deliveries/" + id, null)).is(404, "not_found", null);
    Refused.by(server.get("/lite/deliveries/" + id)).is(404, "not_found", null);
    Refused.by(server.get("/lite/deliveries?state=lost"))
        .is(400, "invalid_field", "state")
        .says("state is none of pending, delivered, failed, logged, off: \"lost\"");
  }

  private String testId() throws Exception {
    String answer = server.call("POST", ONE + "/test", null).body();
    return answer.substring("{\"delivery_id\":\"".length(), answer.length() - 2);
  }

  private void drain() throws Exception {
    assertEquals("{\"drained\":true}", server.call("POST", "/lite/drain", null).body());
  }

  @Test
  void aRetryGoesToTheChannelAsItIsNow() throws Exception {
    receiver.answers(401);
    created(webhook("\"url\":\"" + receiver.url("/old") + "\",\"auth_header\":\"wrong\""));
    String id = testId();
    assertEquals("/old", receiver.next().path());
    drain();
    receiver.answers(200);
    server.call(
        "PUT",
        ONE,
        "{\"config\":{\"url\":\"" + receiver.url("/new") + "\",\"auth_header\":\"right\"}}");
    server.call("POST", "/lite/deliveries/" + id + "/retry", null);
    Received request = receiver.next();
    assertEquals("/new", request.path());
    assertEquals("right", request.header("Authorization"));
    assertEquals(id, request.id());
    assertTrue(server.ok("/lite/deliveries").contains("\"" + receiver.url("/new") + "\""));
  }

  @Test
  void anotherUnitsChannelsAndDeliveriesAreNotThere() throws Exception {
    created(webhook("\"url\":\"" + receiver.url("/") + "\""));
    String id = testId();
    String[] other = {
      "Authorization", TestServer.DEV, "Cookie", server.cookie(TestServer.DEV, "unit_b")
    };
    assertEquals("[]", server.send("GET", CHANNELS, null, other).body());
    Refused.by(server.send("DELETE", ONE, null, other)).is(404, "not_found", null);
    Refused.by(server.send("POST", ONE + "/test", null, other)).is(404, "not_found", null);
    String delivery = "/lite/deliveries/" + id;
    Refused.by(server.send("GET", delivery, null, other)).is(404, "not_found", null);
    Refused.by(server.send("POST", delivery + "/retry", null, other)).is(404, "not_found", null);
    Refused.by(server.send("DELETE", delivery, null, other)).is(404, "not_found", null);
  }

  @Test
  void preferencesAreACallersOwn() throws Exception {
    String all =
        "{\"notifications_enabled\":true,\"slack_user_id\":null,\"prefs\":["
            + "{\"event_type\":\"milestone.entered\",\"muted\":false},"
            + "{\"event_type\":\"milestone.exited\",\"muted\":false},"
            + "{\"event_type\":\"sequence.completed\",\"muted\":false},"
            + "{\"event_type\":\"surge.fired\",\"muted\":false}]}";
    String path = "/me/notification-prefs";
    assertEquals(all, server.ok(path));
    String changed =
        all.replace("enabled\":true", "enabled\":false")
            .replace("surge.fired\",\"muted\":false", "surge.fired\",\"muted\":true");
    HttpResponse<String> answer =
        server.call(
            "PUT",
            path,
            "{\"notifications_enabled\":false,\"prefs\":[{\"event_type\":\"surge.fired\","
                + "\"muted\":true}]}");
    assertEquals(200, answer.statusCode());
    assertEquals(changed, answer.body());
    assertEquals(changed, server.ok(path));
    String[] narrow = {
      "Authorization", TestServer.NARROW, "Cookie", server.cookie(TestServer.NARROW, "unit_b")
    };
    assertEquals(all, server.send("GET", path, null, narrow).body());
    Refused.by(server.send("GET", path, null, "Authorization", TestServer.DEV))
        .is(400, "active_ou_not_set", null);
    Refused.by(server.call("PUT", path, "{\"prefs\":[{\"event_type\":\"x\",\"muted\":true}]}"))
        .is(400, "invalid_field", "prefs[0].event_type")
        .says(
            "prefs[0].event_type is none of milestone.entered, milestone.exited,"
                + " sequence.completed, surge.fired: \"x\"");
    Refused.by(server.call("PUT", path, "{\"prefs\":[{\"event_type\":\"surge.fired\"}]}"))
        .is(400, "missing_field", "prefs[0].muted");
    assertEquals(changed, server.ok(path));
  }
}
