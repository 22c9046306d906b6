package io.kenbun.lite.testkit;

import io.kenbun.client.Credentials;
import io.kenbun.client.FlushResult;
import io.kenbun.client.KenbunClient;
import io.kenbun.lite.KenbunLite;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A server of a test's own: on a free port, in memory, with a clock that can be set.
 *
 * <pre>{@code
 * try (KenbunLiteKit kenbun = KenbunLiteKit.start()) {
 *   new SignUp(kenbun.client()).of("ada@example.com");
 *   kenbun.leads().email("ada@example.com").hasScore(50).hasLevel("Hot");
 * }
 * }</pre>
 *
 * <p>Its unit is {@code unit_default} with the starter rules, its credentials {@code dev} with
 * secret {@code dev}. Assertions first wait until everything that was sent is scored; those that
 * fail throw an {@link AssertionError} that tells what the server has seen. Any thread. Needs no
 * JUnit; with JUnit Jupiter, {@link KenbunLiteExtension} starts and stops it.
 */
public final class KenbunLiteKit implements AutoCloseable {
  private static final String CLIENT_ID = "dev";
  private static final String SECRET = "dev";
  private static final String UNIT = "unit_default";
  private static final int DRAIN_SECONDS = 10;

  private final KenbunLite server;
  private final LiteApi api;
  private final Story story;
  private @Nullable KenbunClient client; // Guarded by this.

  private KenbunLiteKit(KenbunLite server) {
    this.server = server;
    this.api = new LiteApi(server.url(), CLIENT_ID, SECRET, UNIT);
    this.story =
        new Story(
            api,
            "an application with a client of its own sends to "
                + server.url()
                + " as "
                + CLIENT_ID
                + " with secret "
                + SECRET
                + ", unit "
                + UNIT
                + ", and flushes before the test asserts");
  }

  /**
   * Starts a server.
   *
   * @throws IOException when no temporary directory can be made
   */
  public static KenbunLiteKit start() throws IOException {
    return start(builder -> builder);
  }

  /**
   * Starts a server that {@code settings} has set up, such as {@code server ->
   * server.config(Path.of("kenbun.json"))}. A configuration must have {@code unit_default}.
   */
  public static KenbunLiteKit start(UnaryOperator<KenbunLite.Builder> settings) throws IOException {
    KenbunLite.Builder builder =
        KenbunLite.builder()
            .port(0)
            .inMemory()
            .credentials(CLIENT_ID, SECRET)
            .testClock()
            .allowReset();
    KenbunLite server = settings.apply(builder).start();
    try {
      return new KenbunLiteKit(server);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Returns where the server listens, for an application with a client of its own. */
  public URI url() {
    return server.url();
  }

  /** Returns the server. */
  public KenbunLite server() {
    return server;
  }

  /**
   * Returns a client of this server, made by the first call and closed with it; events go out a
   * millisecond after {@code track}.
   */
  public synchronized KenbunClient client() {
    KenbunClient known = client;
    if (known == null) {
      known =
          KenbunClient.builder()
              .baseUrl(server.url().toString())
              .credentials(Credentials.basic(CLIENT_ID, SECRET))
              .orgUnit(UNIT)
              .linger(1, TimeUnit.MILLISECONDS)
              .build();
      client = known;
    }
    return known;
  }

  /** Returns the time that the server goes by. */
  public TestTime clock() {
    return new TestTime(api);
  }

  /** Returns what may be asserted of leads. */
  public Leads leads() {
    return new Leads(api, story, this::drain);
  }

  /** Returns the events of that type that came in and were accepted, suppressed ones too. */
  public Found received(String eventType) {
    drain();
    return new Found(
        "event \"" + eventType + '"',
        "events \"" + eventType + '"',
        () -> "",
        api.all("/events?event_type=" + LiteApi.encoded(eventType), "events"),
        story);
  }

  /** Returns the firings of the trigger, sequence or surge of that name. */
  public Found fired(String triggerName) {
    drain();
    return new Found(
        "firing of \"" + triggerName + '"',
        "firings of \"" + triggerName + '"',
        story::triggers,
        story.firings(triggerName),
        story);
  }

  /**
   * Returns what the trigger, sequence or surge of that name has told others: each webhook, e-mail
   * or message once, however often it was tried.
   */
  public Found delivered(String triggerName) {
    drain();
    return new Found(
        "delivery of \"" + triggerName + '"',
        "deliveries of \"" + triggerName + '"',
        story::triggers,
        api.all("/lite/deliveries", "deliveries").stream()
            .filter(delivery -> triggerName.equals(delivery.get("trigger_name")))
            .toList(),
        story);
  }

  /**
   * Returns the requests to change something, and lines of batches, that were refused, and why; of
   * the last 100 refusals.
   */
  public Found rejected() {
    drain();
    return new Found("refused request", "refused requests", () -> "", story.rejected(100), story);
  }

  /**
   * Waits until what {@link #client} has taken is sent, and everything that the server has accepted
   * is scored and told once. Assertions do it by themselves.
   *
   * @throws AssertionError when that is not so within ten seconds
   */
  public void drain() {
    KenbunClient sending;
    synchronized (this) {
      sending = client;
    }
    if (sending != null) {
      FlushResult flushed = sending.flush(DRAIN_SECONDS, TimeUnit.SECONDS);
      if (!flushed.isComplete()) {
        throw new AssertionError(
            "the client still has events after "
                + DRAIN_SECONDS
                + " s: "
                + flushed
                + ", "
                + sending.stats());
      }
    }
    LiteApi.Answer answer =
        api.call("POST", "/lite/drain?timeout_ms=" + 1_000 * DRAIN_SECONDS, null);
    if (answer.status() != 200) {
      throw new AssertionError(
          "not all is scored and told after "
              + DRAIN_SECONDS
              + " s: "
              + answer
              + "; with a queue_depth of 0 a webhook waits for its receiver"
              + story.ofUnit());
    }
  }

  /**
   * Makes the server as good as new: no lead, no event, the rules it was started with, the real
   * time. Cheaper than another start.
   */
  public void reset() {
    drain(); // What is on its way would come after.
    api.object("POST", "/lite/reset?config=true", null);
    TestTime clock = clock();
    Map<?, ?> shown = api.get("/lite/clock");
    boolean isMoved = !Long.valueOf(0).equals(((Number) offset(shown)).longValue());
    if (isMoved || Boolean.TRUE.equals(shown.get("frozen"))) {
      clock.backToReal();
    }
  }

  private static Object offset(Map<?, ?> shown) {
    Object offset = shown.get("offset_ms");
    return offset == null ? 0L : offset;
  }

  /** Closes client and server; nothing is left of either. The second call does nothing. */
  @Override
  public void close() {
    KenbunClient closing;
    synchronized (this) {
      closing = client;
      client = null;
    }
    if (closing != null) {
      closing.close();
    }
    server.close();
  }
}
