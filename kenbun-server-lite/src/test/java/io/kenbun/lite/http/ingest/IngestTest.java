package io.kenbun.lite.http.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.RawConnection;
import io.kenbun.lite.http.RecordingQueue;
import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.pipeline.Queue;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngestTest {
  private static final String EVENT =
      "{\"alias_kind\":\"email\",\"alias\":\"user@example.com\",\"event_type\":\"Page View\"}";

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
  void anEventIsQueuedAndNamed() throws Exception {
    HttpResponse<String> answer = server.ingest(EVENT);
    assertEquals(202, answer.statusCode());
    assertEquals(
        "{\"message\":\"event queued\",\"event_id\":\"evt_0000000000001\"}", answer.body());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    assertEquals(1, queue.events().size());
    assertEquals("Page View", queue.events().get(0).eventType());
  }

  @Test
  void the202ComesOnlyAfterTheCommit() throws Exception {
    queue.mode(RecordingQueue.Mode.HOLD);
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    CompletableFuture<HttpResponse<String>> answer =
        server.sendLater(
            "POST", "/ingest", EVENT, "Authorization", TestServer.DEV, "Cookie", cookie);
    queue.awaitOffer();
    // The server is not held up, and it has not answered: this one overtakes it.
    assertEquals(200, server.send("GET", "/healthz", null).statusCode());
    assertFalse(answer.isDone());
    queue.commit();
    assertEquals(202, answer.get().statusCode());
  }

  @Test
  void aRequestThatIsSentTooEarlyIsAnsweredAfterTheOneBefore() throws Exception {
    queue.mode(RecordingQueue.Mode.HOLD);
    String head = head();
    String request = head + "Content-Length: " + EVENT.length() + "\r\n\r\n" + EVENT;
    try (RawConnection connection = new RawConnection(server.port())) {
      connection.write(request);
      queue.awaitOffer();
      connection.write(request); // A packet of its own, while the first is awaited.
      assertTrue(connection.isSilentFor(100));
      queue.commit();
      assertTrue(connection.readAnswer().contains("evt_0000000000001"));
      queue.awaitOffer();
      connection.write(request.substring(0, request.length() - 5));
      queue.commit();
      assertTrue(connection.readAnswer().contains("evt_0000000000002"));
      connection.write(request.substring(request.length() - 5));
      queue.awaitOffer();
      queue.commit();
      assertTrue(connection.readAnswer().contains("evt_0000000000003"));
    }
    assertEquals(3, queue.appends());
  }

  @Test
  void aCallerWhoLeavesBeforeTheAnswerHoldsUpNobody() throws Exception {
    queue.mode(RecordingQueue.Mode.HOLD);
    try (RawConnection connection = new RawConnection(server.port())) {
      connection.write(head() + "Content-Length: " + EVENT.length() + "\r\n\r\n" + EVENT);
      queue.awaitOffer();
    }
    assertEquals(200, server.send("GET", "/healthz", null).statusCode());
    queue.commit();
    queue.mode(RecordingQueue.Mode.STORE);
    assertEquals(202, server.ingest(EVENT).statusCode());
  }

  private String head() throws Exception {
    return "POST /ingest HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
        + TestServer.DEV
        + "\r\nCookie: "
        + server.cookie(TestServer.DEV, "unit_default")
        + "\r\n";
  }

  @Test
  void aFullQueueGives503AndWhenToSendAgain() throws Exception {
    queue.refuse(Queue.Refusal.FULL);
    Refused.by(server.ingest(EVENT)).is(503, "overloaded", null).header("Retry-After", "1");
  }

  @Test
  void aClosedQueueGives503() throws Exception {
    queue.refuse(Queue.Refusal.CLOSED);
    Refused.by(server.ingest(EVENT)).is(503, "shutting_down", null).header("Retry-After", "1");
  }

  @Test
  void aFailedCommitGives503() throws Exception {
    queue.mode(RecordingQueue.Mode.FAIL);
    Refused.by(server.ingest(EVENT))
        .is(503, "storage_unavailable", null)
        .header("Retry-After", "1");
  }
}
