package io.kenbun.lite.http.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.RecordingQueue;
import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Queue;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code POST /ingest/batch}: each line on its own, all of them in bounds. */
class BatchTest {
  private static final int MAX_BYTES = 4 << 20;

  private final RecordingQueue queue = new RecordingQueue();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.over(queue);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void goodLinesAreTakenAndBadOnesToldByNumber() throws Exception {
    String body =
        event("a")
            + "\n{\"lead_id\":\"ld_1\"}\n"
            + event("b")
            + "\nno json\n{\"event_type\":\"x\"}\n[]\n"
            + event("c")
            + "\n";
    assertAnswer(
        "{\"accepted\":3,\"rejected\":["
            + "{\"line\":2,\"status\":400,\"code\":\"missing_field\",\"error\":\"event_type is required\",\"field\":\"event_type\"},"
            + "{\"line\":4,\"status\":400,\"code\":\"invalid_json\",\"error\":\"body is not JSON near byte 0\"},"
            + "{\"line\":5,\"status\":400,\"code\":\"missing_identity\",\"error\":\"lead_id, or alias_kind and alias, or aliases is required\"},"
            + "{\"line\":6,\"status\":400,\"code\":\"invalid_json\",\"error\":\"body must be a JSON object: an array\"}]}",
        server.batch(bytes(body)));
    assertEquals(List.of("a", "b", "c"), leads());
    assertEquals(1, queue.appends());
  }

  @Test
  void allLinesRefusedIsStill202AndQueuesNothing() throws Exception {
    assertAnswer(
        "{\"accepted\":0,\"rejected\":[{\"line\":1,\"status\":400,\"code\":\"missing_field\","
            + "\"error\":\"event_type is required\",\"field\":\"event_type\"}]}",
        server.batch(bytes("{}")));
    assertEquals(0, queue.appends());
  }

  @Test
  void linesMayEndInCrLfAndTheLastInNothing() throws Exception {
    assertAnswer(
        accepted(3), server.batch(bytes(event("a") + "\r\n" + event("b") + "\n" + event("c"))));
    assertEquals(List.of("a", "b", "c"), leads());
  }

  @Test
  void blankLinesCountForNothingButKeepTheNumbering() throws Exception {
    HttpResponse<String> answer = server.batch(bytes("\n \t\r\n" + event("a") + "\n\n{}\n\n"));
    assertEquals(202, answer.statusCode());
    assertTrue(
        answer.body().startsWith("{\"accepted\":1,\"rejected\":[{\"line\":5,"), answer.body());
  }

  @Test
  void aBodyWithoutLinesIsRefused() throws Exception {
    for (String body : List.of("", "\n\n \r\n")) {
      Refused.by(server.batch(bytes(body))).is(400, "invalid_json", null).says("body has no lines");
    }
  }

  @Test
  void linesCarryIdempotencyKeys() throws Exception {
    String keyed = "{\"lead_id\":\"a\",\"event_type\":\"x\",\"idempotency_key\":\"k1\"}";
    String nulled = "{\"lead_id\":\"b\",\"event_type\":\"x\",\"idempotency_key\":null}";
    assertAnswer(accepted(3), server.batch(bytes(keyed + "\n" + nulled + "\n" + event("c"))));
    assertEquals(List.of("k1", "", ""), queue.keys());
  }

  @Test
  void aWrongKeyRefusesItsLine() throws Exception {
    String longest = "k".repeat(255);
    String line = "{\"lead_id\":\"a\",\"event_type\":\"x\",\"idempotency_key\":%s}\n";
    HttpResponse<String> answer =
        server.batch(
            bytes(
                line.formatted("\"" + longest + "\"")
                    + line.formatted("\"" + longest + "k\"")
                    + line.formatted("\"\"")
                    + line.formatted("\"a b\"")
                    + line.formatted("\"\u00e9\"")
                    + line.formatted("7")));
    assertEquals(202, answer.statusCode());
    assertEquals(List.of(longest), queue.keys());
    assertTrue(
        answer
            .body()
            .contains(
                "{\"line\":2,\"status\":400,\"code\":\"invalid_field\",\"error\":\"idempotency_key is not of 1 to 255"
                    + " visible ASCII characters: 256\",\"field\":\"idempotency_key\"}"),
        answer.body());
    assertTrue(answer.body().contains("idempotency_key is not a string: a number"), answer.body());
  }

  @Test
  void aKeyForTheWholeBatchIsRefused() throws Exception {
    Refused.by(server.batch(bytes(event("a")), "Idempotency-Key", "k"))
        .is(400, "invalid_field", "Idempotency-Key");
  }

  @Test
  void aThousandLinesAreTakenAndNotOneMore() throws Exception {
    assertAnswer(accepted(1_000), server.batch(bytes((event("a") + "\n").repeat(1_000) + "\n")));
    Refused.by(server.batch(bytes((event("a") + "\n").repeat(1_001))))
        .is(413, "body_too_large", null)
        .says("body has more than 1000 lines");
    assertEquals(1_000, queue.events().size());
  }

  @Test
  void fourMegabytesAreTakenAndNotAByteMore() throws Exception {
    byte[] body = filled(MAX_BYTES);
    assertAnswer(accepted(5), server.batch(body));
    assertAnswer(accepted(5), server.batch(gzip(body), "Content-Encoding", "gzip"));
    byte[] longer = filled(MAX_BYTES + 1);
    Refused.by(server.batch(longer)).is(413, "body_too_large", null);
    Refused.by(server.batch(gzip(longer), "Content-Encoding", "gzip"))
        .is(413, "body_too_large", null)
        .says("body takes more than 4194304 bytes");
    assertEquals(10, queue.events().size());
  }

  @Test
  void aLineMayBeAsLongAsASingleEventAndNotAByteLonger() throws Exception {
    int max = HttpLimits.DEFAULT.maxBodyBytes();
    byte[] right = new byte[max + 1];
    Arrays.fill(right, (byte) ' ');
    System.arraycopy(bytes(event("a")), 0, right, 0, event("a").length());
    right[max] = '\n';
    assertAnswer(accepted(1), server.batch(right));
    byte[] longer = Arrays.copyOf(right, max + 2);
    longer[max] = ' ';
    longer[max + 1] = '\n';
    assertAnswer(
        "{\"accepted\":0,\"rejected\":[{\"line\":1,\"status\":413,\"code\":\"body_too_large\","
            + "\"error\":\"body takes more than 1048576 bytes\"}]}",
        server.batch(longer));
  }

  @Test
  void gzipIsUnderstood() throws Exception {
    byte[] a = gzip(bytes(event("a") + "\n"));
    byte[] b = gzip(bytes(event("b")));
    assertAnswer(accepted(1), server.batch(a, "Content-Encoding", "gzip"));
    // Members one after another are one body (RFC 1952, 2.2).
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    assertAnswer(accepted(2), server.batch(both, "Content-Encoding", "GZIP"));
    assertEquals(List.of("a", "a", "b"), leads());
  }

  @Test
  void aBodyThatIsNotGzipIsUnreadable() throws Exception {
    byte[] right = gzip(bytes(event("a")));
    assertUnreadable(bytes(event("a")), "no gzip header");
    for (int length = 0; length < right.length; length++) {
      HttpResponse<String> answer =
          server.batch(Arrays.copyOf(right, length), "Content-Encoding", "gzip");
      Refused.by(answer).is(400, "invalid_json", null);
    }
    byte[] wrongSum = right.clone();
    wrongSum[right.length - 8] ^= 1;
    assertUnreadable(wrongSum, "wrong checksum");
    byte[] wrongLength = right.clone();
    wrongLength[right.length - 1] ^= 1;
    assertUnreadable(wrongLength, "wrong length");
    assertUnreadable(Arrays.copyOf(right, right.length + 1), "no gzip header");
    assertEquals(0, queue.appends());
  }

  @Test
  void aBombIsStoppedAtTheLimit() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 512; i++) {
        out.write(zeros);
      }
    }
    assertTrue(packed.size() < 1 << 20, "512 MiB in " + packed.size());
    Refused.by(server.batch(packed.toByteArray(), "Content-Encoding", "gzip"))
        .is(413, "body_too_large", null);
  }

  @Test
  void mediaTypesOtherThanNdjsonAreRefused() throws Exception {
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    for (String type :
        List.of("application/json", "text/plain", "application/x-ndjson; charset=x")) {
      Refused.by(
              server.send(
                  "POST",
                  "/ingest/batch",
                  event("a"),
                  "Authorization",
                  TestServer.DEV,
                  "Cookie",
                  cookie,
                  "Content-Type",
                  type))
          .is(415, "unsupported_media_type", null);
    }
    Refused.by(server.batch(bytes(event("a")), "Content-Encoding", "br"))
        .is(415, "unsupported_media_type", null);
  }

  @Test
  void aFullQueueOrAFailedCommitAcceptsNoLine() throws Exception {
    queue.refuse(Queue.Refusal.FULL);
    Refused.by(server.batch(bytes(event("a"))))
        .is(503, "overloaded", null)
        .header("Retry-After", "1");
    queue.refuse(null);
    queue.mode(RecordingQueue.Mode.FAIL);
    Refused.by(server.batch(bytes(event("a")))).is(503, "storage_unavailable", null);
  }

  @Test
  void everyAnswerSaysWhatTheServerCanDo() throws Exception {
    for (HttpResponse<String> answer :
        List.of(
            server.batch(bytes(event("a"))),
            server.get("/nowhere"),
            server.send("GET", "/healthz", null),
            server.send("POST", "/ingest", "{}"))) {
      assertEquals(
          List.of("ingest-batch, idempotency-key"),
          answer.headers().allValues("Kenbun-Capabilities"));
    }
  }

  @Test
  void anEventMayNestAsDeepAsTheLimitAndNotDeeper() throws Exception {
    String line = "{\"lead_id\":\"a\",\"event_type\":\"x\",\"metadata\":{\"a\":%s%s}}\n";
    HttpResponse<String> answer =
        server.batch(
            bytes(
                line.formatted("[".repeat(98), "]".repeat(98))
                    + line.formatted("[".repeat(99), "]".repeat(99))));
    assertEquals(202, answer.statusCode());
    assertTrue(
        answer.body().startsWith("{\"accepted\":1,\"rejected\":[{\"line\":2,\"status\":400,"),
        answer.body());
    assertFalse(queue.events().isEmpty());
  }

  private void assertUnreadable(byte[] body, String why) throws Exception {
    Refused.by(server.batch(body, "Content-Encoding", "gzip"))
        .is(400, "invalid_json", null)
        .says("body is not gzip: " + why);
  }

  private List<String> leads() {
    return queue.events().stream().map(RawEvent::leadId).toList();
  }

  private static void assertAnswer(String body, HttpResponse<String> answer) {
    assertEquals(body, answer.body());
    assertEquals(202, answer.statusCode());
  }

  private static String accepted(int count) {
    return "{\"accepted\":" + count + ",\"rejected\":[]}";
  }

  private static String event(String lead) {
    return "{\"lead_id\":\"" + lead + "\",\"event_type\":\"Page View\"}";
  }

  /** Returns five events in {@code length} bytes. */
  private static byte[] filled(int length) {
    byte[] body = new byte[length];
    Arrays.fill(body, (byte) ' ');
    byte[] event = bytes(event("a"));
    for (int i = 0; i < 5; i++) {
      System.arraycopy(event, 0, body, i * (length / 5), event.length);
      if (i > 0) {
        body[i * (length / 5) - 1] = '\n';
      }
    }
    return body;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] body) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(body);
    }
    return packed.toByteArray();
  }
}
