package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.FilenameFilter;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * What users of other event SDKs have complained of, and the test that answers each complaint here.
 * Answers that belong to no other test are below.
 */
final class ComplaintsTest {
  private static final String ANSWERS =
      """
      Lost events
       1 flush and shutdown still drop what is buffered . LifecycleTest.deliversAllBeforeCloseReturnsAndTheProcessIsGoneATenthOfASecondLater
       2 flush races the thread that adds ............... WorkerTest.aFlushEndsWhenWhatCameBeforeItIsSettledWhateverComesAfter
       3 batches vanish once the tries are used up ...... WorkerTest.dropsWhatHasBeenTriedForLongerThanTheBudget
       4 failed batches find no room to go back ......... LostEvents.whatIsInFlightKeepsItsPlaceInTheQueue
       5 a full queue drops without a word .............. LostEvents.aLossIsLoggedAtOnceAndThenOnceAMinuteWithACount
       6 drops are logged only when debugging ........... LostEvents.aLossIsLoggedAtOnceAndThenOnceAMinuteWithACount
       7 what is on disk waits for the next event ....... LostEvents.theSpoolIsEmptiedWhenTheServerIsBackAlthoughNothingNewIsTracked
      Memory
       8 an outage is an OutOfMemoryError ............... OutageTest.aMinuteOfSilenceUnder64MegabytesIsCountedExactly
       9 a corrupt length makes the reader allocate ..... DiskQueueTest.aWrongLengthIsNotBelieved
      Blocking and the caller's thread
      10 a large event interrupts the caller ............ CallersThread.anEventThatIsTooLargeLeavesTheInterruptFlagAlone
      11 no time-outs ................................... CallersThread.everyTimeoutHasADefault
      12 HTTP on the common pool ........................ CallersThread.requestsRunOnADispatcherOfTheClientsOwnAndNotOnTheApplications
      13 disk and network on the main thread ............ CallersThread.buildingAndTrackingTouchNeitherDiskNorNetwork
      13 ................................................ CallersThread.trackTouchesNoFileWhateverTheSpoolHolds
      Shutdown and threads
      14 the process does not end ....................... LifecycleTest.aProcessEndsAlthoughTheServerSaysNothing
      14 ................................................ ThreadsTest.aCallsThreadIsADaemonWithoutAContextClassLoaderAndEndsWithTheClient
      15 daemon threads lose the tail ................... LifecycleTest.theShutdownHookDeliversTheTailOfAProgramThatDoesNotClose
      15 a redeployed application leaks ................. LifecycleTest.itsThreadsAreDaemonsNamedAndWithoutAContextClassLoader
      16 functions are frozen between invocations ....... Shutdown.aFlushWithNothingToDoReturnsAtOnce
      16 ................................................ WorkerTest.aFlushThatThePauseOutlastsEndsAtOnce
      17 flush hangs once the flusher has died .......... Shutdown.flushAndCloseKeepTheirDeadlinesAlthoughTheWorkerFails
      Dependencies
      18 versions clash, and so does Guava .............. PublicApiTest.namesNoForeignTypeButOkHttpClient
      18 ................................................ ArchitectureTest.onlyTheHttpSideNamesOkHttp
      19 OkHttp 5 is an empty jar under Maven ........... leg "Client on OkHttp 5" of .ci/run
      19 breaks the module path ......................... ModulePathTest.aModuleThatRequiresItDelivers
      Shrinking and native images
      20 reflection dies in R8 .......................... ShrinkTest.aProgramShrunkByR8Delivers
      21 reflection dies in native images ............... NativeImageTest.noClassFileAsksForAnythingByName
      Time
      22 one clock for dates and durations .............. WorkerTest.aClockThatJumpsNeitherHastensNorDelaysNorDrops
      23 dates follow the locale ........................ TimestampsTest.followsNeitherTheDefaultLocaleNorTheDefaultTimeZone
      Proxies and logging
      24 no way to bring one's own HTTP client .......... OwnHttpClient.isDerivedFromAndNeverChanged
      25 prints to standard output ...................... ArchitectureTest.nothingPrintsAndNothingReflects
      25 floods the log, with personal data ............. LostEvents.aLossIsLoggedAtOnceAndThenOnceAMinuteWithACount
      Poison, storms, duplicates
      26 429, 408 and their like lose events ............ FailureTableTest.isSentAgainAfter
      26 413 ............................................ WorkerTest.halvesOn413DownToTheEventThatIsTooLargeAndDropsItAlone
      26 one corrupt record ends every start ............ DiskQueueTest.aDamagedRecordIsSkippedToldAndCountedAndTheFileSetAside
      26 two uploaders race for one file ................ DiskQueueTest.aSecondOwnerIsToldAndWorksFromMemory
      """;

  private static Event event(String lead) {
    return Event.builder("Page View").leadId(lead).build();
  }

  @Test
  void everyAnswerIsATest() throws Exception {
    int last = 0;
    for (String line : ANSWERS.lines().toList()) {
      if (!Character.isDigit(line.strip().charAt(0))) {
        continue;
      }
      int number = Integer.parseInt(line.substring(0, 2).strip());
      assertTrue(number == last || number == last + 1, line);
      last = number;
      String answer = line.replaceFirst(".* \\.+ ", "");
      if (!answer.startsWith("leg ")) {
        assertTrue(isTest(answer), answer);
      }
    }
    assertEquals(26, last);
  }

  private static boolean isTest(String name) throws Exception {
    String[] parts = name.split("\\.", 2);
    String of = ComplaintsTest.class.getPackageName() + ".";
    boolean nested =
        Arrays.stream(ComplaintsTest.class.getDeclaredClasses())
            .anyMatch(type -> type.getSimpleName().equals(parts[0]));
    Class<?> type = Class.forName(of + (nested ? "ComplaintsTest$" : "") + parts[0]);
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(parts[1])) {
        return method.isAnnotationPresent(Test.class)
            || method.isAnnotationPresent(ParameterizedTest.class);
      }
    }
    return false;
  }

  @Nested
  final class LostEvents {
    @Test
    void whatIsInFlightKeepsItsPlaceInTheQueue() throws Exception {
      try (KenbunServer kenbun = new KenbunServer()) {
        CountDownLatch inFlight = new CountDownLatch(1);
        kenbun.script =
            request -> {
              inFlight.countDown();
              return new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE);
            };
        KenbunClient client =
            kenbun.client().maxQueuedEvents(2).linger(0, TimeUnit.MILLISECONDS).build();
        assertTrue(client.track(event("a")));
        assertTrue(inFlight.await(10, TimeUnit.SECONDS));
        assertTrue(client.track(event("b")));
        assertFalse(client.track(event("c")));
        assertEquals(2, client.stats().queued());
        client.close(0, TimeUnit.SECONDS);
      }
    }

    @Test
    void aLossIsLoggedAtOnceAndThenOnceAMinuteWithACount() {
      long minute = 60_000_000_000L;
      long from = -5;
      Losses losses = new Losses(new Counters(), null);
      try (Log log = new Log()) {
        losses.lost(event("ada@example.com"), DropReason.QUEUE_FULL, "the queue is full");
        losses.tell(from);
        assertEquals(List.of("kenbun lost 1 events; so far QUEUE_FULL=1"), log.lines);
        losses.lost(event("ada@example.com"), DropReason.QUEUE_FULL, "the queue is full");
        losses.lost(event("ada@example.com"), DropReason.REFUSED, "no such type");
        losses.tell(from + minute - 1);
        assertEquals(1, log.lines.size());
        losses.tell(from + minute);
        assertEquals("kenbun lost 2 events; so far QUEUE_FULL=2 REFUSED=1", log.lines.get(1));
        losses.tell(from + 3 * minute);
        assertEquals(2, log.lines.size());
      }
    }

    @Test
    void theSpoolIsEmptiedWhenTheServerIsBackAlthoughNothingNewIsTracked(@TempDir Path directory)
        throws Exception {
      KenbunServer before = new KenbunServer();
      int port = before.server.getPort();
      KenbunClient.Builder builder = before.client();
      before.close();
      CountDownLatch failed = new CountDownLatch(1);
      CountDownLatch delivered = new CountDownLatch(2);
      DeliveryListener listener =
          new DeliveryListener() {
            @Override
            public void retrying(int events, String cause, long pauseMillis) {
              failed.countDown();
            }

            @Override
            public void delivered(Event event) {
              delivered.countDown();
            }
          };
      builder.linger(0, TimeUnit.MILLISECONDS).spool(directory.toFile()).listener(listener);
      try (KenbunClient client = builder.build()) {
        client.track(event("a"));
        client.track(event("b"));
        assertTrue(failed.await(10, TimeUnit.SECONDS));
        try (KenbunServer after = new KenbunServer(port)) {
          assertTrue(delivered.await(10, TimeUnit.SECONDS));
          assertEquals(2, after.events.size());
        }
      }
    }
  }

  @Nested
  final class CallersThread {
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
  }

  @Nested
  final class Shutdown {
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
      try (Log log = new Log()) {
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

  @Nested
  final class OwnHttpClient {
    @Test
    void isDerivedFromAndNeverChanged() {
      ConnectionPool pool = new ConnectionPool();
      OkHttpClient theirs =
          new OkHttpClient.Builder()
              .connectionPool(pool)
              .callTimeout(3, TimeUnit.SECONDS)
              .addInterceptor(chain -> chain.proceed(chain.request()))
              .build();
      OkHttpClient ours = HttpDefaults.derive(theirs);
      assertSame(pool, ours.connectionPool());
      assertEquals(3000, ours.callTimeoutMillis());
      assertEquals(theirs.interceptors(), ours.interceptors());
      assertSame(theirs.dns(), ours.dns());
      assertSame(theirs.proxySelector(), ours.proxySelector());
      assertNotSame(theirs.socketFactory(), ours.socketFactory());
      assertFalse(ours.followRedirects());
      assertTrue(theirs.followRedirects());
      assertEquals(CookieJar.NO_COOKIES, theirs.cookieJar());
    }
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

  /** What the client logs, and nothing of it on the console. */
  private static final class Log extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("io.kenbun.client");
    private final boolean parents = logger.getUseParentHandlers();

    final List<String> lines = new CopyOnWriteArrayList<>();

    Log() {
      logger.addHandler(this);
      logger.setUseParentHandlers(false);
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
      logger.setUseParentHandlers(parents);
    }
  }
}
