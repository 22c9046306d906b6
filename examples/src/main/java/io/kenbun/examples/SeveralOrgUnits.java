package io.kenbun.examples;

import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.client.OrgUnit;
import java.util.concurrent.TimeUnit;

/**
 * Reports for two organizational units over one queue and one connection pool: {@code
 * SeveralOrgUnits URL}, of a server that has unit_default and unit_b.
 */
public final class SeveralOrgUnits {
  private SeveralOrgUnits() {}

  /** Runs the example. */
  public static void main(String[] args) {
    try (KenbunClient client =
        KenbunClient.builder()
            .baseUrl(args[0])
            .credentials(Credentials.basic("dev", "dev"))
            .orgUnit("unit_default")
            .build()) {
      OrgUnit other = client.orgUnit("unit_b"); // Light: make one wherever it is needed.
      client.track(Event.builder("Page View").email("ada@example.com").build());
      other.track(Event.builder("Page View").email("grace@example.com").build());
      other.track(Event.builder("Demo Request").email("grace@example.com").build());
      System.out.println(client.flush(10, TimeUnit.SECONDS));
    }
  }
}
