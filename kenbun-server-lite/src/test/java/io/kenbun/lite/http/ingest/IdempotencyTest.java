package io.kenbun.lite.http.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same key again: the same answer, and nothing queued. */
class IdempotencyTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Form Submit\"}";

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void theSameKeyAgainGetsTheSameEventId() throws Exception {
    HttpResponse<String> first = ingest("unit_default", "Idempotency-Key", "k-1");
    assertEquals(202, first.statusCode());
    HttpResponse<String> again = ingest("unit_default", "Idempotency-Key", "k-1");
    assertEquals(202, again.statusCode());
    assertEquals(first.body(), again.body());
    assertEquals(1, server.storage.queue().depth());
    ingest("unit_default", "Idempotency-Key", "k-2");
    ingest("unit_default");
    ingest("unit_default");
    assertEquals(4, server.storage.queue().depth());
  }

  @Test
  void aKeyIsTheUnitsOwn() throws Exception {
    ingest("unit_default", "Idempotency-Key", "k-1");
    ingest("unit_b", "Idempotency-Key", "k-1");
    assertEquals(2, server.storage.queue().depth());
  }

  @Test
  void aKeyOfASingleIsKnownInABatchToo() throws Exception {
    ingest("unit_default", "Idempotency-Key", "k-1");
    String line =
        "{\"lead_id\":\"ld_1\",\"event_type\":\"Form Submit\",\"idempotency_key\":\"%s\"}\n";
    HttpResponse<String> answer =
        server.batch(
            (line.formatted("k-1") + line.formatted("k-2") + line.formatted("k-2"))
                .getBytes(StandardCharsets.UTF_8));
    assertEquals("{\"accepted\":3,\"rejected\":[]}", answer.body());
    server.score();
    assertTrue(server.get("/events").body().contains("\"total\":2,"));
  }

  @Test
  void aKeyHas1To255VisibleAsciiCharacters() throws Exception {
    for (String right : List.of("k", "!", "~", "k".repeat(255))) {
      assertEquals(202, ingest("unit_default", "Idempotency-Key", right).statusCode(), right);
    }
    for (String wrong : List.of("", "a b", "k".repeat(256))) {
      Refused.by(ingest("unit_default", "Idempotency-Key", wrong))
          .is(400, "invalid_field", "Idempotency-Key")
          .says("Idempotency-Key is not of 1 to 255 visible ASCII characters: " + wrong.length());
    }
    Refused.by(ingest("unit_default", "Idempotency-Key", "a", "Idempotency-Key", "a"))
        .is(400, "invalid_field", "Idempotency-Key")
        .says("Idempotency-Key is given twice");
  }

  @Test
  void aKeyInTheBodyOfASingleIsAnUnknownField() throws Exception {
    String keyed = EVENT.replace("}", ",\"idempotency_key\":7}");
    assertEquals(202, server.ingest(keyed).statusCode());
    assertEquals(202, server.ingest(keyed).statusCode());
    assertEquals(2, server.storage.queue().depth());
  }

  private HttpResponse<String> ingest(String unit, String... more) throws Exception {
    String[] headers = new String[4 + more.length];
    headers[0] = "Authorization";
    headers[1] = TestServer.DEV;
    headers[2] = "Cookie";
    headers[3] = server.cookie(TestServer.DEV, unit);
    System.arraycopy(more, 0, headers, 4, more.length);
    return server.send("POST", "/ingest", EVENT, headers);
  }
}
