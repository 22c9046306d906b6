package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RecordingKenbunTest {
  private final RecordingKenbun kenbun = new RecordingKenbun();

  private static Event event(String lead) {
    return Event.builder("Page View").leadId(lead).metadata("path", "/pricing").build();
  }

  @Test
  void recordsWhatArrivesByUnit() {
    try (KenbunClient client = kenbun.client().build()) {
      client.track(event("a"));
      client.orgUnit("unit_b").track(event("b"));
      assertTrue(client.flush(5, TimeUnit.SECONDS).isComplete());
    }
    assertEquals(2, kenbun.events().size());
    assertEquals("a", kenbun.events("unit_default").get(0).leadId());
    assertEquals("b", kenbun.events("unit_b").get(0).leadId());
    assertEquals("/pricing", kenbun.events().get(0).metadata().get("path"));
  }

  @Test
  void failsAsItIsTold() {
    kenbun.failNext(503, 422);
    RetryPolicy quick = RetryPolicy.builder().firstPause(1, TimeUnit.MILLISECONDS).build();
    try (KenbunClient client = kenbun.client().retryPolicy(quick).build()) {
      client.track(event("a"));
      client.flush(5, TimeUnit.SECONDS);
      client.track(event("b"));
      client.flush(5, TimeUnit.SECONDS);
      assertEquals(1, client.stats().dropped(DropReason.REFUSED));
    }
    assertEquals(3, kenbun.requests());
    assertEquals(List.of("b"), kenbun.events().stream().map(Event::leadId).toList());
    assertEquals(
        "status outside 300 to 599: 202",
        assertThrows(IllegalArgumentException.class, () -> kenbun.failNext(202)).getMessage());
  }

  @Test
  void canBeDownAndComeBack() {
    RetryPolicy quick = RetryPolicy.builder().firstPause(1, TimeUnit.MILLISECONDS).build();
    try (KenbunClient client = kenbun.client().retryPolicy(quick).build()) {
      kenbun.setDown(true);
      client.track(event("a"));
      assertFalse(client.flush(50, TimeUnit.MILLISECONDS).isComplete());
      kenbun.setDown(false);
      assertTrue(kenbun.awaitEvents(1, 5, TimeUnit.SECONDS));
    }
  }

  @Test
  void recordsImportedEventsAndReadsNoFiles() throws Exception {
    try (KenbunClient client = kenbun.client().build()) {
      assertEquals(
          "EventImport.Result{imported=2, errors=0}",
          client.importEvents(EventImport.of(List.of(event("a"), event("b")))).toString());
      assertThrows(
          IOException.class, () -> client.importEvents(EventImport.ofCsv(new File("x.csv"))));
    }
    assertEquals(2, kenbun.events().size());
  }
}
