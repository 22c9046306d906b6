package io.kenbun.lite.http.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Operator;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a listener is sent. */
class LiveStreamTest {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static StreamReader.Message next(StreamReader reader) throws Exception {
    return Objects.requireNonNull(reader.next());
  }

  private void ingest(String body) throws Exception {
    assertEquals(202, server.ingest(body).statusCode());
  }

  @Test
  void showsAnEventOnceItIsQueuedAndAgainOnceItIsScored() throws Exception {
    try (StreamReader reader = StreamReader.open(server, "")) {
      assertEquals("text/event-stream", reader.connection().getContentType());
      assertEquals("no-store", reader.connection().getHeaderField("Cache-Control"));
      assertEquals("retry: 1000", reader.line());
      ingest(
          """
          {"lead_id":"ld_1","event_type":"Page View","timestamp":"2026-01-15T10:00:00Z",
           "aliases":[{"alias_kind":"email","raw_value":"ada@example.com"}],
           "metadata":{
             "path": "/pricing"}}""");
      StreamReader.Message queued = next(reader);
      String at = queued.field("at");
      String id = queued.field("event_id");
      assertEquals("event", queued.event());
      assertEquals(
          "{\"at\":\""
              + at
              + "\",\"event_id\":\""
              + id
              + "\",\"event_type\":\"Page View\",\"timestamp\":\"2026-01-15T10:00:00Z\","
              + "\"lead_id\":\"ld_1\",\"aliases\":[{\"kind\":\"email\",\"value\":\"ada@example.com\"}],"
              + "\"metadata\":{    \"path\": \"/pricing\"}}",
          queued.data());
      server.score();
      StreamReader.Message scored = next(reader);
      assertEquals("score", scored.event());
      assertEquals(
          "{\"at\":\""
              + at
              + "\",\"event_id\":\""
              + id
              + "\",\"event_type\":\"Page View\",\"lead_id\":\"ld_1\",\"fate\":\"scored\","
              + "\"suppression_reason\":null,\"points\":11,\"gains\":["
              + "{\"ruleset_id\":\"rs_main\",\"rule_id\":\"rl_pricing\",\"points\":10},"
              + "{\"ruleset_id\":\"rs_main\",\"rule_id\":\"rl_view\",\"points\":1}],"
              + "\"scores\":{\"rs_main\":11,\"rs_other\":0},\"error\":null}",
          scored.data());
      assertEquals(
          Long.parseLong(Objects.requireNonNull(queued.id())) + 1,
          Long.parseLong(Objects.requireNonNull(scored.id())));
    }
  }

  @Test
  void aRepeatedEventIsShownOnce() throws Exception {
    try (StreamReader reader = StreamReader.open(server, "?types=event")) {
      String line = "{\"lead_id\":\"ld_1\",\"event_type\":\"A\",\"idempotency_key\":\"k\"}\n";
      server.batch((line + line).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      server.batch(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      ingest("{\"lead_id\":\"ld_1\",\"event_type\":\"B\"}");
      assertEquals("A", next(reader).field("event_type"));
      assertEquals("B", next(reader).field("event_type"));
    }
  }

  @Test
  void showsWhatIsRefusedInTheUnit() throws Exception {
    try (StreamReader reader = StreamReader.open(server, "?types=rejected")) {
      assertEquals(400, server.ingest("{\"lead_id\":\"ld_1\"}").statusCode());
      StreamReader.Message message = next(reader);
      assertEquals("rejected", message.event());
      assertEquals("missing_field", message.field("code"));
      assertEquals("{\"lead_id\":\"ld_1\"}", message.field("body"));
      assertEquals("unit_default", message.field("unit_id"));
    }
  }

  @Test
  void whatIsRefusedBeforeItsUnitIsKnownIsForWhoeverMayUseAll() throws Exception {
    try (StreamReader dev =
            StreamReader.openAs(server, TestServer.DEV, "unit_b", "?types=rejected");
        StreamReader narrow =
            StreamReader.openAs(server, TestServer.NARROW, "unit_b", "?types=rejected")) {
      HttpResponse<String> answer =
          server.send("POST", "/ingest", "{}", "Authorization", TestServer.DEV);
      assertEquals(400, answer.statusCode());
      server.send(
          "POST",
          "/ingest",
          "{}",
          "Authorization",
          TestServer.NARROW,
          "Cookie",
          server.cookie(TestServer.NARROW, "unit_b"));
      assertEquals("active_ou_not_set", next(dev).field("code"));
      assertEquals("missing_field", next(dev).field("code"));
      assertEquals("missing_field", next(narrow).field("code"));
    }
  }

  @Test
  void showsNothingOfAnotherUnit() throws Exception {
    try (StreamReader narrow = StreamReader.openAs(server, TestServer.NARROW, "unit_b", "")) {
      ingest("{\"lead_id\":\"ld_1\",\"event_type\":\"A\"}");
      assertEquals(400, server.ingest("{}").statusCode());
      server.send(
          "POST",
          "/ingest",
          "{\"lead_id\":\"ld_2\",\"event_type\":\"B\"}",
          "Authorization",
          TestServer.NARROW,
          "Cookie",
          server.cookie(TestServer.NARROW, "unit_b"));
      assertEquals("B", next(narrow).field("event_type"));
    }
  }

  @Test
  void goesOnAfterTheLastIdThatWasSeen() throws Exception {
    String last;
    try (StreamReader reader = StreamReader.open(server, "")) {
      ingest("{\"lead_id\":\"ld_1\",\"event_type\":\"A\"}");
      last = Objects.requireNonNull(next(reader).id());
    }
    ingest("{\"lead_id\":\"ld_1\",\"event_type\":\"B\"}");
    ingest("{\"lead_id\":\"ld_1\",\"event_type\":\"C\"}");
    try (StreamReader header = StreamReader.open(server, "", "Last-Event-ID", last);
        StreamReader parameter = StreamReader.open(server, "?last_event_id=" + last)) {
      for (StreamReader reader : List.of(header, parameter)) {
        assertEquals("B", next(reader).field("event_type"));
        assertEquals("C", next(reader).field("event_type"));
      }
    }
  }

  @Test
  void saysThatThereIsAGapWhereTheBufferDoesNotReachBack() throws Exception {
    try (StreamReader reader = StreamReader.open(server, "", "Last-Event-ID", "7")) {
      StreamReader.Message gap = next(reader);
      assertEquals("gap", gap.event());
      assertEquals("{\"last_event_id\":\"7\"}", gap.data());
      ingest("{\"lead_id\":\"ld_1\",\"event_type\":\"A\"}");
      StreamReader.Message first = next(reader);
      assertEquals("event", first.event());
      assertEquals(
          Long.parseLong(Objects.requireNonNull(gap.id())) + 1,
          Long.parseLong(Objects.requireNonNull(first.id())));
    }
    try (StreamReader reader = StreamReader.open(server, "", "Last-Event-ID", "x")) {
      assertEquals("gap", next(reader).event());
      assertEquals("A", next(reader).field("event_type"));
    }
  }

  @Test
  void whatOneWantedIsKeptForItWhileAnotherListensToSomethingElse() throws Exception {
    try (StreamReader other = StreamReader.open(server, "?types=rejected")) {
      String last;
      try (StreamReader reader = StreamReader.open(server, "?types=event")) {
        ingest("{\"lead_id\":\"ld_1\",\"event_type\":\"A\"}");
        last = Objects.requireNonNull(next(reader).id());
      }
      ingest("{\"lead_id\":\"ld_1\",\"event_type\":\"B\"}");
      try (StreamReader reader = StreamReader.open(server, "?types=event", "Last-Event-ID", last)) {
        assertEquals("B", next(reader).field("event_type"));
      }
      // Scores were not asked for until now, so that some may be missing.
      try (StreamReader reader =
          StreamReader.open(server, "?types=event,score", "Last-Event-ID", last)) {
        assertEquals("gap", next(reader).event());
      }
      assertNotNull(other);
    }
  }

  @Test
  void refusesTypesThatThereAreNot() throws Exception {
    HttpResponse<String> answer = server.get("/lite/stream?types=event,nonsense");
    assertEquals(400, answer.statusCode());
    assertEquals(
        "{\"error\":\"types holds none of event, score, trigger, rejected, delivery: \\\"nonsense\\\"\","
            + "\"code\":\"invalid_field\",\"field\":\"types\"}",
        answer.body());
  }

  @Test
  void headEndsAtOnce() throws Exception {
    HttpResponse<String> answer = server.call("HEAD", "/lite/stream", null);
    assertEquals(200, answer.statusCode());
    assertEquals("", answer.body());
  }

  @Test
  void endsCleanlyWhenTheServerStops() throws Exception {
    try (StreamReader reader = StreamReader.open(server, "")) {
      assertEquals("retry: 1000", reader.line());
      long before = System.nanoTime();
      server.close();
      assertNull(reader.next()); // An end in good order: half a chunk would throw.
      assertTrue(System.nanoTime() - before < 5_000_000_000L);
    }
  }

  @Test
  void takesAsManyListenersAsAllowedAndNoMore() throws Exception {
    List<StreamReader> readers = new ArrayList<>();
    for (int i = 0; i < StreamLimits.DEFAULT.maxListeners(); i++) {
      readers.add(StreamReader.open(server, ""));
    }
    HttpResponse<String> answer = server.get("/lite/stream");
    assertEquals(503, answer.statusCode());
    assertEquals(
        "{\"error\":\"stream has 32 listeners; come again\",\"code\":\"overloaded\"}",
        answer.body());
    assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
    readers.remove(0).close();
    StreamReader again = null;
    for (int i = 0; again == null && i < 1_000; i++) { // The server has to see the end first.
      again = openOrNull();
    }
    assertNotNull(again);
    again.close();
    readers.forEach(StreamReader::close);
  }

  @Test
  void showsWhyAnEventGaveNothing() throws Exception {
    server.change(
        setup ->
            setup.metadataFilters(
                List.of(
                    new MetadataFilter(
                        1,
                        "mf_1",
                        "Bots",
                        "",
                        List.of(new Condition("bot", Operator.EQUALS, "true")),
                        true,
                        0,
                        0,
                        "",
                        ""))));
    try (StreamReader reader = StreamReader.open(server, "?types=score")) {
      server.event("ld_1", "Form Submit", "2026-01-15T10:00:00Z", "{\"bot\":\"true\"}");
      StreamReader.Message message = next(reader);
      assertEquals("suppressed", message.field("fate"));
      assertEquals("metadata_filter", message.field("suppression_reason"));
      assertEquals("0", message.field("points"));
      assertEquals("null", message.field("lead_id"));
    }
  }

  @Test
  void showsWhatFiresAndWhomItTold() throws Exception {
    HttpResponse<String> made =
        server.call(
            "POST",
            "/triggers",
            "{\"name\":\"Hot\",\"score_threshold\":20,\"emails\":[\"s@example.com\"]}");
    assertEquals(201, made.statusCode(), made.body());
    try (StreamReader triggers = StreamReader.open(server, "?types=trigger");
        StreamReader deliveries = StreamReader.open(server, "?types=delivery")) {
      server.event("ld_1", "Form Submit", "2026-01-15T10:00:00Z", "{}");
      StreamReader.Message fired = next(triggers);
      assertEquals("milestone", fired.field("kind"));
      assertEquals("Hot", fired.field("name"));
      assertEquals("milestone.entered", fired.field("event"));
      assertEquals("ld_1", fired.field("lead_id"));
      StreamReader.Message told = next(deliveries);
      assertEquals(fired.field("firing_id"), told.field("firing_id"));
      assertEquals("logged", told.field("state"));
      assertTrue(server.ok("/lite/deliveries").contains(told.data()), told.data());
    }
  }

  private StreamReader openOrNull() throws Exception {
    try {
      return StreamReader.open(server, "");
    } catch (java.io.IOException e) {
      return null; // 503.
    }
  }
}
