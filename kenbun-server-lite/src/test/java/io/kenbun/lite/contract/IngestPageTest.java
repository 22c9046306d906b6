package io.kenbun.lite.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.kenbun.lite.http.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code POST /ingest}: {@code api.md} 3. */
class IngestPageTest extends Page {
  @Test
  @Tag("PRIMARY")
  void anEventByAliasIsQueued() throws Exception {
    answer(
        202,
        "POST",
        "/ingest",
        "{'alias_kind':'email','alias':'user@example.com','event_type':'Page View','metadata':{'path':'/pricing','utm_source':'google'}}");
    server.score();
    assertEquals(
        "user@example.com", get("/lead/by-alias?value=user@example.com").get("email").asText());
  }

  @Test
  @Tag("PRIMARY")
  void anEventByLeadIdIsQueued() throws Exception {
    answer(
        202,
        "POST",
        "/ingest",
        "{'lead_id':'ld_abc123','event_type':'Demo Request','metadata':{'product':'enterprise'}}");
    server.score();
    assertEquals("ld_abc123", get("/lead/ld_abc123").get("lead_id").asText());
  }

  @Test
  @Tag("PRIMARY")
  void theTimestampIsWhenItHappened() throws Exception {
    answer(
        202,
        "POST",
        "/ingest",
        "{'alias_kind':'email','alias':'user@example.com','event_type':'Email Open','timestamp':'2025-09-15T14:30:00Z'}");
    server.score();
    assertEquals("2025-09-15T14:30:00Z", get("/events").at("/events/0/created_at").asText());
  }

  @Test
  @Tag("PRIMARY")
  void withoutATimestampItHappensNow() throws Exception {
    answer(202, "POST", "/ingest", "{'lead_id':'ld_1','event_type':'Email Open'}");
    server.score();
    assertEquals("2026-03-10T12:00:00Z", get("/events").at("/events/0/created_at").asText());
  }

  @Test
  @Tag("PRIMARY")
  void eachKindOfAliasIsTaken() throws Exception {
    for (String kind : List.of("email", "external_id", "phone", "cookie", "social")) {
      answer(
          202,
          "POST",
          "/ingest",
          "{'alias_kind':'" + kind + "','alias':'4711','event_type':'Page View'}");
    }
    assertEquals(
        "unknown_alias_kind",
        answer(
                400,
                "POST",
                "/ingest",
                "{'alias_kind':'fax','alias':'4711','event_type':'Page View'}")
            .get("code")
            .asText());
  }

  @Test
  @Tag("PRIMARY")
  void requiredFieldsThatAreMissingAre400() throws Exception {
    answer(400, "POST", "/ingest", "{'lead_id':'ld_1'}");
    answer(400, "POST", "/ingest", "{'event_type':'Page View'}");
    answer(400, "POST", "/ingest", "{'alias_kind':'email','event_type':'Page View'}");
    answer(400, "POST", "/ingest", "{'alias':'user@example.com','event_type':'Page View'}");
  }

  @Test
  @Tag("PRIMARY")
  void theBodyMustNotCarryAUnit() throws Exception {
    JsonNode refused =
        answer(
            400,
            "POST",
            "/ingest",
            "{'unit_id':'unit_default','lead_id':'ld_1','event_type':'Page View'}");
    assertEquals("unit_id", refused.get("field").asText());
  }

  @Test
  @Tag("PRIMARY")
  void wrongCredentialsAre401() throws Exception {
    body(
        401,
        server.send("POST", "/ingest", "{}", "Authorization", TestServer.basic("dev", "wrong")));
  }

  @Test
  @Tag("N")
  void aListOfAliasesIsTakenToo() throws Exception {
    answer(
        202,
        "POST",
        "/ingest",
        "{'aliases':[{'alias_kind':'email','raw_value':'a@example.com'},{'alias_kind':'cookie','raw_value':'c1'}],'event_type':'Page View'}");
    server.score();
    String lead = get("/lead/by-alias?value=a@example.com").get("lead_id").asText();
    assertEquals(lead, get("/lead/by-alias?kind=cookie&value=c1").get("lead_id").asText());
  }

  @Test
  @Tag("N")
  void metadataAbove100KilobytesIs413() throws Exception {
    String at = "{'lead_id':'ld_1','event_type':'Page View','metadata':{'k':'";
    answer(202, "POST", "/ingest", at + "x".repeat(102_400 - 8) + "'}}");
    assertEquals(
        "metadata_too_large",
        answer(413, "POST", "/ingest", at + "x".repeat(102_400 - 7) + "'}}").get("code").asText());
  }

  @Test
  @Tag("N")
  void aDecayEventGetsItsChannelFromTheServer() throws Exception {
    answer(202, "POST", "/ingest", "{'lead_id':'ld_1','event_type':'DECAY'}");
    server.score();
    assertEquals("system", get("/events").at("/events/0/metadata/channel").asText());
  }

  @Test
  @Tag("ours")
  void theSameIdempotencyKeyQueuesOnce() throws Exception {
    String event = "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}";
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    String first = null;
    for (int i = 0; i < 2; i++) {
      JsonNode answer =
          body(
              202,
              server.send(
                  "POST",
                  "/ingest",
                  event,
                  "Authorization",
                  TestServer.DEV,
                  "Cookie",
                  cookie,
                  "Idempotency-Key",
                  "k1"));
      first = first == null ? answer.get("event_id").asText() : first;
      assertEquals(first, answer.get("event_id").asText());
    }
    server.score();
    assertEquals(1, get("/events").get("total").asInt());
  }

  @Test
  @Tag("ours")
  void aBatchIsTakenLineByLine() throws Exception {
    JsonNode answer =
        body(
            202,
            server.batch(
                "{\"lead_id\":\"a\",\"event_type\":\"x\"}\n{\"lead_id\":\"b\"}\n"
                    .getBytes(StandardCharsets.UTF_8)));
    assertEquals(1, answer.get("accepted").asInt());
    assertEquals(2, answer.at("/rejected/0/line").asInt());
    assertEquals("missing_field", answer.at("/rejected/0/code").asText());
  }
}
