package io.kenbun.examples;

import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import java.util.concurrent.TimeUnit;

/** The program of the README: two events to a server that runs already. */
public final class FirstEvents {
  public static void main(String[] args) {
    try (KenbunClient client =
        KenbunClient.builder()
            .baseUrl(args[0]) // Of a lite server: http://127.0.0.1:8080
            .credentials(Credentials.basic("dev", "dev"))
            .orgUnit("unit_default")
            .build()) {
      client.track(
          Event.builder("Page View").email("ada@example.com").metadata("path", "/pricing").build());
      client.track(Event.builder("Demo Request").email("ada@example.com").build());
      System.out.println(client.flush(10, TimeUnit.SECONDS));
    }
  }
}
