package io.kenbun.lite.http.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.RawConnection;
import io.kenbun.lite.http.TestClock;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.call.HttpLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Wrong credentials wait, the longer the more there were; right ones never do. */
class FailedLoginsTest {
  private final TestClock clock = new TestClock();

  @Test
  void theDelayDoublesUpToItsMost() {
    FailedLogins failures = new FailedLogins(clock, 1_000);
    long[] delays = {100, 200, 400, 800, 1_000, 1_000};
    for (long delay : delays) {
      assertEquals(delay, failures.delayMillis("10.0.0.1", ""));
    }
    assertEquals(100, failures.delayMillis("10.0.0.2", ""));
  }

  @Test
  void failuresForOneClientAddUpOverAddresses() {
    FailedLogins failures = new FailedLogins(clock, 1_000);
    assertEquals(100, failures.delayMillis("10.0.0.1", "dev"));
    assertEquals(200, failures.delayMillis("10.0.0.2", "dev"));
    assertEquals(100, failures.delayMillis("10.0.0.3", "other"));
  }

  @Test
  void aMinuteWithoutAFailureForgives() {
    FailedLogins failures = new FailedLogins(clock, 1_000);
    failures.delayMillis("10.0.0.1", "");
    clock.advance(Duration.ofSeconds(60));
    assertEquals(200, failures.delayMillis("10.0.0.1", ""));
    clock.advance(Duration.ofMillis(60_001));
    assertEquals(100, failures.delayMillis("10.0.0.1", ""));
  }

  @Test
  void onlyTheLatestAddressesAreRemembered() {
    FailedLogins failures = new FailedLogins(clock, 1_000);
    failures.delayMillis("first", "");
    failures.delayMillis("second", "");
    for (int i = 0; i < 4_095; i++) {
      failures.delayMillis("address " + i, "");
    }
    assertEquals(200, failures.delayMillis("second", ""));
    assertEquals(100, failures.delayMillis("first", ""));
  }

  @Test
  void aWrongSecretIsRefusedLateAndHoldsUpNobody() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.limits = HttpLimits.DEFAULT;
    try (TestServer server = new TestServer(setup)) {
      String wrong = TestServer.basic("dev", "wrong");
      long start = System.nanoTime();
      CompletableFuture<?>[] refused = new CompletableFuture<?>[5];
      for (int i = 0; i < refused.length; i++) {
        refused[i] = server.sendLater("GET", "/org-units", null, "Authorization", wrong);
      }
      // More than there are threads of any kind wait; this one does not.
      for (int i = 0; i < 20; i++) {
        assertEquals(200, server.get("/org-units").statusCode());
      }
      CompletableFuture.allOf(refused).get(20, TimeUnit.SECONDS);
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis >= 1_600, "the fifth was refused after " + millis + " ms");
      start = System.nanoTime();
      assertEquals(401, server.send("GET", "/org-units", null).statusCode());
      millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis < 1_600, "without any it took " + millis + " ms");
    }
  }

  @Test
  void pastAThousandHeldBackTheRestIsCutOff() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.limits = HttpLimits.DEFAULT;
    String wrong =
        "GET /org-units HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
            + TestServer.basic("dev", "wrong")
            + "\r\nConnection: close\r\n\r\n";
    List<RawConnection> connections = new ArrayList<>();
    try (TestServer server = new TestServer(setup)) {
      for (int i = 0; i < 1_300; i++) {
        connections.add(new RawConnection(server.port()));
      }
      for (RawConnection connection : connections) {
        connection.write(wrong);
      }
      assertEquals(200, server.get("/org-units").statusCode());
      int refused = 0;
      for (RawConnection connection : connections) {
        String answer = connection.readAllOrNothing();
        assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 401 "), answer);
        refused += answer.isEmpty() ? 0 : 1;
      }
      assertTrue(refused >= 1_000 && refused < 1_300, refused + " were told");
    } finally {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }
}
