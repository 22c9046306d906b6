package io.kenbun.lite.http.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.KenbunLite;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page at {@code /docs}, on a computer that reaches nothing but itself. */
@Tag("browser")
class DocsBrowserTest {
  @Test
  void showsTheCallsWithoutAnythingFromElsewhere() throws Exception {
    try (KenbunLite server = KenbunLite.builder().port(0).inMemory().start();
        Browser browser = new Browser(server.url())) {
      browser.open("/docs");
      browser.see(".info .title", "kenbun");
      browser.see(".opblock-tag");
      browser.screenshot("docs");
      browser.click(".opblock-tag", "Ingest");
      browser.click(".opblock-summary-path", "/ingest");
      browser.see(".opblock.is-open .responses-wrapper", "202");
      browser.screenshot("docs-ingest");
      browser.phone();
      browser.screenshot("docs-phone");
      assertEquals("", browser.complaints());
      String elsewhere =
          (String)
              browser.run(
                  "return performance.getEntriesByType('resource').map(one => one.name)"
                      + ".filter(one => !one.startsWith(location.origin) && !one.startsWith('data:')).join(' ')");
      assertEquals("", elsewhere);
      assertTrue(
          (Boolean) browser.run("return performance.getEntriesByType('resource').length > 3"));
    }
  }
}
