package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Deadlines hold whatever the worker does. */
final class DeadlinesTest {
  private static Event event(String lead) {
    return Event.builder("Page View").leadId(lead).build();
  }

  @Test
  void aFlushWithNothingToDoReturnsAtOnce() throws Exception {
    try (KenbunServer kenbun = new KenbunServer();
        KenbunClient client = kenbun.client().build()) {
      assertEquals(
          "FlushResult{delivered=0, spooled=0, dropped=0, queued=0, complete=true}",
          client.flush(1, TimeUnit.HOURS).toString());
      assertEquals(List.of(), kenbun.activations);
    }
  }

  @Test
  void flushAndCloseKeepTheirDeadlinesAlthoughTheWorkerFails() {
    Transport broken =
        new Transport() {
          @Override
          void send(Batch batch, Receiver receiver) {
            throw new StackOverflowError("on purpose");
          }

          @Override
          EventImport.Result importEvents(String unit, EventImport source) {
            throw new UnsupportedOperationException();
          }

          @Override
          void close() {}
        };
    try (RecordingLog log = new RecordingLog()) {
      KenbunClient client =
          KenbunClient.builder()
              .transport(broken)
              .credentials(Credentials.basic("dev", "dev"))
              .orgUnit("unit_default")
              .build();
      assertTrue(client.track(event("a")));
      assertFalse(client.flush(200, TimeUnit.MILLISECONDS).isComplete());
      assertFalse(client.close(200, TimeUnit.MILLISECONDS).isComplete());
      assertEquals(1, client.stats().dropped(DropReason.ABANDONED));
      assertTrue(log.lines.contains("the kenbun worker failed and keeps running"));
    }
  }
}
