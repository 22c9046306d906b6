package io.kenbun.lite.http.leads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names, owner and metadata of a lead, written by people; it is 2026-03-10T12:00:00Z. */
class LeadProfileApiTest {
  private static final String METADATA = "/lead/a/metadata";
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    server.event("a", "Nothing", "2026-03-10T11:00:00Z", "{}");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aPatchMergesAndNullRemoves() throws Exception {
    server.clock.advance(Duration.ofHours(1));
    assertEquals(
        lead("null", "{\"company\":\"Acme\",\"size\":250,\"vip\":true,\"ratio\":1.50}"),
        ok("PATCH", METADATA, "{\"company\":\"Acme\",\"size\":250,\"vip\":true,\"ratio\":1.50}"));
    String after = lead("null", "{\"company\":\"Acme\",\"size\":\"many\",\"ratio\":1.50}");
    assertEquals(after, ok("PATCH", METADATA, "{\"size\":\"many\",\"vip\":null,\"none\":null}"));
    assertEquals(after, server.ok("/lead/a"));
    assertEquals(after, ok("PATCH", METADATA, "{}"));
    assertEquals(
        lead("null", "{}"),
        ok("PATCH", METADATA, "{\"company\":null,\"size\":null,\"ratio\":null}"));
  }

  @Test
  void whatIsNoFlatObjectIsRefusedWithItsField() throws Exception {
    for (String bad : List.of("{\"a\":[1]}", "{\"a\":{}}")) {
      Refused.by(server.call("PATCH", METADATA, bad)).is(400, "invalid_field", "a");
    }
    Refused.by(server.call("PATCH", METADATA, "{\"a\":[]}"))
        .is(400, "invalid_field", "a")
        .says("a is none of string, number, boolean, null: an array");
    Refused.by(server.call("PATCH", METADATA, "[]")).is(400, "invalid_json", null);
    Refused.by(server.call("PATCH", METADATA, "{\"a\":")).is(400, "invalid_json", null);
    Refused.by(server.call("PATCH", METADATA, "{\"\":1}")).is(400, "invalid_field", "");
    String longest = "k".repeat(200);
    ok("PATCH", METADATA, "{\"" + longest + "\":1}");
    Refused.by(server.call("PATCH", METADATA, "{\"" + longest + "k\":1}"))
        .is(400, "invalid_field", "k".repeat(100) + "…");
    ok("PATCH", METADATA, "{\"t\":\"" + "x".repeat(10_000) + "\"}");
    Refused.by(server.call("PATCH", METADATA, "{\"t\":\"" + "x".repeat(10_001) + "\"}"))
        .is(400, "invalid_field", "t")
        .says("t has more than 10000 characters: 10001");
    Refused.by(server.call("PATCH", "/lead/nobody/metadata", "{}"))
        .is(404, "not_found", null)
        .says("no such lead");
  }

  @Test
  void metadataTakesSoMuchAndNoMore() throws Exception {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < 10; i++) { // 10 * (1 + 10,000) bytes.
      fields.append("\"").append(i).append("\":\"").append("x".repeat(10_000)).append("\",");
    }
    String last = "\"z\":\"" + "x".repeat(102_400 - 100_010 - 1);
    ok("PATCH", METADATA, "{" + fields + last + "\"}");
    Refused.by(server.call("PATCH", METADATA, "{" + last + "y\"}"))
        .is(413, "metadata_too_large", "metadata")
        .says("metadata takes more than 102400 bytes of UTF-8: 102401");
    assertTrue(!server.ok("/lead/a").contains("xy"));
  }

  @Test
  void aPutSetsTheOwnerAndReplacesMetadata() throws Exception {
    ok("PATCH", METADATA, "{\"company\":\"Acme\"}");
    assertEquals(
        lead("\"Jane Smith\"", "{\"company\":\"Acme\"}"),
        ok("PUT", "/lead/a", "{\"owner_name\":\" Jane Smith \",\"score\":99}"));
    assertTrue(server.ok("/leads").contains("\"owner_name\":\"Jane Smith\""));
    assertEquals(
        lead("\"Jane Smith\"", "{\"title\":\"VP\"}"),
        ok("PUT", "/lead/a", "{\"metadata\":{\"title\":\"VP\"}}"));
    assertEquals(lead("null", "{\"title\":\"VP\"}"), ok("PUT", "/lead/a", "{\"owner_name\":null}"));
    assertEquals(lead("null", "{\"title\":\"VP\"}"), ok("PUT", "/lead/a", "{}"));
    ok("PUT", "/lead/a", "{\"owner_name\":\"" + "n".repeat(200) + "\"}");
    Refused.by(server.call("PUT", "/lead/a", "{\"owner_name\":\"" + "n".repeat(201) + "\"}"))
        .is(400, "invalid_field", "owner_name");
    Refused.by(server.call("PUT", "/lead/a", "{\"metadata\":{\"a\":[]}}"))
        .is(400, "invalid_field", "metadata.a");
    Refused.by(server.call("PUT", "/lead/a", "{\"metadata\":5}"))
        .is(400, "invalid_field", "metadata");
    Refused.by(server.call("PUT", "/lead/nobody", "{}")).is(404, "not_found", null);
  }

  @Test
  void profileScoresFollowMetadata() throws Exception {
    ProfileRule large =
        new ProfileRule(
            1, "pr_1", new Condition("size", Operator.GREATER_THAN, "200"), 30, true, 0, 0);
    ProfileRule vip =
        new ProfileRule(2, "pr_2", new Condition("vip", Operator.EQUALS, "true"), 5, true, 0, 0);
    server.change(
        setup ->
            setup.profileRulesets(
                List.of(
                    new ProfileRuleset(
                        1, "ps_1", "Fit", "", true, true, 0, 0, List.of(large, vip)))));
    ok("PATCH", METADATA, "{\"size\":250,\"vip\":true}");
    assertTrue(server.ok("/score/a").endsWith("\"profile_scores\":{\"ps_1\":35}}"));
    ok("PATCH", METADATA, "{\"size\":200}");
    assertTrue(server.ok("/score/a").endsWith("\"profile_scores\":{\"ps_1\":5}}"));
    ok("PATCH", METADATA, "{\"vip\":null}");
    assertTrue(server.ok("/score/a").endsWith("\"profile_scores\":{\"ps_1\":0}}"));
  }

  @Test
  void whatAPersonWroteStaysUntilALaterEventSaysOtherwise() throws Exception {
    server.change(
        setup ->
            setup.profileMappings(
                List.of(
                    new ProfileMapping(
                        1,
                        "pm_1",
                        "co",
                        "company",
                        ProfileMapping.UpdateBehavior.ALWAYS_LATEST,
                        0))));
    ok("PATCH", METADATA, "{\"company\":\"Acme\",\"size\":7}");
    server.event("a", "Nothing", "2026-03-10T11:59:59Z", "{\"co\":\"Old\"}");
    assertTrue(server.ok("/lead/a").contains("\"metadata\":{\"company\":\"Acme\",\"size\":7}"));
    server.clock.advance(Duration.ofSeconds(1));
    server.event("a", "Nothing", "2026-03-10T12:00:01Z", "{\"co\":\"New\"}");
    assertTrue(server.ok("/lead/a").contains("\"metadata\":{\"company\":\"New\",\"size\":7}"));
  }

  @Test
  void metadataIsPatchedByAlias() throws Exception {
    server.ingest("{\"alias_kind\":\"email\",\"alias\":\"Ada@x.org\",\"event_type\":\"V\"}");
    server.ingest("{\"alias_kind\":\"cookie\",\"alias\":\"c1\",\"event_type\":\"V\"}");
    server.score();
    assertEquals(
        "{\"lead_id\":\"ld_1\",\"email\":\"Ada@x.org\",\"metadata\":{\"n\":1}}",
        ok("PATCH", "/lead/by-alias/metadata?value=ada@X.org", "{\"n\":1}"));
    assertEquals(
        "{\"lead_id\":\"ld_2\",\"email\":null,\"metadata\":{\"n\":2}}",
        ok("PATCH", "/lead/by-alias/metadata?kind=cookie&value=c1", "{\"n\":2}"));
    String path = "/lead/by-alias/metadata";
    Refused.by(server.call("PATCH", path, "{}")).is(400, "missing_field", "value");
    Refused.by(server.call("PATCH", path + "?kind=fax&value=1", "{}"))
        .is(400, "unknown_alias_kind", "kind");
    Refused.by(server.call("PATCH", path + "?value=no@x.org", "{}"))
        .is(404, "not_found", null)
        .says("no lead with that alias");
  }

  @Test
  void aliasesAreReadAsKindAndValue() throws Exception {
    assertEquals("{\"aliases\":[]}", server.ok("/lead/a/aliases"));
    server.ingest(
        "{\"lead_id\":\"a\",\"event_type\":\"V\",\"aliases\":["
            + "{\"alias_kind\":\"email\",\"raw_value\":\"Ada@x.org\"},"
            + "{\"alias_kind\":\"phone\",\"raw_value\":\"+1 (2)\"}]}");
    server.score();
    assertEquals(
        "{\"aliases\":[{\"id\":\"alias_x\",\"kind\":\"email\",\"value\":\"Ada@x.org\","
            + "\"created_at\":\"2026-03-10T12:00:00Z\"},"
            + "{\"id\":\"alias_x\",\"kind\":\"phone\",\"value\":\"+1 (2)\","
            + "\"created_at\":\"2026-03-10T12:00:00Z\"}]}",
        server.ok("/lead/a/aliases").replaceAll("alias_[0-9a-f]{24}", "alias_x"));
    assertEquals(server.ok("/lead/a/aliases"), server.ok("/lead/a/aliases"));
    Refused.by(server.get("/lead/nobody/aliases")).is(404, "not_found", null);
  }

  @Test
  void theKeysOfAllLeadsAreListed() throws Exception {
    assertEquals("{\"properties\":[]}", server.ok("/leads/metadata/properties"));
    server.event("b", "Nothing", "2026-03-10T11:00:00Z", "{}");
    ok("PATCH", METADATA, "{\"title\":\"VP\",\"company\":\"A\"}");
    ok("PATCH", "/lead/b/metadata", "{\"company\":\"B\",\"phone\":1}");
    server.change(
        setup ->
            setup.profileMappings(
                List.of(
                    new ProfileMapping(
                        1,
                        "pm_1",
                        "x",
                        "mapped",
                        ProfileMapping.UpdateBehavior.ALWAYS_LATEST,
                        0))));
    assertEquals(
        "{\"properties\":[\"company\",\"mapped\",\"phone\",\"title\"]}",
        server.ok("/leads/metadata/properties"));
    assertEquals("{\"properties\":[]}", inB("GET", "/leads/metadata/properties", null).body());
  }

  @Test
  void aMergeKeepsTheOwnerThereIs() throws Exception {
    server.event("b", "Nothing", "2026-03-10T11:00:00Z", "{}");
    server.event("c", "Nothing", "2026-03-10T11:00:00Z", "{}");
    ok("PUT", "/lead/b", "{\"owner_name\":\"Bo\"}");
    ok("PUT", "/lead/c", "{\"owner_name\":\"Cy\"}");
    ok("POST", "/leads/merge", "{\"targetLeadId\":\"a\",\"sourceLeadIds\":[\"b\",\"c\"]}");
    assertTrue(server.ok("/lead/a").contains("\"owner_name\":\"Bo\""));
  }

  @Test
  void anotherUnitsLeadIsNotFound() throws Exception {
    for (String path : List.of("/lead/a/aliases", "/lead/a/deletion")) {
      Refused.by(inB("GET", path, null)).is(404, "not_found", null);
    }
    Refused.by(inB("PATCH", METADATA, "{\"a\":1}")).is(404, "not_found", null);
    Refused.by(inB("PUT", "/lead/a", "{\"owner_name\":\"x\"}")).is(404, "not_found", null);
    assertTrue(server.ok("/lead/a").contains("\"owner_name\":null,\"metadata\":{}"));
  }

  private HttpResponse<String> inB(String method, String path, @Nullable String body)
      throws Exception {
    return server.send(
        method,
        path,
        body,
        "Authorization",
        TestServer.DEV,
        "Cookie",
        server.cookie(TestServer.DEV, "unit_b"));
  }

  private String lead(String owner, String metadata) throws Exception {
    String now = server.clock.instant().toString();
    return "{\"lead_id\":\"a\",\"org_id\":\"org_default\",\"score\":0,"
        + "\"engagement_level\":\"Unclassified\",\"profile_level\":\"Unclassified\","
        + "\"last_event_at\":\"2026-03-10T11:00:00Z\",\"created_at\":\"2026-03-10T12:00:00Z\","
        + "\"updated_at\":\""
        + now
        + "\",\"owner_name\":"
        + owner
        + ",\"metadata\":"
        + metadata
        + "}";
  }

  private String ok(String method, String path, @Nullable String body) throws Exception {
    HttpResponse<String> answer = server.call(method, path, body);
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }
}
