package io.kenbun.lite.http.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.Api;
import io.kenbun.lite.KenbunLite;
import io.kenbun.lite.TestReceiver;
import io.kenbun.lite.TestReceiver.Received;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Leads, Rules, Deliveries and Health, over forty days of some leads' doings. */
@Tag("browser")
class ViewsBrowserTest {
  @TempDir private static Path data;
  private static KenbunLite server;
  private static TestReceiver receiver;
  private static Api api;
  private static Days days;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    receiver = new TestReceiver();
    server = KenbunLite.builder().port(0).data(data).testClock().start();
    api = new Api(server.url()).activate("unit_default");
    days = new Days(api);
    days.live(receiver.url("/hooks/sales"));
    browser = new Browser(server.url());
  }

  @AfterAll
  static void end() throws Exception {
    browser.close();
    server.close();
    receiver.close();
  }

  @Test
  void leadsAreRankedSearchedAndOpened() throws Exception {
    browser.open("/#/leads");
    browser.see("tbody tr td.who", "@example.com");
    browser.see("svg.spark polyline");
    browser.screenshot("leads");
    browser.type("#search", "@EXAMPLE.com"); // A part is enough, of whatever is known of a lead.
    browser.see(".view-head [role=status]", " matches");
    browser.type("#search", "ada@ex");
    browser.see(".view-head [role=status]", "1 match");
    browser.type("#search", "c_4000");
    browser.see("tbody a", "ada@example.com");
    browser.screenshot("leads-search");
    browser.type("#search", "nobody at all");
    browser.see(".empty", "No such lead");
    browser.click(".empty button", "Show all leads");
    browser.see(".view-head [role=status]", " leads");
    browser.type("#search", "ada@ex");
    browser.click("tbody a", "ada@example.com");
    browser.see("h1", "ada@example.com");
    browser.see(".chart svg polyline");
    browser.see(".chart svg .ahead");
    browser.see(".bars", "Page View");
    browser.see(".timeline", "Page View");
    browser.screenshot("lead");
    browser.click(".chip", "7 days");
    browser.see(".chip[aria-pressed=true]", "7 days");
    browser.click("select[aria-label=Window] option", "last 24 hours");
    browser.open("/#/lead/nobody");
    browser.see("h1", "No such lead");
  }

  @Test
  void aRuleIsTriedBeforeItIsSaved() throws Exception {
    String before = api.get("/top-leads?limit=100").body();
    browser.open("/#/rules");
    browser.click("button", "New rule");
    browser.type("dialog .form input[list]", "Page View");
    browser.type("dialog .form input[inputmode=numeric]", "30");
    browser.click("dialog button", "Add a condition");
    browser.type("dialog input[aria-label=Key]", "path");
    browser.type("dialog input[aria-label=Value]", "/docs/start");
    browser.click("dialog button", "Try it");
    browser.see("dialog .trial", "leads looked at would change");
    browser.see("dialog .trial .plus");
    browser.screenshot("rule-tried");
    assertEquals(before, api.get("/top-leads?limit=100").body());
    browser.click("dialog button", "Save");
    browser.seeNo("dialog");
    browser.see(".rule-list", "Page View where path is /docs/start");

    browser.click("button[aria-label='On: Page View where path is /docs/start']");
    browser.see(".rule-list .off", "Page View where path is /docs/start");
    browser.see("#toasts", "Page View where path is /docs/start: off, from the next event.");
    browser.click(".rule-list .what", "Page View where path is /docs/start");
    browser.click("dialog button", "Delete");
    browser.click("dialog button", "Press again");
    browser.seeNo("dialog");
    browser.await(
        "the rule is gone", () -> browser.text(".rule-list").contains("/docs/start") ? null : true);
  }

  @Test
  void rowsOfEveryViewAreReachedByKeys() {
    browser.open("/#/leads");
    browser.see("tbody tr td.who", "@example.com");
    String second =
        (String) browser.run("return document.querySelectorAll('tbody .lead-name')[1].textContent");
    browser.press("j");
    browser.press("j");
    browser.press(Keys.ENTER);
    browser.see("h1", second);
    browser.press("g");
    browser.press("r");
    browser.see(".rule-list");
    browser.press("j");
    browser.press(Keys.ENTER);
    browser.see("dialog", "Change rule");
    browser.press(Keys.ESCAPE);
    browser.press("g");
    browser.press("d");
    browser.see("tr.link");
    browser.press("j");
    browser.press(Keys.ENTER);
    browser.see(".details .tries");
    browser.press(Keys.ESCAPE);
    browser.seeNo(".details");
  }

  @Test
  void aVelocityFilterIsTriedOnWhatCameTooFast() throws Exception {
    StringBuilder burst = new StringBuilder();
    for (int second : new int[] {0, 1, 2, 3, 59, 60, 61}) {
      burst.append("{\"lead_id\":\"ld_burst\",\"event_type\":\"Ping\",\"timestamp\":\"");
      burst.append(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second)).append("\"}\n");
    }
    days.batch(burst.toString());
    days.post("/lite/drain", "");
    browser.open("/#/rules/inorganic-filters");
    browser.click("button", "New velocity filter");
    browser.click("dialog button", "Try it");
    browser.see("dialog .form [role=alert]", "event_type is required");
    browser.type("dialog .form input[list]", "Ping");
    browser.type("dialog .form label:nth-child(2) input", "3");
    browser.type("dialog .form label:nth-child(3) input", "60000");
    browser.click("dialog button", "Try it");
    // The fourth, the fifth, and those at 60 s and 61 s, of which each has three before it.
    browser.see("dialog .trial", "4 events would not have counted");
    browser.see("dialog .trial td", "ld_burst");
    browser.see("dialog .trial td", "4 events fewer");
    browser.press(Keys.ESCAPE);
    browser.seeNo("dialog");
    assertEquals(
        List.of(), api.object("/inorganic-filters").get("inorganic_filters"), "nothing is kept");
  }

  @Test
  void aMistakeIsMarkedAtItsField() {
    browser.open("/#/rules/engagement-levels");
    browser.click("button", "New level");
    browser.type("dialog .form label:first-child input", "Scorching");
    browser.type("dialog .form label:nth-child(2) input", "60");
    browser.click("dialog button", "Save");
    assertTrue(browser.see("dialog [aria-invalid=true]").isDisplayed());
    browser.press(Keys.ESCAPE);
    browser.seeNo("dialog");
  }

  @Test
  void triggersAreTriedOverTheLastDays() throws Exception {
    browser.open("/#/rules/surge-triggers");
    browser.see(".rule-list", "Keen");
    browser.click(".rule-list .what", "Keen");
    browser.type("dialog .form label:nth-child(2) input", "2");
    browser.click("dialog button", "Try it");
    browser.see("dialog .trial", "within the last 30 days");
    browser.press(Keys.ESCAPE);
    browser.seeNo("dialog");
    assertTrue(api.get("/surge-triggers").body().contains("\"threshold\":4"), "nothing is kept");
    browser.open("/#/rules/triggers");
    browser.click(".rule-list .what", "Hot lead");
    browser.click("dialog button", "Try it");
    browser.see("dialog .trial", "stand at 50 or above today");
    browser.press(Keys.ESCAPE);
    browser.open("/#/rules");
    browser.click("button", "Score anew");
    browser.see("dialog dl", "Would stay");
    browser.press(Keys.ESCAPE);
  }

  @Test
  void everyKindOfSettingOpens() {
    browser.open("/#/rules");
    browser.see(".rule-list");
    int kinds =
        ((Number) browser.run("return document.querySelectorAll('.kinds a').length")).intValue();
    for (int i = 0; i < kinds; i++) {
      browser.tell("document.querySelectorAll('.kinds a')[arguments[0]].click()", i);
      String label =
          (String)
              browser.run(
                  "return document.querySelectorAll('.kinds a')[arguments[0]].textContent", i);
      browser.see(".card h2", label);
    }
    assertEquals(16, kinds);
  }

  @Test
  void aDeliveryShowsItsTriesAndIsTriedAgain() throws Exception {
    receiver.all(); // Of other tests.
    days.put("/lite/clock", "{\"frozen\":true}"); // No second try while the first is looked at.
    answers(500, "{\"error\":\"the CRM is down\"}");
    days.batch(
        "{\"alias_kind\":\"email\",\"alias\":\"new@example.com\",\"event_type\":\"Demo Request\"}");
    Received first = receiver.next();
    browser.open("/#/deliveries");
    browser.click("tr.link", "new@example.com");
    browser.see(".details .tries", "500");
    browser.see("tr.link.open", "new@example.com");
    browser.see(".details .tries code", first.header("webhook-signature"));
    browser.see(".details .tries code", first.header("webhook-timestamp"));
    browser.see(".details .tries pre", "{\"error\":\"the CRM is down\"}");
    browser.see(".details pre.code", "milestone.entered");
    browser.screenshot("deliveries");
    answers(200, "thank you <b>very</b> much");
    browser.click(".details button", "Try now");
    browser.see(".details .badge.delivered");
    browser.see(".details .tries pre", "thank you <b>very</b> much");
    browser.click(".details button", "Copy as curl");
    browser.see("#toasts", "Copied");
    receiver.all();
    assertEquals(0, Shell.run(browser.clipboard()));
    Received again = receiver.next();
    assertEquals(first.id(), again.id());
    assertEquals(first.body(), again.body());
    assertEquals("application/json", again.header("Content-Type"));
    assertTrue(again.header("webhook-signature").startsWith("v1,"));
    browser.click(".chip", "failed");
    browser.see(".empty", "None failed");
    days.put("/lite/clock", "{\"frozen\":false}");
  }

  private static void answers(int status, String body) {
    receiver.answers(
        (request, exchange) -> {
          exchange.setStatusCode(status);
          exchange.startBlocking();
          exchange.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        });
  }

  @Test
  void picturesForTheDocumentation() throws Exception {
    browser.picture();
    browser.open("/");
    browser.see("[role=option]", "@example.com");
    browser.screenshot("docs-live");
    browser.open("/#/leads");
    browser.click("tbody a", "ada@example.com");
    browser.see(".chart svg .ahead");
    browser.screenshot("docs-lead");
    browser.desktop();
  }

  @Test
  void healthFollowsTheServer() throws Exception {
    browser.open("/#/health");
    browser.see(".tile", "Waiting to be scored");
    browser.see(".chart svg polyline");
    browser.see("dl", "sqlite");
    browser.screenshot("health");
  }

  @Test
  void worksInTheUnitThatWasChosen() throws Exception {
    if (!api.get("/org-units").body().contains("EMEA")) {
      days.post("/org-units", "{\"name\":\"EMEA Sales\"}");
    }
    browser.open("/#/leads");
    browser.see("tbody tr");
    browser.click("select.unit option", "EMEA Sales");
    browser.see(".empty", "No leads yet");
    browser.click("select.unit option", "Default");
    browser.see("tbody tr");
  }
}
