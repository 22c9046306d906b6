package io.kenbun.examples;

import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.FlushResult;
import io.kenbun.client.KenbunClient;
import java.io.File;
import java.util.concurrent.TimeUnit;

/**
 * A program that is often without network: {@code OfflineFirst URL DIRECTORY}. Each run tracks one
 * event; what a run cannot deliver waits in the directory, and a later run delivers it.
 */
public final class OfflineFirst {
  private OfflineFirst() {}

  /** Runs the example. */
  public static void main(String[] args) {
    KenbunClient client = client(args[0], new File(args[1]));
    client.track(Event.builder("Page View").email("ada@example.com").build());
    FlushResult end = client.close(1, TimeUnit.SECONDS);
    System.out.println("delivered " + end.delivered() + ", waiting on disk " + end.spooled());
  }

  /** A directory serves one client at a time; nothing touches it on the calling thread. */
  static KenbunClient client(String url, File directory) {
    return KenbunClient.builder()
        .baseUrl(url)
        .credentials(Credentials.basic("dev", "dev"))
        .orgUnit("unit_default")
        .spool(directory)
        .maxSpoolBytes(16 << 20)
        .build();
  }
}
