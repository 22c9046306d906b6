package io.kenbun.lite.http.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.TestReceiver;
import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.configuration.SetupCaller;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trouble on purpose: none before it is asked for, and just what is asked for. */
class ChaosApiTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"A\"}";
  private static final String OFF =
      "{\"ingest\":{\"rate\":0,\"status\":503,\"delay_ms\":0,\"drop_after_commit\":false},"
          + "\"webhooks\":{\"rate\":0,\"delay_ms\":0}}";

  private TestServer server;
  private SetupCaller dev;

  @BeforeEach
  void start() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.chaos = true;
    setup.sendsWebhooks = true;
    setup.allowPrivateWebhooks = true;
    server = new TestServer(setup);
    dev = new SetupCaller(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private HttpResponse<String> set(String body) throws Exception {
    return dev.send("PUT", "/lite/chaos", body);
  }

  private long stored() throws Exception {
    server.score();
    return (Long) dev.object("/events").get("total");
  }

  private HttpResponse<String> batch() throws Exception {
    return server.batch((EVENT + "\n" + EVENT + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void nothingHappensBeforeARateIsSet() throws Exception {
    assertEquals(OFF, server.ok("/lite/chaos"));
    assertEquals(202, server.ingest(EVENT).statusCode());
    set("{'ingest':{'status':500,'delay_ms':10000,'drop_after_commit':true}}");
    assertEquals(202, server.ingest(EVENT).statusCode());
    assertEquals(202, batch().statusCode());
    assertEquals(4, stored());
  }

  @Test
  void thereIsNoneUnlessTheServerWasStartedWithIt() throws Exception {
    try (TestServer plain = new TestServer()) {
      Refused.by(plain.get("/lite/chaos")).is(404, "not_found", null).says("no such path");
      Refused.by(plain.call("PUT", "/lite/chaos", "{}")).is(404, "not_found", null);
    }
  }

  @Test
  void whatIsNotGivenStays() throws Exception {
    set("{'ingest':{'rate':0.25,'status':429,'delay_ms':5,'drop_after_commit':true}}");
    HttpResponse<String> answer = set("{'ingest':{'delay_ms':7},'webhooks':{'rate':1}}");
    assertEquals(200, answer.statusCode());
    assertEquals(
        "{\"ingest\":{\"rate\":0.25,\"status\":429,\"delay_ms\":7,\"drop_after_commit\":true},"
            + "\"webhooks\":{\"rate\":1,\"delay_ms\":0}}",
        answer.body());
    assertEquals(answer.body(), server.ok("/lite/chaos"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'ingest':7}                        | ingest                   | ingest is not an object: a number
          {'ingest':{'rate':-0.1}}            | ingest.rate              | ingest.rate < 0 or > 1: -0.1
          {'ingest':{'rate':1.1}}             | ingest.rate              | ingest.rate < 0 or > 1: 1.1
          {'ingest':{'rate':'1'}}             | ingest.rate              | ingest.rate is not a number: a string
          {'ingest':{'status':201}}           | ingest.status            | ingest.status < 202 or > 599: 201
          {'ingest':{'status':203}}           | ingest.status            | ingest.status is neither 202 nor 400 to 599: 203
          {'ingest':{'status':399}}           | ingest.status            | ingest.status is neither 202 nor 400 to 599: 399
          {'ingest':{'status':600}}           | ingest.status            | ingest.status < 202 or > 599: 600
          {'ingest':{'delay_ms':-1}}          | ingest.delay_ms          | ingest.delay_ms < 0 or > 10000: -1
          {'ingest':{'delay_ms':10001}}       | ingest.delay_ms          | ingest.delay_ms < 0 or > 10000: 10001
          {'ingest':{'drop_after_commit':1}}  | ingest.drop_after_commit | ingest.drop_after_commit is not a boolean: a number
          {'ingest':{'rate':1},'webhooks':{'rate':2}}         | webhooks.rate     | webhooks.rate < 0 or > 1: 2
          {'webhooks':{'delay_ms':10001}}     | webhooks.delay_ms        | webhooks.delay_ms < 0 or > 10000: 10001
          """)
  void whatIsOutOfRangeIsRefusedWhole(String body, String field, String error) throws Exception {
    dev.refused("PUT", "/lite/chaos", body).is(400, "invalid_field", field).says(error);
    assertEquals(OFF, server.ok("/lite/chaos"));
  }

  @ParameterizedTest
  @CsvSource({"400, ", "429, 1", "500, ", "503, 1", "599, "})
  void refusesWithTheStatusAndKeepsNothing(int status, String retryAfter) throws Exception {
    set("{'ingest':{'rate':1,'status':" + status + "}}");
    for (HttpResponse<String> answer : List.of(server.ingest(EVENT), batch())) {
      Refused.by(answer)
          .is(status, "chaos", null)
          .says("refused on purpose: PUT /lite/chaos set it");
      assertEquals(retryAfter, answer.headers().firstValue("Retry-After").orElse(null));
    }
    Refused.by(server.ingest("{}")).is(400, "missing_field", "event_type"); // Wrong all the same.
    assertEquals(0, stored());
    set("{'ingest':{'rate':0}}");
    assertEquals(202, server.ingest(EVENT).statusCode());
    assertEquals(1, stored());
  }

  @Test
  void losesTheAnswerAfterTheEventIsSafe() throws Exception {
    set("{'ingest':{'rate':1,'drop_after_commit':true}}");
    assertThrows(IOException.class, () -> server.ingest(EVENT));
    assertThrows(IOException.class, this::batch);
    assertTrue(stored() >= 3, "lost events"); // The JDK's client may have sent one again.
  }

  @Test
  void servesLate() throws Exception {
    set("{'ingest':{'rate':1,'status':202,'delay_ms':300}}");
    long before = System.nanoTime();
    assertEquals(202, server.ingest(EVENT).statusCode());
    assertTrue(System.nanoTime() - before >= Duration.ofMillis(300).toNanos());
    assertEquals(1, stored());
  }

  @Test
  void strikesTheShareThatWasAskedFor() throws Exception {
    set("{'ingest':{'rate':0.3}}");
    int refused = 0;
    for (int i = 0; i < 400; i++) {
      refused += server.ingest(EVENT).statusCode() == 503 ? 1 : 0;
    }
    assertTrue(refused > 80 && refused < 160, "refused " + refused + " of 400");
    assertEquals(400 - refused, stored());
  }

  @Test
  void webhooksAreLostAndTriedAgain() throws Exception {
    try (TestReceiver receiver = new TestReceiver()) {
      String channel =
          dev.madeId(
              "/notification-channels",
              "{'name':'W','type':'webhook','config':{'url':'" + receiver.url("/") + "'}}");
      set("{'webhooks':{'rate':1,'delay_ms':50}}");
      String test = dev.send("POST", "/notification-channels/" + channel + "/test", null).body();
      server.awaitSample("kenbun_webhook_tries_total{outcome=\"again\"} 1");
      assertEquals("{\"drained\":true}", dev.send("POST", "/lite/drain", null).body());
      String shown = dev.send("GET", "/lite/deliveries", null).body();
      assertTrue(
          shown.contains("\"last_error\":\"lost on purpose: PUT /lite/chaos set it\""), shown);
      assertEquals(0, receiver.all().size());
      set("{'webhooks':{'rate':0}}");
      String id = test.substring("{\"delivery_id\":\"".length(), test.length() - 2);
      assertEquals(202, dev.send("POST", "/lite/deliveries/" + id + "/retry", null).statusCode());
      assertEquals(id, receiver.next().id());
    }
  }
}
