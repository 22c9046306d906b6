package io.kenbun.examples;

import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.lite.testkit.KenbunLiteExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What docs/testing.md shows: an application's own test, against a server of its own. */
final class PricingInterestTest {
  @RegisterExtension static final KenbunLiteExtension kenbun = new KenbunLiteExtension();

  /** The application: it knows the client and nothing of the test. */
  record Shop(KenbunClient kenbun) {
    void viewed(String email, String path) {
      kenbun.track(Event.builder("Page View").email(email).metadata("path", path).build());
    }

    void signedUp(String email) {
      kenbun.track(Event.builder("Trial Sign-up").email(email).build());
    }
  }

  @Test
  void whoLooksAtPricingAndSignsUpIsHot() {
    Shop shop = new Shop(kenbun.client());
    shop.viewed("ada@example.com", "/pricing");
    shop.signedUp("ada@example.com");
    kenbun.leads().email("ada@example.com").hasScore(61).hasLevel("Hot").hasEvents(2);
    kenbun.received("Page View").withMetadata("path", "/pricing").once();
    kenbun.rejected().never();
  }

  @Test
  void lookingAroundIsWorthLittle() {
    Shop shop = new Shop(kenbun.client());
    shop.viewed("ada@example.com", "/about");
    kenbun.leads().hasCount(1).email("ada@example.com").hasScore(1).hasLevel("Cold");
  }
}
