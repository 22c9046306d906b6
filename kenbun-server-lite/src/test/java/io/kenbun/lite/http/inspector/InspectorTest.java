package io.kenbun.lite.http.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.TestServer;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page at {@code /}, and what only it asks. */
class InspectorTest {
  private static final String BROWSER =
      "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

  @Test
  void givesThePageToThoseWhoWantHtml() throws Exception {
    try (TestServer server = new TestServer()) {
      HttpResponse<String> page = server.send("GET", "/", null, "Accept", BROWSER);
      assertEquals("text/html; charset=utf-8", header(page, "Content-Type"));
      assertEquals("Accept", header(page, "Vary"));
      assertEquals(
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
              + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
          header(page, "Content-Security-Policy"));
      Matcher file = Pattern.compile("(?:href|src)=\"([^\"]+)\"").matcher(page.body());
      int files = 0;
      while (file.find()) {
        assertEquals(200, server.send("GET", file.group(1), null).statusCode(), file.group(1));
        files++;
      }
      assertTrue(files > 10, files + " files");
      HttpResponse<String> status = server.send("GET", "/", null, "Accept", "*/*");
      assertEquals("{\"status\":\"ok\"}", status.body());
      assertEquals("Accept", header(status, "Vary"));
    }
  }

  @Test
  void tellsWhichRulesGaveHowMuch() throws Exception {
    try (TestServer server = new TestServer()) {
      server.event("a", "Page View", "2026-01-01T00:00:00Z", "{\"path\":\"/pricing\"}");
      server.event("a", "Nothing", "2026-01-01T00:00:00Z", "{}");
      String ids = "evt_0000000000001,evt_0000000000002,none";
      assertEquals(
          "{\"gains\":{\"evt_0000000000001\":["
              + "{\"ruleset_id\":\"rs_main\",\"rule_id\":\"rl_pricing\",\"points\":10},"
              + "{\"ruleset_id\":\"rs_main\",\"rule_id\":\"rl_view\",\"points\":1}]}}",
          server.ok("/lite/gains?event_ids=" + ids));
    }
  }

  @Test
  void takesAHundredIdsAtMost() throws Exception {
    try (TestServer server = new TestServer()) {
      StringBuilder ids = new StringBuilder("evt_0000000000000");
      for (int i = 1; i < 100; i++) {
        ids.append(String.format(",evt_00000000000%02d", i));
      }
      assertEquals("{\"gains\":{}}", server.ok("/lite/gains?event_ids=" + ids));
      assertEquals(
          "{\"error\":\"event_ids has more than 100 ids: 101\",\"code\":\"invalid_field\",\"field\":\"event_ids\"}",
          server.get("/lite/gains?event_ids=" + ids + ",evt_zzzzzzzzzzzzz").body());
      assertEquals(
          "{\"error\":\"event_ids is required\",\"code\":\"missing_field\",\"field\":\"event_ids\"}",
          server.get("/lite/gains").body());
    }
  }

  @Test
  void showsNothingOfAnotherUnit() throws Exception {
    try (TestServer server = new TestServer()) {
      server.event("a", "Form Submit", "2026-01-01T00:00:00Z", "{}");
      String elsewhere = server.cookie(TestServer.DEV, "unit_b");
      assertEquals(
          "{\"gains\":{}}",
          server
              .send(
                  "GET",
                  "/lite/gains?event_ids=evt_0000000000001",
                  null,
                  "Authorization",
                  TestServer.DEV,
                  "Cookie",
                  elsewhere)
              .body());
    }
  }

  @Test
  void looksAheadInSixtySteps() throws Exception {
    try (TestServer server = new TestServer()) {
      server.event("a", "Form Submit", "2026-01-01T00:00:00Z", "{}");
      String outlook = server.ok("/lite/lead/a/outlook?days=60");
      assertTrue(
          outlook.startsWith("{\"lead_id\":\"a\",\"days\":60,\"points\":[{\"at\":"), outlook);
      assertEquals(
          61,
          Pattern.compile("\"scores\":\\{\"rs_main\":20,\"rs_other\":7}")
              .matcher(outlook)
              .results()
              .count());
      assertEquals(404, server.get("/lite/lead/nobody/outlook").statusCode());
      assertEquals(400, server.get("/lite/lead/a/outlook?days=366").statusCode());
      assertEquals(400, server.get("/lite/lead/a/outlook?days=0").statusCode());
    }
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
