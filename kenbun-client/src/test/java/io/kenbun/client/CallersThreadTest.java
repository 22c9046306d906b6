package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.FilenameFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the caller's thread is spared: interruption, disk, network, and waiting without end. */
final class CallersThreadTest {
  private static Event event(String lead) {
    return Event.builder("Page View").leadId(lead).build();
  }

  @Test
  void anEventThatIsTooLargeLeavesTheInterruptFlagAlone() throws Exception {
    try (KenbunServer kenbun = new KenbunServer();
        KenbunClient client = kenbun.client().maxQueuedBytes(1000).build()) {
      Event large = Event.builder("T").leadId("l").metadata("text", "x".repeat(10_000)).build();
      assertFalse(client.track(large));
      assertFalse(Thread.currentThread().isInterrupted());
      Thread.currentThread().interrupt();
      assertFalse(client.track(large));
      assertThrows(
          IllegalArgumentException.class,
          () -> Event.builder("T").leadId("l").metadata("text", "x".repeat(102_400)).build());
      assertTrue(Thread.interrupted());
      assertEquals(2, client.stats().dropped(DropReason.QUEUE_FULL));
    }
  }

  @Test
  void everyTimeoutHasADefault() {
    OkHttpClient ours = HttpDefaults.derive(null);
    assertEquals(10_000, ours.connectTimeoutMillis());
    assertEquals(10_000, ours.readTimeoutMillis());
    assertEquals(10_000, ours.writeTimeoutMillis());
    assertEquals(30_000, ours.callTimeoutMillis());
    assertEquals(30_000, HttpDefaults.derive(new OkHttpClient()).callTimeoutMillis());
  }

  @Test
  void requestsRunOnADispatcherOfTheClientsOwnAndNotOnTheApplications() throws Exception {
    List<Thread> used = new ArrayList<>();
    ExecutorService theirs =
        Executors.newSingleThreadExecutor(
            task -> {
              throw new AssertionError("a request on a thread of the application's");
            });
    OkHttpClient http = recording(used).newBuilder().dispatcher(new Dispatcher(theirs)).build();
    try (KenbunServer kenbun = new KenbunServer();
        KenbunClient client = kenbun.client().httpClient(http).build()) {
      client.track(event("a"));
      assertTrue(client.flush(10, TimeUnit.SECONDS).isComplete());
    }
    assertEquals(2, used.size()); // The session, and the event.
    for (Thread thread : used) {
      assertTrue(thread.isDaemon());
      assertTrue(thread.getName().startsWith("OkHttp "), thread.getName());
    }
    theirs.shutdown();
  }

  @Test
  void buildingAndTrackingTouchNeitherDiskNorNetwork(@TempDir Path directory) throws Exception {
    Thread caller = Thread.currentThread();
    OkHttpClient http =
        new OkHttpClient.Builder()
            .dns(
                name -> {
                  if (Thread.currentThread() == caller) {
                    throw new AssertionError("the network on the caller's thread");
                  }
                  return Dns.SYSTEM.lookup(name);
                })
            .build();
    try (KenbunServer kenbun = new KenbunServer();
        KenbunClient client =
            kenbun
                .client()
                .httpClient(http)
                .spool(new FileNotFor(caller, directory.resolve("spool").toString()))
                .build()) {
      assertTrue(client.track(event("a")));
      assertTrue(client.orgUnit("unit_b").track(event("b")));
      assertEquals(2, client.stats().accepted());
      assertTrue(client.flush(10, TimeUnit.SECONDS).isComplete());
      assertTrue(client.track(event("c")));
      assertEquals(1, client.close(10, TimeUnit.SECONDS).delivered());
    }
  }

  @Test
  void trackTouchesNoFileWhateverTheSpoolHolds(@TempDir Path directory) throws Exception {
    BrokenFiles files = new BrokenFiles(directory.toFile());
    SpoolRig rig = new SpoolRig(files);
    rig.offerAll(0, 100);
    assertEquals(0, files.operations);
    rig.append();
    int before = files.operations;
    assertTrue(before > 0);
    rig.offerAll(100, 200);
    assertEquals(before, files.operations);
    assertEquals(0, rig.close());
  }

  private static OkHttpClient recording(List<Thread> used) {
    return new OkHttpClient.Builder()
        .addInterceptor(
            chain -> {
              synchronized (used) {
                used.add(Thread.currentThread());
              }
              return chain.proceed(chain.request());
            })
        .build();
  }

  /** A directory that one thread may not look at, as StrictMode has it. */
  private static final class FileNotFor extends File {
    private static final long serialVersionUID = 1;

    private final transient Thread caller;

    FileNotFor(Thread caller, String path) {
      super(path);
      this.caller = caller;
    }

    private void check() {
      if (Thread.currentThread() == caller) {
        throw new AssertionError("the disk on the caller's thread");
      }
    }

    @Override
    public boolean isDirectory() {
      check();
      return super.isDirectory();
    }

    @Override
    public boolean mkdirs() {
      check();
      return super.mkdirs();
    }

    @Override
    public boolean exists() {
      check();
      return super.exists();
    }

    @Override
    public String[] list(FilenameFilter filter) {
      check();
      return super.list(filter);
    }
  }
}
