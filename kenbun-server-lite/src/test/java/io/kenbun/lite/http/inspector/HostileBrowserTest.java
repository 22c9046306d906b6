package io.kenbun.lite.http.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.Api;
import io.kenbun.lite.KenbunLite;
import io.kenbun.lite.http.json.JsonOut;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What events bring along is shown as text and executes nothing. */
@Tag("browser")
class HostileBrowserTest {
  private static final List<String> PAYLOADS =
      List.of(
          "<script>window.owned=1</script>",
          "<img src=x onerror=window.owned=1>",
          "\"><svg onload=window.owned=1>",
          "javascript:window.owned=1",
          "</textarea><iframe srcdoc='<script>parent.owned=1</script>'>",
          "{{constructor.constructor('window.owned=1')()}}",
          "<a href=\"javascript:window.owned=1\">click</a>");

  @TempDir private Path data;

  @Test
  void executesNothing() throws Exception {
    try (KenbunLite server = KenbunLite.builder().port(0).data(data).start();
        Browser browser = new Browser(server.url())) {
      Api api = new Api(server.url()).activate("unit_default");
      for (String payload : PAYLOADS) {
        api.post("/triggers", object("name", payload, "score_threshold", 0 + 1));
        api.post("/rules", rule(payload));
        api.post("/metadata-filters", filter(payload));
        api.post(
            "/org-units", new JsonOut().beginObject().field("name", payload).endObject().text());
      }
      browser.open("/");
      browser.see(".connection[data-state=open]");
      for (String payload : PAYLOADS) {
        assertEquals(202, api.post("/ingest", event(payload)).statusCode());
        assertEquals(
            400, api.post("/ingest", object("event_type", payload, "weight", 1)).statusCode());
      }
      for (String fate : List.of("scored", "rejected", "trigger")) {
        browser.click(".chip", fate);
        browser.see("[role=option]", "<img src=x onerror=window.owned=1>");
        browser.click("[role=option]", fate);
        browser.see(".details .notice, .details .bars");
        browser.click(".chip", fate);
      }
      for (String view :
          List.of(
              "leads",
              "rules",
              "rules/triggers",
              "rules/metadata-filters",
              "rules/event-types",
              "deliveries",
              "health")) {
        browser.open("/#/" + view);
        browser.see("#view h1");
        browser.see("select.unit");
      }
      for (String payload : PAYLOADS) {
        browser.open(
            "/#/lead/" + URLEncoder.encode(payload, StandardCharsets.UTF_8).replace("+", "%20"));
        browser.see(".timeline", payload);
      }
      browser.open("/#/rules");
      browser.click(".rule-list .what", "onerror");
      browser.type("dialog .form > :nth-child(3) input", "9"); // Its points.
      browser.click("dialog button", "Try it");
      browser.see("dialog .trial table");
      assertEquals(
          "undefined", browser.run("return typeof window.owned"), "something was executed");
      assertEquals(
          0L,
          browser.run(
              "return document.querySelectorAll('#app iframe, #app script, #app a[href^=javascript]').length"));
      assertTrue(
          (Boolean) browser.run("return document.querySelectorAll('#app img').length === 1"));
    }
  }

  private static String object(String name, String value, String number, int is) {
    return new JsonOut().beginObject().field(name, value).field(number, is).endObject().text();
  }

  private static String rule(String payload) {
    return new JsonOut()
        .beginObject()
        .field("ruleset_id", "ruleset_default")
        .field("event_type", payload)
        .field("weight", 7)
        .endObject()
        .text();
  }

  private static String filter(String payload) {
    JsonOut out = new JsonOut().beginObject().field("name", payload).beginArray("conditions");
    out.beginObject().field("key", payload + "no").field("operator", "equals");
    return out.field("value", payload).endObject().endArray().endObject().text();
  }

  private static String event(String payload) {
    JsonOut out = new JsonOut().beginObject().field("event_type", payload);
    out.field("lead_id", payload).beginArray("aliases");
    out.beginObject().field("alias_kind", "external_id").field("raw_value", payload + "!");
    out.endObject().endArray().beginObject("metadata").field(payload, payload);
    return out.field("__proto__", payload).endObject().endObject().text();
  }
}
