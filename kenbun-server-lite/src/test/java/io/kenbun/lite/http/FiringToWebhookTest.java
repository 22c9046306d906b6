package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.TestReceiver;
import io.kenbun.lite.TestReceiver.Received;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Milestone;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From an event to its webhook, through everything between. */
class FiringToWebhookTest {
  @Test
  void anEventThatCrossesAThresholdIsToldWithTheLeadsNames() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.sendsWebhooks = true;
    setup.allowPrivateWebhooks = true;
    try (TestReceiver receiver = new TestReceiver();
        TestServer server = new TestServer(setup)) {
      Destinations own =
          new Destinations(receiver.url("/hook"), null, null, false, List.of(), null, null, null);
      server
          .storage
          .configuration()
          .saveMilestone(
              server.setup().unit().key(),
              new Milestone(
                  0,
                  "",
                  "Hot",
                  20,
                  null,
                  FireMode.ONCE,
                  0,
                  null,
                  null,
                  null,
                  null,
                  false,
                  true,
                  own,
                  0,
                  0,
                  0),
              server.clock.millis());
      server.rules.replace(server.storage.configuration().load());
      server.ingest(
          "{\"alias_kind\":\"email\",\"alias\":\"Ada@Example.com\",\"event_type\":\"Form Submit\","
              + "\"timestamp\":\"2026-03-10T11:59:00Z\"}");
      server.score();
      Received webhook = receiver.next();
      assertEquals(
          "{\"id\":\""
              + webhook.id()
              + "\",\"event\":\"milestone.entered\",\"fired_at\":\"2026-03-10T12:00:00Z\","
              + "\"trigger\":{\"id\":\"milestone_1\",\"name\":\"Hot\",\"type\":\"milestone\","
              + "\"score_threshold\":20},\"lead\":{\"lead_id\":\"ld_1\",\"aliases\":["
              + "{\"alias_kind\":\"email\",\"raw_value\":\"Ada@Example.com\"}]},\"score\":20,"
              + "\"previous_score\":0,\"ruleset_id\":\"rs_main\",\"engagement_level\":\"Unclassified\","
              + "\"event_type\":\"Form Submit\",\"event_id\":\"evt_0000000000001\"}",
          webhook.body());
      assertEquals("{\"drained\":true}", server.call("POST", "/lite/drain", null).body());
      String shown = server.ok("/lite/deliveries?state=delivered");
      assertTrue(shown.contains("\"firing_id\":\"" + webhook.id() + "\""), shown);

      server.event("owned", "Nothing", "2026-03-10T11:00:00Z", "{}");
      server.call("PUT", "/lead/owned", "{\"owner_name\":\"Jane \\\"J\\\" Smith\"}");
      server.event("owned", "Form Submit", "2026-03-10T11:00:00Z", "{}");
      String ofOwned = receiver.next().body();
      assertTrue(
          ofOwned.contains(
              "{\"lead_id\":\"owned\",\"aliases\":[],\"owner_name\":\"Jane \\\"J\\\" Smith\"}"),
          ofOwned);
      assertEquals("{\"drained\":true}", server.call("POST", "/lite/drain", null).body());
      assertEquals(200, server.call("DELETE", "/lead/owned", null).statusCode());
      assertEquals(200, server.call("DELETE", "/lead/ld_1", null).statusCode());
      assertEquals(
          "{\"deliveries\":[],\"total\":0,\"page\":1,\"limit\":25}", server.ok("/lite/deliveries"));
    }
  }
}
