package io.kenbun.lite.http.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.Api;
import io.kenbun.lite.KenbunLite;
import io.kenbun.lite.TestReceiver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing serious keeps anybody out: each view, light and dark, on a desk and on a phone. */
@Tag("browser")
class BarriersBrowserTest {
  private final List<String> findings = new ArrayList<>();
  @TempDir private Path data;

  @Test
  void noViewHasASeriousFinding() throws Exception {
    try (TestReceiver receiver = new TestReceiver();
        KenbunLite server = KenbunLite.builder().port(0).data(data).testClock().start();
        Browser browser = new Browser(server.url())) {
      browser.open("/");
      browser.see(".empty");
      check(browser, "empty live");
      Api api = new Api(server.url()).activate("unit_default");
      new Days(api).live(receiver.url("/hooks/sales"));
      api.post("/ingest", "{\"event_type\":\"Page View\",\"alias_kind\":\"mail\",\"alias\":\"x\"}");
      String lead =
          (String)
              browser.runAsync(
                  "fetch('/top-leads?limit=1').then(one => one.json()).then(one => done(one.leads[0].lead_id))");
      for (boolean dark : new boolean[] {false, true}) {
        for (boolean phone : new boolean[] {false, true}) {
          browser.dark(dark);
          String suffix = (dark ? "-dark" : "-light") + (phone ? "-phone" : "");
          if (phone) {
            browser.phone();
          } else {
            browser.desktop();
          }
          views(browser, lead, suffix);
        }
      }
      assertEquals("", String.join("\n", findings));
      assertEquals("", browser.complaints());
    }
  }

  private void views(Browser browser, String lead, String suffix) throws Exception {
    browser.open("/");
    browser.see("[role=option]", "rejected");
    see(browser, "live" + suffix);
    browser.click("[role=option]", "rejected");
    browser.see(".details mark");
    see(browser, "live-details" + suffix);
    browser.open("/#/leads");
    browser.see("tbody tr td.who", "@example.com");
    see(browser, "leads" + suffix);
    browser.open("/#/lead/" + lead);
    browser.see(".timeline li");
    see(browser, "lead" + suffix);
    browser.open("/#/rules");
    browser.see(".rule-list li");
    see(browser, "rules" + suffix);
    browser.click(".rule-list .what", "path contains /pricing");
    browser.type("dialog .form > :nth-child(3) input", "9"); // Its points.
    browser.click("dialog button", "Try it");
    browser.see("dialog .trial table");
    see(browser, "rule" + suffix);
    browser.open("/#/deliveries");
    browser.click("tr.link", "Hot lead");
    browser.see(".details .tries");
    see(browser, "deliveries" + suffix);
    browser.open("/#/health");
    browser.see(".tile");
    see(browser, "health" + suffix);
  }

  private void see(Browser browser, String name) throws Exception {
    browser.screenshot(name);
    check(browser, name);
  }

  private void check(Browser browser, String name) {
    String found = browser.barriers();
    if (!found.isEmpty()) {
      findings.add(name + ": " + found);
    }
  }
}
