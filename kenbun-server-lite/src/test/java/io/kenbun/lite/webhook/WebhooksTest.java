package io.kenbun.lite.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.TestReceiver;
import io.kenbun.lite.TestReceiver.Received;
import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.DeliveryState;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.pipeline.MovableClock;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.TestFirings;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.firing.DeliveryReads.Attempt;
import io.kenbun.lite.store.firing.DeliveryReads.Exchange;
import io.kenbun.lite.store.firing.DeliveryReads.Shown;
import io.kenbun.lite.store.sqlite.Durability;
import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries from a transaction of the store to a real receiver, by a clock that is moved. */
class WebhooksTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Instant START = Instant.parse("2026-03-10T12:00:00Z");

  @TempDir Path data;

  private final MovableClock clock = new MovableClock(InstantSource.fixed(START));
  private final TestReceiver receiver = new TestReceiver();
  private Store storage;
  private TestFirings firings;
  private @Nullable Webhooks webhooks;
  private long unit;

  @BeforeEach
  void open() throws Exception {
    storage = TestStores.open(data, Durability.NORMAL, 1_000, clock, () -> "ld_1");
    OrgUnit wanted = new OrgUnit(0, "unit_default", "org", "Default", "default", null, true);
    storage.configuration().apply(List.of(RuleSetup.builder(wanted).build()), 0);
    unit = storage.configuration().load().get(0).unit().key();
    firings = new TestFirings(storage);
    start(true);
  }

  private void start(boolean allowPrivate) {
    webhooks =
        new Webhooks(
            storage.deliveries(),
            storage.reads().deliveries(),
            new AddressGuard(allowPrivate),
            clock,
            InstantSource.system(),
            new Random(1),
            (outcome, nanos) -> {},
            "1.2.3",
            () -> true,
            null,
            Duration.ofDays(2));
    webhooks.start();
  }

  private void stop() {
    if (webhooks != null) {
      webhooks.close();
      webhooks = null;
    }
  }

  @AfterEach
  void close() {
    stop();
    storage.close();
    receiver.close();
  }

  private Fired milestone(String id, String url) {
    return TestFirings.milestone(id, unit, url, SECRET);
  }

  private void fire(Fired... told) throws Exception {
    firings.fire(clock.millis(), told);
  }

  private void advance(Duration by) {
    clock.set(now -> now + by.toMillis(), null);
  }

  /** Waits until everything that is due was tried and written down. */
  private void settle() throws InterruptedException {
    CountDownLatch idle = new CountDownLatch(1);
    Objects.requireNonNull(webhooks).rounds().whenIdle(idle::countDown);
    assertTrue(idle.await(20, TimeUnit.SECONDS), "deliveries are not settled");
  }

  private Shown shown(String id) throws Exception {
    return Objects.requireNonNull(storage.reads().deliveries().find(unit, id), id);
  }

  /** Waits until the delivery was tried that often. */
  private Shown tried(String id, int tries) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    Shown now;
    do {
      settle();
      now = shown(id);
    } while (now.tries() < tries && System.nanoTime() < deadline);
    assertEquals(tries, now.tries());
    return now;
  }

  @Test
  void sendsTheBodyOfTheContractSignedByStandardWebhooks() throws Exception {
    fire(milestone("fir_1", receiver.url("/hook?x=1")));
    Received request = receiver.next();
    assertEquals("POST", request.exchange().getRequestMethod().toString());
    assertEquals("/hook", request.path());
    assertEquals("x=1", request.exchange().getQueryString());
    assertEquals("application/json", request.header("Content-Type"));
    assertEquals("kenbun-lite/1.2.3", request.header("User-Agent"));
    assertEquals("", request.header("Authorization"));
    assertEquals("fir_1", request.id());
    assertEquals(
        "{\"id\":\"fir_1\",\"event\":\"milestone.entered\",\"fired_at\":\"2026-03-10T12:00:00Z\","
            + "\"trigger\":{\"id\":\"milestone_7\",\"name\":\"Hot \\\"lead\\\"\",\"type\":\"milestone\","
            + "\"score_threshold\":80},\"lead\":{\"lead_id\":\"ld_1\",\"aliases\":[]},\"score\":82,"
            + "\"previous_score\":74,\"ruleset_id\":\"rs_main\",\"engagement_level\":\"Very Hot\","
            + "\"event_type\":\"Demo Request\",\"event_id\":\"evt_0000000000001\"}",
        request.body());
    long seconds = Long.parseLong(request.header("webhook-timestamp"));
    assertTrue(Math.abs(seconds - System.currentTimeMillis() / 1_000) < 60, "the real time");
    assertEquals(
        Signature.of(SECRET, "fir_1", seconds, request.body().getBytes(StandardCharsets.UTF_8)),
        request.header("webhook-signature"));
    Shown delivered = tried("fir_1", 1);
    assertEquals(DeliveryState.DELIVERED, delivered.state());
    assertEquals(200, delivered.lastStatus());
    assertEquals(request.body(), delivered.body());
    assertEquals(
        new Exchange(seconds, request.header("webhook-signature"), ""),
        delivered.attempts().get(0).exchange());
  }

  @Test
  void keepsHowEachAnswerBegins() throws Exception {
    String odd = "tab\t, \\, line\nand \r\n\u00fc=";
    answers(500, odd);
    fire(milestone("fir_1", receiver.url("/")));
    receiver.next();
    assertEquals(odd, answerOf(tried("fir_1", 1), 0));
    answers(200, "x".repeat(Sender.MAX_KEPT_BYTES));
    advance(Duration.ofSeconds(2));
    receiver.next();
    Shown delivered = tried("fir_1", 2);
    assertEquals(odd, answerOf(delivered, 0));
    assertEquals("x".repeat(Sender.MAX_KEPT_BYTES), answerOf(delivered, 1));
    answers(200, "y".repeat(Sender.MAX_KEPT_BYTES) + "z");
    assertTrue(storage.deliveries().retry(unit, "fir_1", clock.millis()));
    receiver.next();
    assertEquals("y".repeat(Sender.MAX_KEPT_BYTES), answerOf(tried("fir_1", 3), 2));
  }

  private void answers(int status, String body) {
    receiver.answers(
        (request, exchange) -> {
          exchange.setStatusCode(status);
          exchange.startBlocking();
          exchange.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        });
  }

  private static @Nullable String answerOf(Shown shown, int attempt) {
    return Objects.requireNonNull(shown.attempts().get(attempt).exchange()).answer();
  }

  @Test
  void withoutASecretNothingIsSigned() throws Exception {
    fire(TestFirings.milestone("fir_1", unit, receiver.url("/"), null));
    assertEquals("", receiver.next().header("webhook-signature"));
  }

  @Test
  void eachDestinationOfAFiringHasADeliveryOfItsOwn() throws Exception {
    Channel channel =
        storage
            .channels()
            .save(
                unit,
                channel(new Channel.Webhook(receiver.url("/channel"), "Bearer t0k", SECRET)),
                true,
                0);
    Channel slack = storage.channels().save(unit, channel(new Channel.Slack("C1", "x")), true, 0);
    fire(
        new Fired(
            TestFirings.firing("fir_1", unit, NotificationType.MILESTONE_EXITED),
            new Destinations(
                receiver.url("/own"),
                null,
                channel.key(),
                false,
                List.of("a@b.c"),
                "s",
                null,
                null)),
        new Fired(
            TestFirings.firing("fir_2", unit, NotificationType.SURGE_FIRED),
            new Destinations(null, null, slack.key(), false, List.of(), null, null, null)),
        new Fired(
            TestFirings.firing("fir_3", unit, NotificationType.SURGE_FIRED), Destinations.NONE));
    Received one = receiver.next();
    Received two = receiver.next();
    boolean isOwnFirst = one.path().equals("/own");
    Received own = isOwnFirst ? one : two;
    Received shared = isOwnFirst ? two : one;
    assertEquals("fir_1", own.id());
    assertEquals("", own.header("Authorization"));
    assertEquals("fir_1_channel", shared.id());
    assertEquals("Bearer t0k", shared.header("Authorization"));
    assertTrue(
        shared.body().startsWith("{\"id\":\"fir_1_channel\",\"event\":\"milestone.exited\","));
    settle();
    assertEquals("a@b.c", shown("fir_1_emails").target());
    assertEquals(DeliveryState.LOGGED, shown("fir_1_emails").state());
    assertEquals(DeliveryState.LOGGED, shown("fir_2").state());
    assertEquals(slack.id(), shown("fir_2").channelId());
    assertEquals(4, storage.reads().deliveries().page(unit, null, 1, 10).total());
  }

  private static Channel channel(Channel.Config config) {
    return new Channel(0, "", "Team", config, null, 0, 0);
  }

  @Test
  void triesAgainBySchedule_withTheSameIdAndBody_thenKeepsItAsFailed() throws Exception {
    receiver.answers(500);
    fire(milestone("fir_1", receiver.url("/")));
    String body = receiver.next().body();
    long[] seconds = {1, 5, 30, 300, 1_800, 7_200, 28_800};
    for (int i = 0; i < seconds.length; i++) {
      long tried = clock.millis();
      Shown shown = tried("fir_1", i + 1);
      assertEquals(DeliveryState.PENDING, shown.state());
      long wait = Objects.requireNonNull(shown.nextTryMillis()) - tried;
      assertTrue(Math.abs(wait - 1_000 * seconds[i]) <= 100 * seconds[i], i + ": " + wait);
      advance(Duration.ofMillis(wait - 1));
      settle();
      assertEquals(List.of(), receiver.all(), "a millisecond early");
      advance(Duration.ofMillis(1));
      Received again = receiver.next();
      assertEquals("fir_1", again.id());
      assertEquals(body, again.body());
    }
    Shown failed = tried("fir_1", 8);
    assertEquals(DeliveryState.FAILED, failed.state());
    assertNull(failed.nextTryMillis());
    assertEquals(500, failed.lastStatus());
    assertEquals(8, failed.attempts().size());
    advance(Duration.ofDays(365));
    settle();
    assertEquals(List.of(), receiver.all());
    assertEquals(DeliveryState.FAILED, shown("fir_1").state());

    receiver.answers(204);
    assertTrue(storage.deliveries().retry(unit, "fir_1", clock.millis()));
    assertEquals("fir_1", receiver.next().id());
    assertEquals(DeliveryState.DELIVERED, tried("fir_1", 9).state());
  }

  @Test
  void waitsAsRetryAfterAsks() throws Exception {
    receiver.answers(429, "Retry-After", "120");
    fire(milestone("fir_1", receiver.url("/")));
    receiver.next();
    assertEquals(clock.millis() + 120_000, tried("fir_1", 1).nextTryMillis());
    receiver.answers(200);
    fire(milestone("fir_2", receiver.url("/")));
    advance(Duration.ofMillis(119_999));
    assertEquals(List.of(), receiver.all(), "neither does another for the same receiver go out");
    advance(Duration.ofMillis(1));
    Set<String> ids = new HashSet<>(List.of(receiver.next().id()));
    ids.add(receiver.next().id());
    assertEquals(Set.of("fir_1", "fir_2"), ids);
  }

  @Test
  void gone_turnsTheDestinationOff_untilARetryByHandArrives() throws Exception {
    receiver.answers(410);
    fire(milestone("fir_1", receiver.url("/")));
    receiver.next();
    assertEquals(DeliveryState.OFF, tried("fir_1", 1).state());
    fire(milestone("fir_2", receiver.url("/")));
    settle();
    assertEquals(DeliveryState.OFF, shown("fir_2").state());
    advance(Duration.ofDays(2));
    settle();
    assertEquals(List.of(), receiver.all());

    receiver.answers(200);
    assertTrue(storage.deliveries().retry(unit, "fir_2", clock.millis()));
    assertEquals("fir_2", receiver.next().id());
    assertEquals(DeliveryState.DELIVERED, tried("fir_2", 1).state());
    fire(milestone("fir_3", receiver.url("/")));
    assertEquals("fir_3", receiver.next().id());
  }

  @Test
  void aChannelThatIsOffSaysSo_andSavingItsUrlTurnsItOn() throws Exception {
    receiver.answers(410);
    Channel channel =
        storage
            .channels()
            .save(unit, channel(new Channel.Webhook(receiver.url("/c"), null, null)), true, 0);
    assertNull(channel.offSinceMillis());
    storage.deliveries().insertTest(unit, channel, "test_1", clock.millis());
    assertEquals(
        "{\"id\":\"test_1\",\"event\":\"channel.test\",\"fired_at\":\"2026-03-10T12:00:00Z\","
            + "\"channel\":{\"id\":\"notification_channel_1\",\"name\":\"Team\"}}",
        receiver.next().body());
    tried("test_1", 1);
    Channel off = Objects.requireNonNull(storage.channels().find(unit, channel.id()));
    assertEquals(clock.millis(), off.offSinceMillis());
    receiver.answers(200);
    assertNull(storage.channels().save(unit, off, true, 1).offSinceMillis());
    storage.deliveries().insertTest(unit, channel, "test_2", clock.millis());
    assertEquals("test_2", receiver.next().id());
  }

  @Test
  void aRedirectIsAFailureAndIsNotFollowed() throws Exception {
    receiver.answers(302, "Location", receiver.url("/elsewhere"));
    fire(milestone("fir_1", receiver.url("/")));
    assertEquals("/", receiver.next().path());
    assertEquals(302, tried("fir_1", 1).lastStatus());
    assertEquals(DeliveryState.PENDING, shown("fir_1").state());
    assertEquals(List.of(), receiver.all());
  }

  @Test
  void anAnswerWithoutAnEndDeliversByItsStatus() throws Exception {
    receiver.answers(
        (request, exchange) -> {
          exchange.startBlocking();
          byte[] chunk = new byte[8 << 10];
          for (int i = 0; i < 1_000; i++) { // Far more than is read; fails once we hang up.
            exchange.getOutputStream().write(chunk);
          }
        });
    fire(milestone("fir_1", receiver.url("/")));
    assertEquals(DeliveryState.DELIVERED, tried("fir_1", 1).state());
  }

  @Test
  void aBombForAnAnswerIsReadAsFarAsAnyOther() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 1_024; i++) { // A gibibyte, of which a test has less.
        out.write(zeros);
      }
    }
    receiver.answers(
        (request, exchange) -> {
          exchange.getResponseHeaders().put(Headers.CONTENT_ENCODING, "gzip");
          exchange.startBlocking();
          exchange.getOutputStream().write(packed.toByteArray());
        });
    fire(milestone("fir_1", receiver.url("/")));
    assertEquals(DeliveryState.DELIVERED, tried("fir_1", 1).state());
  }

  @Test
  void cookiesAreNotKept() throws Exception {
    receiver.answers(200, "Set-Cookie", "a=b");
    fire(milestone("fir_1", receiver.url("/")));
    receiver.next();
    tried("fir_1", 1);
    fire(milestone("fir_2", receiver.url("/")));
    assertEquals("", receiver.next().header("Cookie"));
  }

  @Test
  void aPrivateAddressIsRefusedWhenItIsConnectedTo() throws Exception {
    stop();
    start(false);
    fire(milestone("fir_1", receiver.url("/")));
    Shown refused = tried("fir_1", 1);
    assertEquals(DeliveryState.PENDING, refused.state());
    Attempt attempt = refused.attempts().get(0);
    assertNull(attempt.status());
    assertEquals("refused to connect to an address that is not public", attempt.error());
    assertNull(Objects.requireNonNull(attempt.exchange()).answer());
    assertEquals(List.of(), receiver.all());
  }

  @Test
  void aReceiverThatIsSilentIsGivenUpOnAfterTenSeconds_andDelaysNoOther() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      List<Fired> told = new ArrayList<>();
      String dead = "http://127.0.0.1:" + silent.getLocalPort() + "/";
      for (int i = 0; i < 20; i++) {
        told.add(milestone("dead_" + i, dead));
      }
      told.add(milestone("live", receiver.url("/")));
      firings.fire(clock.millis(), told);
      assertEquals("live", receiver.next().id());
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (shown("dead_0").tries() == 0 && System.nanoTime() < deadline) {
        fire(milestone("live_" + System.nanoTime(), receiver.url("/")));
        receiver.next();
      }
      assertEquals("no answer within 10 s", shown("dead_0").lastError());
      assertEquals(0, shown("dead_19").tries(), "one trial at a time");
    }
  }

  @Test
  void whatAnEarlierProcessLeftIsSentByTheNext() throws Exception {
    receiver.answers(503);
    List<Fired> told = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) { // More than a window.
      told.add(milestone("fir_" + i, receiver.url("/" + i % 3)));
    }
    stop();
    firings.fire(clock.millis(), told);
    receiver.answers(200);
    start(true);
    settle();
    Set<String> ids = receiver.all().stream().map(Received::id).collect(Collectors.toSet());
    assertEquals(2_000, ids.size());
    assertEquals(
        2_000, storage.reads().deliveries().page(unit, DeliveryState.DELIVERED, 1, 1).total());
  }

  @Test
  void aBacklogThatFailedOnceArrivesOnceTheReceiverIsBack() throws Exception {
    receiver.answers(500);
    List<Fired> told = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      told.add(milestone("fir_" + i, receiver.url("/")));
    }
    firings.fire(clock.millis(), told);
    receiver.next();
    receiver.answers(200);
    advance(Duration.ofMinutes(1));
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (storage.reads().deliveries().pending() > 0 && System.nanoTime() < deadline) {
      settle();
      advance(Duration.ofMinutes(1));
    }
    assertEquals(
        1_500, storage.reads().deliveries().page(unit, DeliveryState.DELIVERED, 1, 1).total());
  }

  @Test
  void aDeletedDeliveryIsSentNoMore() throws Exception {
    receiver.answers(500);
    fire(milestone("fir_1", receiver.url("/")));
    receiver.next();
    tried("fir_1", 1);
    receiver.answers(200);
    assertTrue(storage.deliveries().delete(unit, "fir_1"));
    advance(Duration.ofDays(1));
    settle();
    assertEquals(List.of(), receiver.all());
  }

  @Test
  void whatIsOverLeavesInTimeAndWhatFailedStays() throws Exception {
    receiver.answers(500);
    fire(milestone("fir_2", receiver.url("/failing")));
    for (int tries = 1; tries <= 8; tries++) {
      receiver.next();
      tried("fir_2", tries);
      advance(Duration.ofHours(9));
    }
    receiver.answers(200);
    fire(milestone("fir_1", receiver.url("/")));
    receiver.next();
    tried("fir_1", 1);
    long done = Objects.requireNonNull(shown("fir_1").doneAtMillis());
    advance(Duration.ofMillis(done - clock.millis() + Duration.ofDays(2).toMillis()));
    settle();
    assertEquals(DeliveryState.DELIVERED, shown("fir_1").state());
    advance(Duration.ofMinutes(1)); // By then it is looked again.
    awaitGone("fir_1");
    advance(Duration.ofDays(365));
    settle();
    assertEquals(DeliveryState.FAILED, shown("fir_2").state());
  }

  private void awaitGone(String id) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (storage.reads().deliveries().find(unit, id) != null) {
      assertTrue(System.nanoTime() < deadline, id + " is still there");
    }
  }

  @Test
  void removesWhatWasOverBeforeAMoment() throws Exception {
    fire(milestone("fir_1", receiver.url("/")));
    receiver.next();
    tried("fir_1", 1);
    long done = Objects.requireNonNull(shown("fir_1").doneAtMillis());
    assertEquals(0, storage.deliveries().removeOld(done, 10));
    assertEquals(1, storage.deliveries().removeOld(done + 1, 10));
    assertNull(storage.reads().deliveries().find(unit, "fir_1"));
  }
}
