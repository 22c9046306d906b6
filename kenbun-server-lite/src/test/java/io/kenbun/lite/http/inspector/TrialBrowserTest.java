package io.kenbun.lite.http.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.Api;
import io.kenbun.lite.KenbunLite;
import io.kenbun.lite.TestReceiver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** What a change would do, shown before it is saved: every kind of change, and nothing is kept. */
@Tag("browser")
class TrialBrowserTest {
  private static final List<String> KEPT =
      List.of(
          "/rules",
          "/rulesets",
          "/decays",
          "/engagement-levels",
          "/metadata-filters",
          "/profile-mappings",
          "/profile-scoring/rulesets",
          "/sequences",
          "/top-leads?limit=100");

  @TempDir private static Path data;
  private static KenbunLite server;
  private static TestReceiver receiver;
  private static Api api;
  private static Browser browser;

  private List<String> before = List.of();

  @BeforeAll
  static void start() throws Exception {
    receiver = new TestReceiver();
    server = KenbunLite.builder().port(0).data(data).testClock().start();
    api = new Api(server.url()).activate("unit_default");
    Days days = new Days(api);
    days.live(receiver.url("/hooks/sales"));
    days.post("/rulesets", "{\"name\":\"Product use\",\"active\":false}");
    days.post("/profile-mappings", "{\"metadata_key\":\"plan\",\"profile_field\":\"plan\"}");
    days.post("/profile-scoring/rulesets", "{\"name\":\"Fit\",\"is_primary\":true}");
    days.batch(
        "{\"alias_kind\":\"email\",\"alias\":\"anita@example.com\",\"event_type\":\"Demo Request\",\"metadata\":{\"plan\":\"team\"}}");
    days.post("/lite/drain", "");
    browser = new Browser(server.url());
  }

  @AfterAll
  static void end() throws Exception {
    browser.close();
    server.close();
    receiver.close();
  }

  @BeforeEach
  void remember() throws Exception {
    before = kept();
  }

  /** Leaves the dialog without saving. */
  @AfterEach
  void nothingIsKept() throws Exception {
    browser.press(Keys.ESCAPE);
    browser.seeNo("dialog");
    assertEquals(before, kept());
    assertEquals("", browser.complaints());
  }

  private static List<String> kept() throws Exception {
    List<String> kept = new ArrayList<>();
    for (String path : KEPT) {
      kept.add(path + " " + api.get(path).body());
    }
    return kept;
  }

  private static void open(String kind, String button) {
    browser.desktop().dark(false);
    browser.open("/#/rules/" + kind);
    browser.click("button", button);
  }

  private static void fill(int field, String value) {
    browser.type("dialog .form > :nth-child(" + field + ") :is(input, textarea)", value);
  }

  private static void tryIt(String expected) {
    browser.click("dialog button", "Try it");
    browser.see("dialog .trial", expected);
  }

  /** Looks at the dialog in light and dark, on a desk and on a phone. */
  private static void look(String name) throws Exception {
    for (boolean dark : new boolean[] {false, true}) {
      for (boolean phone : new boolean[] {false, true}) {
        browser.dark(dark);
        if (phone) {
          browser.phone();
        } else {
          browser.desktop();
        }
        browser.tell("document.querySelector('dialog .trial').scrollIntoView({block: 'nearest'})");
        browser.screenshot("try-" + name + (dark ? "-dark" : "-light") + (phone ? "-phone" : ""));
        assertEquals("", browser.barriers(), name);
      }
    }
    browser.desktop().dark(false);
  }

  @Test
  void aDecayRule() throws Exception {
    open("decays", "New decay rule");
    fill(1, "Gone quiet");
    browser.click("dialog button", "Try it");
    browser.see("dialog .form [role=alert]", "points is required");
    assertTrue(browser.complaints().contains("400"), "the refusal");
    fill(2, "10");
    fill(3, "5");
    tryIt("leads looked at would change");
    browser.see("dialog .trial .minus");
    look("decay");
  }

  @Test
  void aRulesetIsSwitchedOff() throws Exception {
    browser.desktop().open("/#/rules/rulesets");
    browser.click(".rule-list li:first-child .what");
    browser.click("dialog label.check"); // Active.
    tryIt("leads looked at would change");
    browser.see("dialog .trial .minus");
    look("ruleset");
  }

  @Test
  void anotherRulesetBecomesThePrimaryOne() {
    browser.desktop().open("/#/rules/rulesets");
    browser.click(".rule-list .what", "Product use");
    browser.click("dialog label.check", "Active");
    browser.click("dialog label.check", "Primary");
    tryIt("leads looked at would change");
  }

  @Test
  void aMapping() throws Exception {
    open("profile-mappings", "New mapping");
    fill(1, "path");
    fill(2, "last_page");
    tryIt("leads looked at would change");
    browser.see("dialog .trial td", "last_page: none → /");
    look("mapping");
  }

  @Test
  void aFitRule() throws Exception {
    open("profile-rules", "New fit rule");
    fill(2, "plan");
    fill(4, "team");
    fill(5, "40");
    tryIt("1 of the ");
    browser.see("dialog .trial td", "anita@example.com");
    browser.see("dialog .trial .plus", "+40");
    browser.see("dialog .trial .level", "Good Fit");
    look("fit-rule");
  }

  @Test
  void aLevel() throws Exception {
    browser.desktop().open("/#/rules/engagement-levels");
    browser.click(".rule-list .what", "Cold");
    fill(3, "10");
    tryIt("leads looked at would change");
    browser.see("dialog .trial", "Unclassified");
    look("level");
  }

  @Test
  void anAttributeFilter() throws Exception {
    open("metadata-filters", "New attribute filter");
    fill(1, "No pricing");
    browser.type("dialog input[aria-label=Key]", "path");
    browser.type("dialog input[aria-label=Value]", "/pricing");
    tryIt("events would not have counted");
    browser.see("dialog .trial td", "fewer");
    look("filter");
  }

  @Test
  void aSequence() throws Exception {
    open("sequences", "New sequence");
    fill(1, "Reads, then asks");
    fill(2, "Page View\nPage View");
    fill(3, "864000");
    tryIt("within the last 30 days");
    look("sequence");
  }
}
