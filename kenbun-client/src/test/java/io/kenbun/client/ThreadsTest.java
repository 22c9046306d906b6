package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many threads a client brings into a process, whose they are, and that they go again. */
final class ThreadsTest {
  private KenbunServer kenbun;

  @BeforeEach
  void start() throws Exception {
    kenbun = new KenbunServer();
  }

  @AfterEach
  void stop() throws Exception {
    kenbun.close();
  }

  /** What OkHttp keeps for all clients of a process; its threads bear the name of what they do. */
  private static final String OKHTTPS_OWN =
      "OkHttp (TaskRunner|ConnectionPool.*|connect .*)|Okio Watchdog";

  /** Delivers, and meanwhile counts each thread that was not there before the client was. */
  static final class Program {
    private static int own;
    private static int calls;
    private static final Set<String> others = new TreeSet<>();

    private Program() {}

    public static void main(String[] arguments) {
      Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
      KenbunClient client =
          KenbunClient.builder()
              .baseUrl(arguments[0])
              .credentials(Credentials.basic("dev", "dev"))
              .orgUnit("unit_default")
              .build();
      int count = Integer.parseInt(arguments[1]);
      for (int i = 0; i < count; i++) {
        client.track(Event.builder("T").leadId("ld_" + i % 50).metadata("n", i).build());
      }
      while (client.stats().delivered() < count) {
        List<Thread> present = new ArrayList<>(Thread.getAllStackTraces().keySet());
        present.removeAll(before);
        look(present);
      }
      others.removeIf(name -> name.matches(OKHTTPS_OWN));
      System.out.println("own " + own + ", calls " + calls + ", strangers " + others);
      client.close(10, TimeUnit.SECONDS);
    }

    private static void look(Collection<Thread> threads) {
      int ownNow = 0;
      int callsNow = 0;
      for (Thread thread : threads) {
        if (thread.getName().startsWith("kenbun-client")) {
          ownNow++;
        } else if (thread.getName().matches("OkHttp (http:|kenbun-client).*")) {
          callsNow++; // Idle it bears our name; OkHttp gives it the address while it works.
        } else {
          others.add(thread.getName());
        }
      }
      own = Math.max(own, ownNow);
      calls = Math.max(calls, callsNow);
    }
  }

  private String threadsOfADeliveryOf(int events) throws Exception {
    try (ChildJvm child = ChildJvm.start(Program.class, kenbun.url(), String.valueOf(events))) {
      String line = child.readLine();
      assertTrue(child.ends(10, TimeUnit.SECONDS), line);
      return line;
    }
  }

  @Test
  void batchesTakeOneThreadOfOurOwnAndOneCallOfOkHttps() throws Exception {
    kenbun.withBatches().delayMillis = 20;
    assertEquals("own 1, calls 1, strangers []", threadsOfADeliveryOf(20_000));
  }

  @Test
  void singlesTakeOneThreadOfOurOwnAndACallOfOkHttpsForEachInFlight() throws Exception {
    kenbun.delayMillis = 20;
    assertEquals("own 1, calls 4, strangers []", threadsOfADeliveryOf(400));
  }

  @Test
  void aCallsThreadIsADaemonWithoutAContextClassLoaderAndEndsWithTheClient() throws Exception {
    List<Thread> used = new ArrayList<>();
    OkHttpClient http =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  synchronized (used) {
                    used.add(Thread.currentThread());
                  }
                  return chain.proceed(chain.request());
                })
            .build();
    KenbunClient client = kenbun.client().httpClient(http).build();
    client.track(Event.builder("T").leadId("a").build());
    assertEquals(1, client.close(10, TimeUnit.SECONDS).delivered());
    assertEquals(2, used.size()); // The session, and the event.
    for (Thread thread : used) {
      assertTrue(thread.isDaemon(), thread.getName());
      assertEquals(null, thread.getContextClassLoader());
      thread.join(10_000);
      assertFalse(thread.isAlive(), thread.getName());
    }
  }

  @Test
  void anInterceptorThatThrowsCostsNoThreadAndNoEvent() throws Exception {
    List<String> uncaught = new ArrayList<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(e.toString()));
    RecordingListener listener = new RecordingListener();
    OkHttpClient http =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  if (listener.told.isEmpty()) {
                    throw new IllegalStateException("on purpose");
                  }
                  return chain.proceed(chain.request());
                })
            .build();
    try (KenbunClient client = kenbun.client().httpClient(http).listener(listener).build()) {
      client.track(Event.builder("T").leadId("a").build());
      assertTrue(client.flush(10, TimeUnit.SECONDS).isComplete());
      assertEquals(
          "IOException: the HTTP client failed: java.lang.IllegalStateException: on purpose",
          client.stats().lastError());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertEquals(List.of(), uncaught); // On Android one would end the application.
  }

  @Test
  void anEventListenerThatThrowsCostsNoEvent() throws Exception {
    RecordingListener listener = new RecordingListener();
    OkHttpClient http =
        new OkHttpClient.Builder()
            .eventListener(
                new EventListener() {
                  @Override
                  public void callStart(Call call) {
                    if (listener.told.isEmpty()) {
                      throw new IllegalStateException("on purpose");
                    }
                  }
                })
            .build();
    try (KenbunClient client = kenbun.client().httpClient(http).listener(listener).build()) {
      client.track(Event.builder("T").leadId("a").build());
      assertEquals(1, client.close(10, TimeUnit.SECONDS).delivered());
      assertEquals(
          "the HTTP client failed: java.lang.IllegalStateException: on purpose",
          client.stats().lastError());
    }
  }

  @Test
  void closeLeavesNoCallBehindAlthoughTheServerSaysNothing() throws Exception {
    kenbun.activationScript =
        request -> new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE);
    Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
    KenbunClient client = kenbun.client().linger(0, TimeUnit.MILLISECONDS).build();
    client.track(Event.builder("T").leadId("a").build());
    assertTrue(kenbun.server.takeRequest(10, TimeUnit.SECONDS) != null);
    client.close(0, TimeUnit.SECONDS);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && thread.getName().matches("(OkHttp )?(http:|kenbun-).*")) {
        thread.join(5000); // Ten seconds would be its time-out.
        assertFalse(thread.isAlive(), thread.getName());
      }
    }
  }
}
