package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an event costs the thread that tracks it. */
final class AllocationTest {
  private static final int EVENTS = 20_000;

  /** As an application does; the map and its boxed number are in the figure. */
  private static void track(KenbunClient client, String lead, int number) {
    Map<String, Object> map = new HashMap<>();
    map.put("path", "/pricing");
    map.put("source", "google");
    map.put("n", number);
    client.track(Event.builder("Page View").leadId(lead).metadata(map).build());
  }

  @Test
  void anEventWithThreeKeysAllocatesAtMost512BytesTheApplicationsOwnMapIncluded() {
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    KenbunClient client =
        KenbunClient.builder()
            .transport(new FakeTransport())
            .credentials(Credentials.basic("dev", "dev"))
            .orgUnit("unit_default")
            .build();
    for (int i = 0; i < EVENTS; i++) {
      track(client, "lead", i);
    }
    long before = memory.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < EVENTS; i++) {
      track(client, "lead", i);
    }
    long bytes = (memory.getCurrentThreadAllocatedBytes() - before) / EVENTS;
    assertTrue(bytes <= 512, () -> "bytes per event: " + bytes);
    assertEquals(2 * EVENTS, client.stats().accepted());
    client.close(0, TimeUnit.SECONDS);
  }
}
