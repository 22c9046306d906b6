package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.model.RawEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Requests that are cut off, lie or never come. After each of them nothing of it is queued, and the
 * next caller is served.
 */
class BrokenRequestsTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}";

  private final RecordingQueue queue = new RecordingQueue();
  private TestServer server;
  private String cookie;

  @BeforeEach
  void start() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.queue = queue;
    setup.limits =
        new HttpLimits(
            1 << 20,
            16 << 10,
            64,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ZERO);
    server = new TestServer(setup);
    cookie = server.cookie(TestServer.DEV, "unit_default");
  }

  @AfterEach
  void othersAreStillServed() throws Exception {
    int before = queue.events().size();
    assertEquals(202, server.ingest(EVENT).statusCode());
    assertEquals(before + 1, queue.events().size());
    for (RawEvent event : queue.events()) {
      assertEquals("Page View", event.eventType());
    }
    server.close();
  }

  @Test
  void aClientThatSaysNothingIsCutOff() throws Exception {
    try (RawConnection silent = new RawConnection(server.port())) {
      assertTrue(silent.isSilentUntilClosed());
    }
  }

  @Test
  void aRequestLineThatStopsIsCutOff() throws Exception {
    try (RawConnection slow = new RawConnection(server.port())) {
      assertTrue(slow.write("POST /ing").isSilentUntilClosed());
    }
  }

  @Test
  void aBodyThatStopsIsCutOff() throws Exception {
    try (RawConnection slow = new RawConnection(server.port())) {
      slow.write(head("Content-Length: " + EVENT.length())).write(EVENT.substring(0, 10));
      assertTrue(slow.isSilentUntilClosed());
    }
    assertEquals(0, queue.events().size());
  }

  @Test
  void callersWhoClaimAMegabyteAndSendAByteAreCutOff() throws Exception {
    List<RawConnection> liars = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      liars.add(new RawConnection(server.port()).write(head("Content-Length: 1048576")).write("{"));
    }
    assertEquals(202, server.ingest(EVENT).statusCode());
    for (RawConnection liar : liars) {
      assertTrue(liar.isSilentUntilClosed());
      liar.close();
    }
  }

  @Test
  void aBodyCutOffByTheCallerIsNotQueued() throws Exception {
    // All of a valid event, and then not the rest that was announced.
    try (RawConnection cut = new RawConnection(server.port())) {
      cut.write(head("Content-Length: " + (EVENT.length() + 5))).write(EVENT).endOutput();
      cut.isSilentUntilClosed();
    }
    assertEquals(0, queue.events().size());
  }

  @Test
  void aChunkedBodyCutOffIsNotQueued() throws Exception {
    try (RawConnection cut = new RawConnection(server.port())) {
      cut.write(head("Transfer-Encoding: chunked")).write(chunk(EVENT)).endOutput();
      cut.isSilentUntilClosed();
    }
    assertEquals(0, queue.events().size());
  }

  @Test
  void aContentLengthTooShortLeavesABodyThatIsNotJson() throws Exception {
    try (RawConnection liar = new RawConnection(server.port())) {
      liar.write(head("Content-Length: " + (EVENT.length() - 1))).write(EVENT);
      assertStatus(400, liar.readAnswer(), "invalid_json");
    }
    assertEquals(0, queue.events().size());
  }

  @Test
  void bytesBehindTheContentLengthAreNotTakenForThisBody() throws Exception {
    try (RawConnection liar = new RawConnection(server.port())) {
      liar.write(head("Content-Length: " + EVENT.length()))
          .write(EVENT + "{\"lead_id\":\"x\"}\r\n\r\n");
      assertStatus(202, liar.readAnswer(), "event queued");
      assertTrue(liar.readAnswer().startsWith("HTTP/1.1 400 "));
    }
    assertEquals(1, queue.events().size());
  }

  @Test
  void conflictingLengthsAreRefused() throws Exception {
    for (String headers :
        List.of(
            "Content-Length: 5\r\nContent-Length: 50",
            "Content-Length: 5, 50",
            "Content-Length: -1",
            "Content-Length: +5",
            "Content-Length: 0x10",
            "Content-Length: 99999999999999999999",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: xchunked")) {
      try (RawConnection smuggler = new RawConnection(server.port())) {
        smuggler.write(head(headers)).write("0\r\n\r\n" + EVENT);
        String answer = answerOrNothing(smuggler);
        assertTrue(
            answer.isEmpty() || answer.matches("(?s)HTTP/1.1 (400|501) .*"),
            headers + " gave " + answer);
      }
    }
    assertEquals(0, queue.events().size());
  }

  @Test
  void chunkedBodiesAreTaken() throws Exception {
    try (RawConnection chunked = new RawConnection(server.port())) {
      chunked.write(head("Transfer-Encoding: chunked"));
      chunked.write(chunk(EVENT.substring(0, 10)) + chunk(EVENT.substring(10)) + "0\r\n\r\n");
      assertStatus(202, chunked.readAnswer(), "event queued");
    }
  }

  @Test
  void aBodyThatComesByteByByteIsTaken() throws Exception {
    try (RawConnection slow = new RawConnection(server.port())) {
      slow.write(head("Content-Length: " + EVENT.length()));
      for (byte b : EVENT.getBytes(StandardCharsets.UTF_8)) {
        slow.write(new byte[] {b});
      }
      assertStatus(202, slow.readAnswer(), "event queued");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      many.append(head("Content-Length: " + EVENT.length())).append(EVENT);
    }
    try (RawConnection pipeline = new RawConnection(server.port())) {
      pipeline.write(many.toString());
      for (int i = 0; i < 50; i++) {
        assertStatus(202, pipeline.readAnswer(), "event queued");
      }
    }
    assertEquals(50, queue.events().size());
  }

  @Test
  void aBodyOf5MegabytesIsRefusedBeforeItIsRead() throws Exception {
    try (RawConnection big = new RawConnection(server.port())) {
      big.write(head("Content-Length: 5000000"));
      assertStatus(413, big.readAnswer(), "body_too_large");
    }
  }

  @Test
  void theAnswerToABigBodyReachesACallerWhoSendsAllOfIt() throws Exception {
    try (RawConnection big = new RawConnection(server.port())) {
      big.write(head("Content-Length: 5000000")).write(" ".repeat(5_000_000));
      assertStatus(413, big.readAnswer(), "body_too_large");
      big.write(head("Content-Length: " + EVENT.length())).write(EVENT);
      assertStatus(202, big.readAnswer(), "event queued");
    }
  }

  @Test
  void aChunkedBodyIsRefusedOnceItIsTooLong() throws Exception {
    String block = chunk(" ".repeat(65_536));
    try (RawConnection big = new RawConnection(server.port())) {
      big.write(head("Transfer-Encoding: chunked"));
      for (int i = 0; i < 17; i++) {
        big.write(block);
      }
      assertStatus(413, big.readAnswer(), "body_too_large");
    }
  }

  @Test
  void aCallerIsInvitedToSendABodyAndNotABigOne() throws Exception {
    try (RawConnection polite = new RawConnection(server.port())) {
      polite.write(head("Expect: 100-continue\r\nContent-Length: " + EVENT.length()));
      assertTrue(polite.readAnswer().startsWith("HTTP/1.1 100 Continue"));
      assertStatus(202, polite.write(EVENT).readAnswer(), "event queued");
    }
    try (RawConnection big = new RawConnection(server.port())) {
      big.write(head("Expect: 100-continue\r\nContent-Length: 5000000"));
      assertStatus(413, big.readAnswer(), "body_too_large");
    }
  }

  @Test
  void headersOverTheLimitEndTheConnection() throws Exception {
    try (RawConnection big = new RawConnection(server.port())) {
      big.write(head("X-Filler: " + "x".repeat(15_000) + "\r\nContent-Length: " + EVENT.length()));
      assertStatus(202, big.write(EVENT).readAnswer(), "event queued");
    }
    try (RawConnection big = new RawConnection(server.port())) {
      big.writeUntilRefused(
          head("X-Filler: " + "x".repeat(20_000)).getBytes(StandardCharsets.UTF_8), 1);
      String answer = answerOrNothing(big);
      assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
    }
  }

  @Test
  void connectionsOverTheLimitWaitUntilOthersEnd() throws Exception {
    List<RawConnection> idle = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      idle.add(new RawConnection(server.port()));
    }
    // The idle ones are cut off in time, and then it is this one's turn.
    assertEquals(200, server.send("GET", "/healthz", null).statusCode());
    for (RawConnection connection : idle) {
      connection.close();
    }
  }

  @Test
  void aCallerThatLeavesBeforeItsAnswerHarmsNobody() throws Exception {
    queue.mode(RecordingQueue.Mode.HOLD);
    try (RawConnection gone = new RawConnection(server.port())) {
      gone.write(head("Content-Length: " + EVENT.length())).write(EVENT);
      queue.awaitOffer();
    }
    queue.commit();
    queue.mode(RecordingQueue.Mode.STORE);
    assertEquals(1, queue.events().size());
  }

  private String head(String headers) {
    return "POST /ingest HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
        + TestServer.DEV
        + "\r\nCookie: "
        + cookie
        + "\r\n"
        + headers
        + "\r\n\r\n";
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static void assertStatus(int status, String answer, String word) {
    assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    assertTrue(answer.contains(word), answer);
  }

  private static String answerOrNothing(RawConnection connection) {
    try {
      return connection.readAnswer();
    } catch (java.io.IOException e) {
      return ""; // The connection was ended without a word.
    }
  }
}
