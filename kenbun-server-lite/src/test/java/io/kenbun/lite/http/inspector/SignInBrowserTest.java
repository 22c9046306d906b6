package io.kenbun.lite.http.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.KenbunLite;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Coming in where a secret is wanted, and going. */
@Tag("browser")
class SignInBrowserTest {
  @TempDir private Path data;

  @Test
  void asksForTheSecretAndForgetsIt() throws Exception {
    try (KenbunLite server =
            KenbunLite.builder().port(0).data(data).credentials("shop", "gehheim-\u00fc").start();
        Browser browser = new Browser(server.url())) {
      browser.open("/");
      browser.see("h1", "Sign in to kenbun lite");
      browser.screenshot("sign-in");
      assertEquals("", browser.barriers());
      browser.type("#client-id", "shop");
      browser.type("#client-secret", "wrong" + Keys.ENTER);
      browser.see("[role=alert]", "No account has this client id and secret.");
      browser.type("#client-secret", "gehheim-\u00fc" + Keys.ENTER);
      browser.see(".connection[data-state=open]");
      assertEquals("", browser.run("return document.cookie"), "cookies are for no script");
      browser.open("/");
      browser.see(".connection[data-state=open]");
      browser.click("button[aria-label='Sign out']");
      browser.see("h1", "Sign in to kenbun lite");
      browser.open("/");
      browser.see("h1", "Sign in to kenbun lite");
    }
  }

  @Test
  void theBuiltInPairIsNotAskedFor() throws Exception {
    try (KenbunLite server = KenbunLite.builder().port(0).data(data).start();
        Browser browser = new Browser(server.url())) {
      browser.open("/");
      browser.see(".connection[data-state=open]");
      browser.click("button[aria-label='Sign out']");
      browser.see("h1", "Sign in to kenbun lite");
      browser.click("button", "Continue with the built-in pair");
      browser.see(".connection[data-state=open]");
    }
  }
}
