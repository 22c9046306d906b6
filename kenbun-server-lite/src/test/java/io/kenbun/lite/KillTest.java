package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.TestReceiver.Received;
import io.kenbun.lite.webhook.NodeVerifier;
import io.kenbun.lite.webhook.NodeVerifier.Signed;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A 202 is a promise, and so is a firing: events, scores, firings and webhooks after the process
 * was killed under load, again and again: by the count of events, between a webhook's arrival and
 * its answer, or between its answer and the note that it was delivered. {@code
 * -Dkenbun.kill.rounds=} does it more often.
 *
 * <p>All events have one timestamp, so that the order in which they were taken, which their ids
 * tell, is all that decides what fires: {@link KillModel} works it out again from that.
 */
class KillTest {
  private static final int ROUNDS = Integer.getInteger("kenbun.kill.rounds", 5);
  private static final int SENDERS = 8;
  private static final int LEADS = 20;
  private static final String SECRET = "whsec_" + "bm9ib2R5J3MgYnV0IHRoaXMgdGVzdCdz";

  @TempDir Path data;
  @TempDir Path files;

  private final String timestamp = Instant.now().toString();
  private final AtomicInteger next = new AtomicInteger();
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<String>> bodies = new HashMap<>(); // What has come, by webhook-id.
  private final List<Signed> signed = new ArrayList<>();

  @Test
  void nothingIsLostAndNothingCountsTwice() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TestReceiver receiver = new TestReceiver()) {
      for (int round = 0; round < ROUNDS; round++) {
        receiver.answers((request, exchange) -> answer(random, exchange));
        try (ServerProcess server = ServerProcess.start(data)) {
          if (round == 0) {
            new KillModel().makeTriggers(api(server), receiver.url("/"), SECRET);
          }
          if (random.nextBoolean()) {
            loadUntil(server, 20 + random.nextInt(200), ServerProcess::pause);
          }
          switch (round % 3) {
            case 0 -> loadUntil(server, 1 + random.nextInt(40), it -> killAtWebhook(it, receiver));
            case 1 -> loadUntil(server, 1 + random.nextInt(40), it -> killAtAnswer(it, receiver));
            default -> loadUntil(server, 50 + random.nextInt(1_500), ServerProcess::kill);
          }
        }
        collect(receiver);
      }
      receiver.answers(200);
      try (ServerProcess server = ServerProcess.start(data, "--test-clock")) {
        String context = "seed " + seed + ", " + acknowledged.size() + " acknowledged";
        Api api = api(server);
        deliverAll(api);
        collect(receiver);
        check(api, context);
        checkSignatures(context);
      }
    }
  }

  private static Api api(ServerProcess server) throws Exception {
    return new Api(server.url()).activate("unit_default");
  }

  /** A receiver as they are: now and then it fails, or is gone in the middle. */
  private static void answer(Random random, HttpServerExchange exchange) throws IOException {
    int dice;
    synchronized (random) {
      dice = random.nextInt(20);
    }
    if (dice == 0) {
      exchange.getConnection().close();
    } else if (dice < 4) {
      exchange.setStatusCode(500);
    }
  }

  /** Kills the server while it waits for the answer to a webhook that has come. */
  private static void killAtWebhook(ServerProcess server, TestReceiver receiver) throws Exception {
    CountDownLatch killed = new CountDownLatch(1);
    receiver.answers(
        (request, exchange) -> {
          server.kill();
          killed.countDown();
        });
    killed.await();
  }

  /** Kills it once a webhook's answer is on its way, which it may or may not note in time. */
  private static void killAtAnswer(ServerProcess server, TestReceiver receiver) throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    receiver.answers(
        (request, exchange) ->
            exchange.addExchangeCompleteListener(
                (completed, next) -> {
                  answered.countDown();
                  next.proceed();
                }));
    answered.await();
    server.kill();
  }

  private void collect(TestReceiver receiver) {
    for (Received one : receiver.all()) {
      signed.add(
          new Signed(
              SECRET,
              one.id(),
              one.header("webhook-timestamp"),
              one.header("webhook-signature"),
              one.body()));
      bodies.computeIfAbsent(one.id(), id -> new HashSet<>()).add(one.body());
    }
  }

  /** Has time pass until every delivery has arrived, whatever its next try was to be. */
  private static void deliverAll(Api api) throws Exception {
    api.drain();
    while (!api.object("/lite/deliveries?state=pending").get("total").equals(0L)) {
      HttpResponse<String> moved =
          api.send(
              api.request("/lite/clock")
                  .header("Content-Type", "application/json")
                  .PUT(HttpRequest.BodyPublishers.ofString("{\"advance\":\"PT9H\"}"))
                  .build());
      assertEquals(200, moved.statusCode(), moved.body());
      api.drain();
    }
  }

  private void check(Api api, String context) throws Exception {
    Map<Integer, Integer> stored = new HashMap<>();
    List<Map<?, ?>> events = new ArrayList<>(api.all("/events", "events"));
    for (Map<?, ?> event : events) {
      int n = ((Long) ((Map<?, ?>) event.get("metadata")).get("n")).intValue();
      stored.merge(n, 1, Integer::sum);
    }
    assertTrue(acknowledged.size() > ROUNDS, context);
    for (int n : acknowledged) {
      assertEquals(1, stored.get(n), () -> context + ", event " + n);
    }
    assertEquals(Set.of(1), Set.copyOf(stored.values()), context);
    assertTrue(stored.size() <= next.get(), context);

    KillModel model = new KillModel();
    events.sort(Comparator.comparing(event -> (String) event.get("id")));
    events.forEach(
        event -> model.event((String) event.get("lead_id"), (String) event.get("event_type")));
    Map<String, Long> scores = new HashMap<>();
    for (Map<?, ?> lead : api.all("/leads", "leads")) {
      scores.put((String) lead.get("lead_id"), (Long) lead.get("score"));
    }
    assertEquals(model.scores(), scores, context);
    checkFirings(api, model, context);
  }

  private void checkFirings(Api api, KillModel model, String context) throws Exception {
    Map<String, Integer> fired = new HashMap<>();
    Set<String> ids = new HashSet<>();
    for (String kind : List.of("milestone", "sequence", "surge")) {
      String name =
          kind.equals("milestone") ? "trigger" : kind.equals("surge") ? "surge_trigger" : kind;
      for (Map<?, ?> firing : api.all("/" + kind + "-events", "events")) {
        assertTrue(ids.add((String) firing.get("id")), () -> context + ", twice: " + firing);
        fired.merge(firing.get(name + "_name") + " " + firing.get("lead_id"), 1, Integer::sum);
      }
    }
    Set<String> delivered = new HashSet<>();
    for (Map<?, ?> delivery : api.all("/lite/deliveries", "deliveries")) {
      assertEquals("delivered", delivery.get("state"), () -> context + ": " + delivery);
      assertEquals(delivery.get("firing_id"), delivery.get("id"), context);
      assertTrue(delivered.add((String) delivery.get("id")), context);
      if (delivery.get("event").equals("milestone.exited")) { // In no history but this.
        assertTrue(ids.add((String) delivery.get("firing_id")), context);
        fired.merge(
            "-" + delivery.get("trigger_name") + " " + delivery.get("lead_id"), 1, Integer::sum);
      }
    }
    assertEquals(model.fired(), fired, context);
    assertEquals(ids, delivered, context);
    assertEquals(delivered, bodies.keySet(), context); // Each came, and nothing but them.
    bodies.forEach(
        (id, sent) -> {
          assertEquals(1, sent.size(), () -> context + ": " + id + " came in several forms");
          assertTrue(sent.iterator().next().startsWith("{\"id\":\"" + id + "\","), context);
        });
    System.out.printf(
        "%d rounds: %d events acknowledged, %d firings, %d webhooks for them%n",
        ROUNDS, acknowledged.size(), ids.size(), signed.size());
  }

  /** Each that has come, also one that was cut off by a kill, by who shares the secret. */
  private void checkSignatures(String context) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(SECRET.substring("whsec_".length()));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    for (Signed one : signed) {
      String text = one.id() + "." + one.timestamp() + "." + one.body();
      byte[] sum = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      assertEquals("v1," + Base64.getEncoder().encodeToString(sum), one.signature(), context);
    }
    if (NodeVerifier.isHere()) { // An implementation that is not ours.
      assertEquals(
          Collections.nCopies(signed.size(), true), NodeVerifier.verify(files, signed), context);
    }
  }

  private interface Blow {
    void strike(ServerProcess server) throws Exception;
  }

  /**
   * Sends from several threads; strikes while they go on, once {@code count} more are acknowledged.
   */
  private void loadUntil(ServerProcess server, int count, Blow blow) throws Exception {
    int enough = acknowledged.size() + count;
    CountDownLatch reached = new CountDownLatch(1);
    AtomicBoolean over = new AtomicBoolean();
    Thread[] senders = new Thread[SENDERS];
    for (int i = 0; i < SENDERS; i++) {
      Api api = api(server);
      senders[i] = new Thread(() -> send(api, enough, reached, over));
      senders[i].start();
    }
    reached.await();
    blow.strike(server);
    over.set(true);
    for (Thread sender : senders) {
      sender.join();
    }
  }

  private void send(Api api, int enough, CountDownLatch reached, AtomicBoolean over) {
    try {
      while (!over.get()) {
        int n = next.incrementAndGet();
        HttpResponse<String> answer =
            api.post(
                "/ingest",
                "{\"alias_kind\":\"external_id\",\"alias\":\"lead-"
                    + n % LEADS
                    + "\",\"event_type\":\""
                    + KillModel.type(n)
                    + "\",\"timestamp\":\""
                    + timestamp
                    + "\",\"metadata\":{\"n\":"
                    + n
                    + "}}");
        if (answer.statusCode() != 202) {
          throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        acknowledged.add(n);
        if (acknowledged.size() >= enough) {
          reached.countDown();
        }
      }
    } catch (IOException e) {
      reached.countDown(); // The server is gone, as meant.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
