package io.kenbun.lite.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.kenbun.lite.http.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Authentication and organizational units: {@code api.md} 1 and 2. */
class AccessPageTest extends Page {
  @Test
  @Tag("PRIMARY")
  void basicCredentialsAreAClientIdAndItsSecret() throws Exception {
    assertEquals(
        200, server.send("GET", "/org-units", null, "Authorization", TestServer.DEV).statusCode());
  }

  @Test
  @Tag("N")
  void aPersonalAccessTokenIsSentAsBearer() throws Exception {
    String token = answer(201, "POST", "/settings/tokens", "{'name':'ci'}").get("token").asText();
    assertTrue(token.startsWith("kbn_pat_"), token);
    body(200, server.send("GET", "/org-units", null, "Authorization", "Bearer " + token));
  }

  @Test
  @Tag("N")
  void withoutCredentialsTheAnswerIs401() throws Exception {
    body(401, server.send("GET", "/org-units", null));
    body(401, server.send("POST", "/ingest", "{}"));
  }

  @Test
  @Tag("N")
  void metricsAndSharedExplanationsNeedNoCredentials() throws Exception {
    assertEquals(200, server.send("GET", "/metrics", null).statusCode());
    pageView("ld_1");
    String token = answer(201, "POST", "/leads/ld_1/share-explain", null).get("token").asText();
    body(200, server.send("GET", "/public/score-explain/" + token, null));
  }

  @Test
  @Tag("O")
  void unitsAreABareArray() throws Exception {
    JsonNode units = get("/org-units");
    assertTrue(units.isArray());
    assertEquals(
        List.of("unit_id", "org_id", "name", "slug", "external_ref", "is_default"),
        names(units.get(0)));
  }

  @Test
  @Tag("O")
  void aUnitIsMadeWithItsNameAloneAndASlugToMatch() throws Exception {
    JsonNode made = answer(201, "POST", "/org-units", "{'name':'APAC Sales'}");
    assertEquals("apac-sales", made.get("slug").asText());
    answer(400, "POST", "/org-units", "{}");
  }

  @Test
  @Tag("O")
  void aUnitNeedsAName() throws Exception {
    JsonNode refusal = answer(400, "POST", "/org-units", "{}");
    assertEquals("name is required", refusal.get("error").asText());
  }

  @Test
  @Tag("O")
  void aUnitCanBeRenamed() throws Exception {
    assertEquals(
        "Renamed",
        answer(200, "PUT", "/org-units/unit_b", "{'name':'Renamed'}").get("name").asText());
  }

  @Test
  @Tag("PRIMARY")
  void theActiveUnitIsAskedForInCamelCase() throws Exception {
    answer(200, "POST", "/org-units/active", "{'ouId':'unit_default'}");
    answer(400, "POST", "/org-units/active", "{'ou_id':'unit_default'}");
  }

  @Test
  @Tag("N")
  void theActiveUnitIsAnHttpOnlyCookie() throws Exception {
    HttpResponse<String> answer =
        server.call("POST", "/org-units/active", "{\"ouId\":\"unit_default\"}");
    String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
    assertTrue(cookie.startsWith("activeOu="), cookie);
    assertTrue(cookie.contains("HttpOnly"), cookie);
  }

  @Test
  @Tag("PRIMARY")
  void ingestWithoutAnActiveUnitSaysSo() throws Exception {
    String event = "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}";
    JsonNode refused =
        body(400, server.send("POST", "/ingest", event, "Authorization", TestServer.DEV));
    assertEquals("active OU not set", refused.get("error").asText());
  }

  @Test
  @Tag("ours")
  void aUnitThatTheCredentialMayNotUseIs403() throws Exception {
    body(
        403,
        server.send(
            "POST",
            "/org-units/active",
            "{\"ouId\":\"unit_default\"}",
            "Authorization",
            TestServer.NARROW));
  }
}
