package io.kenbun.lite.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.kenbun.lite.http.TestServer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Settings, credentials and ops: {@code api.md} 8. */
class SettingsPageTest extends Page {
  @Test
  @Tag("O")
  void aServiceAccountIsMadeWith200AndItsSecretShownOnce() throws Exception {
    JsonNode made = answer(200, "POST", "/secrets", "{'name':'ci'}");
    assertTrue(made.has("client_secret"));
    assertFalse(get("/secrets").get(0).has("client_secret"));
    answer(200, "POST", "/secrets", "{'name':'" + "n".repeat(50) + "'}");
    answer(400, "POST", "/secrets", "{'name':'" + "n".repeat(51) + "'}");
    answer(400, "POST", "/secrets", "{'name':''}");
  }

  @Test
  @Tag("O")
  void consentIsTrustedBy204() throws Exception {
    String id = answer(200, "POST", "/secrets", "{'name':'ci'}").get("secret_id").asText();
    answer(204, "PUT", "/secrets/" + id, "{'trust_upstream_consent':true}");
    assertTrue(get("/secrets").get(0).get("trust_upstream_consent").asBoolean());
    answer(400, "PUT", "/secrets/" + id, "{}");
  }

  @Test
  @Tag("O")
  void accessEndsWithTheAccount() throws Exception {
    JsonNode made = answer(200, "POST", "/secrets", "{'name':'ci'}");
    String auth =
        TestServer.basic(made.get("client_id").asText(), made.get("client_secret").asText());
    body(200, server.send("GET", "/org-units", null, "Authorization", auth));
    answer(204, "DELETE", "/secrets/" + made.get("secret_id").asText(), null);
    body(401, server.send("GET", "/org-units", null, "Authorization", auth));
  }

  @Test
  @Tag("O")
  void accountsNeedAnActiveUnit() throws Exception {
    body(400, server.send("GET", "/secrets", null, "Authorization", TestServer.DEV));
  }

  @Test
  @Tag("N")
  void aTokenIsMadeWith201() throws Exception {
    JsonNode made = answer(201, "POST", "/settings/tokens", "{'name':'" + "n".repeat(100) + "'}");
    assertTrue(made.get("expires_at").isNull());
    answer(400, "POST", "/settings/tokens", "{'name':'" + "n".repeat(101) + "'}");
  }

  @Test
  @Tag("INFERRED")
  void tokensAreListedAndRevoked() throws Exception {
    JsonNode made = answer(201, "POST", "/settings/tokens", "{'name':'ci'}");
    assertEquals(made.get("id"), get("/settings/tokens").get(0).get("id"));
    answer(204, "DELETE", "/settings/tokens/" + made.get("id").asText(), null);
    body(
        401,
        server.send(
            "GET", "/org-units", null, "Authorization", "Bearer " + made.get("token").asText()));
  }

  @Test
  @Tag("O")
  void scoringSettingsChangeInPartBy204() throws Exception {
    answer(204, "PUT", "/settings/scoring", "{'allow_negative_scores':true}");
    JsonNode settings = get("/settings/scoring");
    assertTrue(settings.get("allow_negative_scores").asBoolean());
    assertTrue(settings.has("abm_enabled") && settings.has("session_timeout_minutes"));
  }

  @Test
  @Tag("N")
  void metricsHaveTheContractsNames() throws Exception {
    String text = server.send("GET", "/metrics", null).body();
    for (String name : List.of("events_ingested_total", "queue_depth", "http_requests_total")) {
      assertTrue(text.contains("# TYPE " + name + " "), name);
    }
  }

  @Test
  @Tag("INFERRED")
  void rootAndHomeSayOk() throws Exception {
    assertEquals(tree("{'status':'ok'}"), body(200, server.send("GET", "/", null)));
    assertEquals(
        tree("{'status':'ok','page':'home'}"), body(200, server.send("GET", "/home", null)));
  }

  @Test
  @Tag("INFERRED")
  void theCallerIsTold() throws Exception {
    assertEquals(
        List.of("org_member_id", "first_name", "last_name", "email", "role", "verified"),
        names(get("/me")));
  }

  @Test
  @Tag("ours")
  void healthAndReadinessAreToldApart() throws Exception {
    body(200, server.send("GET", "/healthz", null));
    body(200, server.send("GET", "/readyz", null));
  }
}
