package io.kenbun.lite.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.DeliveryState;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.store.firing.DeliveryReads.Attempt;
import io.kenbun.lite.store.firing.DeliveryReads.Shown;
import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What comes of each answer that a receiver may give, well meant or not, and of none. */
class WebhookAnswersTest extends WebhookScene {
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
}
