package io.kenbun.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.client.Alias;
import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.lite.testkit.KenbunLiteExtension;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our side of docs/migrating.md; theirs is compiled with the benchmarks. */
final class MigratingTest {
  @RegisterExtension static final KenbunLiteExtension server = new KenbunLiteExtension();

  @Test
  void fromSegment() {
    URI url = server.url();
    KenbunClient kenbun =
        KenbunClient.builder()
            .baseUrl(url.toString())
            .credentials(Credentials.basic("dev", "dev"))
            .orgUnit("unit_default")
            .linger(1, TimeUnit.SECONDS)
            .build();
    kenbun.track(
        Event.builder("Signed Up")
            .externalId("user-7")
            .cookie("anon-42")
            .metadata(Map.of("plan", "pro", "seats", 5))
            .build());
    kenbun.track(
        Event.builder("Identify")
            .externalId("user-7")
            .email("ada@example.com")
            .metadata("company", "Analytical Engines")
            .build());
    assertTrue(kenbun.close(10, TimeUnit.SECONDS).isComplete());
    server.received("Signed Up").withMetadata("plan", "pro").once();
    server.leads().hasCount(1).email("ada@example.com").hasEvents(2);
  }

  @Test
  void fromPostHog() {
    KenbunClient kenbun = server.client();
    kenbun.track(Event.builder("Signed Up").externalId("user-7").metadata("plan", "pro").build());
    kenbun.track(
        Event.builder("Identify")
            .alias(Alias.externalId("user-7"))
            .alias(Alias.cookie("anon-42"))
            .metadata("company", "Analytical Engines")
            .build());
    assertTrue(kenbun.flush(10, TimeUnit.SECONDS).isComplete());
    server.leads().hasCount(1);
    server.received("Identify").withMetadata("company", "Analytical Engines").once();
  }

  @Test
  void fromSnowplow() {
    KenbunClient kenbun = server.client();
    kenbun.track(
        Event.builder("Demo Request")
            .externalId("user-7")
            .cookie("duid-42")
            .timestampMillis(1_760_000_000_000L)
            .metadata("product", "enterprise")
            .build());
    assertTrue(kenbun.flush(10, TimeUnit.SECONDS).isComplete());
    assertEquals(1, kenbun.stats().delivered());
    server.received("Demo Request").withMetadata("product", "enterprise").once();
  }
}
