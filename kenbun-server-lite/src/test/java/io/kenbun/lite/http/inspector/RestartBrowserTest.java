package io.kenbun.lite.http.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.Api;
import io.kenbun.lite.ServerProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page that stays open while the server's process ends and another takes its place. */
@Tag("browser")
class RestartBrowserTest {
  /** More than a page of a list has, so that one look is not enough. */
  private static final int WHILE_AWAY = 250;

  @TempDir private Path data;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsLostAndNothingDoubled(boolean killed) throws Exception {
    int port;
    try (ServerProcess first = ServerProcess.start(data);
        Browser browser = new Browser(first.url())) {
      port = first.url().getPort();
      Days days = new Days(new Api(first.url()).activate("unit_default"));
      days.post("/triggers", "{\"name\":\"Hot lead\",\"score_threshold\":100}");
      browser.open("/");
      browser.see(".connection[data-state=open]");
      days.batch(events("before", 3));
      awaitShown(browser, "0 queued, 3 scored, 0 suppressed, 0 rejected, 0 failed, 0 trigger");
      if (killed) {
        first.kill();
      } else {
        assertEquals(143, first.terminate());
      }
      browser.see(".connection[data-state=lost]");
      try (ServerProcess second = ServerProcess.start(data, "--port", String.valueOf(port))) {
        Api api = new Api(second.url()).activate("unit_default");
        days = new Days(api);
        days.batch(events("away", WHILE_AWAY));
        days.batch("{\"lead_id\":\"hot\",\"event_type\":\"Demo Request\"}\n{\"lead_id\":\"x\"}");
        browser.see(".connection[data-state=open]");
        awaitShown(
            browser,
            "0 queued, "
                + (3 + WHILE_AWAY + 1)
                + " scored, 0 suppressed, 1 rejected, 0 failed, 1 trigger");
        days.batch(events("after", 2));
        awaitShown(
            browser,
            "0 queued, "
                + (3 + WHILE_AWAY + 1 + 2)
                + " scored, 0 suppressed, 1 rejected, 0 failed, 1 trigger");
        assertEquals(3L + WHILE_AWAY + 1 + 2, api.object("/events").get("total"));
        browser.type("#search", "after");
        browser.see("[role=option]", "after 1");
      }
    }
  }

  private static String events(String type, int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append("{\"lead_id\":\"ld_").append(i % 7).append("\",\"event_type\":\"");
      lines.append(type).append(' ').append(i).append("\"}\n");
    }
    return lines.toString();
  }

  /** Waits until the page has so many of each fate. */
  private static void awaitShown(Browser browser, String counts) {
    String script =
        "return [...document.querySelectorAll('.live .chip')].map(one => one.lastChild.textContent"
            + " + ' ' + one.firstChild.textContent).join(', ')";
    browser.await(
        counts + ", last " + browser.run(script),
        () -> counts.equals(browser.run(script)) ? true : null);
  }
}
