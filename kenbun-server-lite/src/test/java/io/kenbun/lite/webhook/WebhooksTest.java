package io.kenbun.lite.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.TestReceiver.Received;
import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.DeliveryState;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.store.TestFirings;
import io.kenbun.lite.store.firing.DeliveryReads.Exchange;
import io.kenbun.lite.store.firing.DeliveryReads.Shown;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What fired, sent: signed, to each of its destinations, by schedule, until it is over. */
class WebhooksTest extends WebhookScene {
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
