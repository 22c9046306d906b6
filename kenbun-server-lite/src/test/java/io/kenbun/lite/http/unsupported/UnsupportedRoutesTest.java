package io.kenbun.lite.http.unsupported;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the real service has and this server says it has not. */
class UnsupportedRoutesTest {
  private static final List<String> CALLS =
      List.of(
          "GET /accounts",
          "GET /accounts/by-domain?domain=acme.com",
          "GET /accounts/fuzzy",
          "GET /accounts/acc_1",
          "PATCH /accounts/acc_1/metadata",
          "POST /accounts/acc_1/merge",
          "GET /account-scoring/rulesets/ars_1/rules",
          "POST /account-scoring/test",
          "GET /account-levels",
          "POST /account-mappings",
          "GET /deals",
          "PUT /deals/d_1",
          "GET /segments",
          "POST /segments",
          "DELETE /segments/s_1",
          "GET /segments/s_1/leads",
          "GET /filters",
          "GET /members",
          "POST /members",
          "PUT /members/m_1",
          "DELETE /members/m_1",
          "GET /integrations",
          "POST /integrations/slack/connect",
          "POST /leads/import/preview",
          "POST /leads/import/start",
          "GET /leads/import/jobs",
          "GET /leads/import/jobs/job_1");

  @Test
  void eachSaysThatItIsNotSupported() throws Exception {
    try (TestServer server = new TestServer()) {
      for (String call : CALLS) {
        String method = call.substring(0, call.indexOf(' '));
        String path = call.substring(call.indexOf(' ') + 1);
        String body = method.equals("GET") || method.equals("DELETE") ? null : "{\"name\":\"x\"}";
        Refused.by(server.call(method, path, body)).is(501, "not_supported", null);
        Refused.by(server.send(method, path, body)).is(401, "unauthorized", null);
        Refused.by(server.send(method, path, body, "Authorization", TestServer.DEV))
            .is(400, "active_ou_not_set", null);
      }
      Refused.by(server.get("/segments/s_1"))
          .is(501, "not_supported", null)
          .says("Segments are not supported by the lite server");
      Refused.by(server.call("POST", "/leads/import/start", "{}"))
          .is(501, "not_supported", null)
          .says("Imports of leads are not supported by the lite server");
    }
  }

  @Test
  void anUploadIsAnsweredToo() throws Exception {
    try (TestServer server = new TestServer()) {
      Refused.by(
              server.post(
                  "/leads/import/preview", "multipart/form-data; boundary=b", new byte[1 << 20]))
          .is(501, "not_supported", null);
      assertEquals(200, server.get("/leads").statusCode());
    }
  }

  @Test
  void aLeadMayBeCalledAsAPathIs() throws Exception {
    try (TestServer server = new TestServer()) {
      server.event("import", "View", "2026-03-10T11:00:00Z", "{}");
      assertEquals(200, server.get("/leads/import").statusCode());
      Refused.by(server.get("/nothing")).is(404, "not_found", null);
    }
  }
}
