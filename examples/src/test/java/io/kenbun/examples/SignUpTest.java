package io.kenbun.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.client.RecordingKenbun;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How to test a class that tracks events: with a kenbun in memory. */
final class SignUpTest {
  private final RecordingKenbun kenbun = new RecordingKenbun();

  /** The application's own class. */
  record SignUp(KenbunClient kenbun) {
    void submit(String email) {
      kenbun.track(Event.builder("Form Submit").email(email).metadata("form", "sign-up").build());
    }
  }

  @Test
  void reportsTheForm() {
    try (KenbunClient client = kenbun.client().build()) {
      new SignUp(client).submit("user@example.com");
      assertTrue(kenbun.awaitEvents(1, 5, TimeUnit.SECONDS));
    }
    Event event = kenbun.events().get(0);
    assertEquals("Form Submit", event.type());
    assertEquals("sign-up", event.metadata().get("form"));
  }

  @Test
  void losesNothingWhileKenbunIsAway() {
    kenbun.failNext(503, 503);
    try (KenbunClient client = kenbun.client().build()) {
      new SignUp(client).submit("user@example.com");
      assertEquals(1, client.flush(10, TimeUnit.SECONDS).delivered());
    }
    assertEquals(3, kenbun.requests());
  }
}
