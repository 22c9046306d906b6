package io.kenbun.examples;

import io.kenbun.client.ClientStats;
import io.kenbun.client.Credentials;
import io.kenbun.client.DeliveryListener;
import io.kenbun.client.DropReason;
import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/** Tells what becomes of each event, and counts: {@code WatchingDelivery URL}. */
public final class WatchingDelivery {
  private WatchingDelivery() {}

  /** Runs the example. */
  public static void main(String[] args) {
    try (KenbunClient client =
        KenbunClient.builder()
            .baseUrl(args[0])
            .credentials(Credentials.basic("dev", "dev"))
            .orgUnit("unit_default")
            .listener(new Printer(System.out))
            .build()) {
      client.track(Event.builder("Page View").email("ada@example.com").build());
      // The server takes nothing that lies more than a day ahead.
      client.track(
          Event.builder("Page View")
              .email("ada@example.com")
              .timestampMillis(System.currentTimeMillis() + TimeUnit.DAYS.toMillis(2))
              .build());
      client.flush(10, TimeUnit.SECONDS);

      ClientStats stats = client.stats();
      System.out.println("accepted " + stats.accepted() + ", delivered " + stats.delivered());
      System.out.println("dropped " + stats.dropped() + ", still queued " + stats.queued());
    }
  }

  /** Called by the client's own thread, one call at a time: print, count, but do not linger. */
  private static final class Printer extends DeliveryListener {
    private final PrintStream out;

    Printer(PrintStream out) {
      this.out = out;
    }

    @Override
    public void delivered(Event event) {
      out.println("delivered " + event.type());
    }

    @Override
    public void retrying(int events, String cause, long pauseMillis) {
      out.println("again in " + pauseMillis + " ms, " + events + " events: " + cause);
    }

    @Override
    public void dropped(Event event, DropReason reason, String detail) {
      out.println("dropped " + event.type() + ", " + reason + ": " + detail);
    }

    @Override
    public void credentialsRefused(String detail) {
      out.println("credentials refused, events wait: " + detail);
    }

    @Override
    public void recovered() {
      out.println("works again");
    }
  }
}
