package io.kenbun.lite.http.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.Api;
import io.kenbun.lite.KenbunLite;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page under load: a thousand events a second, and it goes on as if that were nothing. With
 * {@code -Dkenbun.seconds=60} for a minute, and held to its limits.
 */
@Tag("browser")
class LoadBrowserTest {
  private static final int SECONDS = Browser.seconds();
  private static final int BATCHES_A_SECOND = 20;
  private static final int BATCH = 50;
  private static final long MAX_FRAME_MILLIS = 100;
  private static final long MAX_HEAP_BYTES = 64_000_000;

  @TempDir private Path data;

  @Test
  void aThousandEventsASecondDropNoFrame() throws Exception {
    ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
    try (KenbunLite server = KenbunLite.builder().port(0).data(data).start();
        Browser browser = new Browser(server.url())) {
      Days days = new Days(new Api(server.url()).activate("unit_default"));
      browser.open("/");
      browser.see(".connection[data-state=open]");
      AtomicInteger batches = new AtomicInteger();
      ScheduledFuture<?> sending =
          sender.scheduleAtFixedRate(
              () -> send(days, batches.getAndIncrement()),
              0,
              1_000 / BATCHES_A_SECOND,
              TimeUnit.MILLISECONDS);
      browser.see(".view-head [role=status]", "a second");
      browser.tell(
          """
          window.frames = []; let last = performance.now();
          const step = now => { window.frames.push(now - last); last = now; requestAnimationFrame(step); };
          requestAnimationFrame(now => { last = now; requestAnimationFrame(step); });""");
      long middle = 0;
      long longest = 0;
      long start = System.nanoTime();
      while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SECONDS)) {
        browser.runAsync("setTimeout(() => done(1), 1000)");
        if (middle == 0 && System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS) / 2) {
          longest = longestFrame(browser);
          middle = heap(browser);
          // The collection that was asked for stops the page; no user does that.
          browser.runAsync("requestAnimationFrame(() => { window.frames.length = 0; done(1); })");
        }
      }
      longest = Math.max(longest, longestFrame(browser));
      long frames = ((Number) browser.run("return window.frames.length")).longValue();
      String shown = browser.text(".view-head [role=status]");
      sending.cancel(false);
      long end = heap(browser);
      System.out.printf(
          "%d events in %d s, page says \"%s\": %d frames in the second half, the longest %d ms, heap %.1f MB in the middle, %.1f MB at the end%n",
          batches.get() * BATCH, SECONDS, shown, frames, longest, middle / 1e6, end / 1e6);
      assertTrue(frames > 0, "no frame was drawn");
      Browser.measured("The longest frame, ms", longest, MAX_FRAME_MILLIS);
      Browser.measured("Heap at the end, bytes", end, MAX_HEAP_BYTES);
    } finally {
      sender.shutdownNow();
    }
  }

  private static long longestFrame(Browser browser) {
    return ((Number) browser.run("return Math.round(Math.max(...window.frames))")).longValue();
  }

  private static long heap(Browser browser) {
    browser.command("HeapProfiler.collectGarbage", Map.of());
    return ((Number) browser.run("return performance.memory.usedJSHeapSize")).longValue();
  }

  private static void send(Days days, int batch) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < BATCH; i++) {
      lines
          .append("{\"lead_id\":\"ld_")
          .append((batch * 7 + i) % 500)
          .append("\",\"event_type\":\"Page View\",\"metadata\":{\"path\":\"/pricing\",\"n\":")
          .append(batch)
          .append("}}\n");
    }
    try {
      days.batch(lines.toString());
    } catch (Exception e) {
      throw new IllegalStateException("a batch was not sent", e);
    }
  }

  @Test
  void aHundredThousandRowsStayTwentyThousand() throws Exception {
    try (KenbunLite server = KenbunLite.builder().port(0).data(data).start();
        Browser browser = new Browser(server.url())) {
      browser.open("/");
      browser.see(".connection[data-state=open]");
      String kept =
          (String)
              browser.runAsync(
                  """
                  import('/inspector/rows.js').then(({ Rows }) => {
                    const rows = new Rows();
                    const add = i => rows.add({ id: 'evt_' + i, fate: 'scored', type: 'Type ' + i % 9, raw: '{"n":' + i + '}' });
                    for (let i = 0; i < 100000; i++) add(i);
                    done([rows.all.length <= 20512, rows.byId.size === rows.all.length, rows.shown.length === rows.all.length,
                      rows.counts.scored === rows.all.length, rows.at(0).id].join(' '));
                  });""");
      assertEquals("true true true true evt_99999", kept);
    }
  }
}
