package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests whose end two readers could see in different places, requests that end too early, and
 * requests in numbers: none of them makes an event that nobody sent, and others are served.
 */
class SmugglingTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Form Submit\"}";
  private static final String HIDDEN = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

  private final RecordingQueue queue = new RecordingQueue();
  private TestServer server;
  private String head;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.over(queue);
    head =
        "POST /ingest HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
            + TestServer.DEV
            + "\r\nCookie: "
            + server.cookie(TestServer.DEV, "unit_default")
            + "\r\n";
  }

  @AfterEach
  void close() {
    server.close();
  }

  /**
   * Each is followed by a body for one reading and a request hidden in it for the other. At most
   * one answer may come, and it must be a refusal.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 0\r\nContent-Length: 44\r\n",
        "Content-Length: 44\r\nContent-Length: 0\r\n",
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
        "Content-Length: 0, 44\r\n",
        "Content-Length: +0\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x10\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Content-Length : 0\r\n",
        "X: y\r\n Transfer-Encoding: chunked\r\n",
        " Content-Length: 0\r\n",
        "Content-Length: 0\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\nContent-Length: 0\r\n",
        "X: y\rTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: \u000bchunked\r\n"
      })
  void aRequestOfTwoLengthsIsRefused(String lengths) throws Exception {
    try (RawConnection connection = new RawConnection(server.port())) {
      connection.write(head + lengths + "\r\n" + "0\r\n\r\n" + HIDDEN).endOutput();
      String answers;
      try {
        answers = connection.readAll();
      } catch (IOException e) {
        answers = ""; // Reset: refused without a word.
      }
      assertTrue(
          answers.isEmpty() || answers.startsWith("HTTP/1.1 4"), lengths + " got " + answers);
      assertEquals(answers.indexOf("HTTP/1.1"), answers.lastIndexOf("HTTP/1.1"), answers);
    }
    assertEquals(List.of(), queue.events());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-30", "0x30", "x", "", "FFFFFFFFFFFFFFFFF", "3 0", "+30"})
  void aChunkOfNoLengthIsRefused(String size) throws Exception {
    try (RawConnection connection = new RawConnection(server.port())) {
      connection
          .write(head + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n" + EVENT)
          .write("\r\n0\r\n\r\n" + HIDDEN)
          .endOutput();
      assertTrue(connection.isRefused(), size);
    }
    assertEquals(List.of(), queue.events());
  }

  @Test
  void aRequestCutAtAnyByteQueuesNothing() throws Exception {
    String whole = head + "Content-Length: " + EVENT.length() + "\r\n\r\n" + EVENT;
    for (int length = 0; length < whole.length(); length++) {
      try (RawConnection connection = new RawConnection(server.port())) {
        connection.write(whole.substring(0, length)).endOutput();
        assertTrue(connection.isRefused(), "cut at " + length);
      }
    }
    assertEquals(List.of(), queue.events());
    assertEquals(202, server.ingest(EVENT).statusCode());
  }

  @Test
  void aBatchCutAtAnyByteQueuesNothing() throws Exception {
    String body = EVENT + "\n" + EVENT + "\n";
    String batch =
        head.replace("/ingest ", "/ingest/batch ")
            + "Content-Type: application/x-ndjson\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    for (int length = 0; length < body.length(); length++) {
      try (RawConnection connection = new RawConnection(server.port())) {
        connection.write(batch + body.substring(0, length)).endOutput();
        assertTrue(connection.isRefused(), "cut at " + length);
      }
    }
    assertEquals(List.of(), queue.events());
  }

  @Test
  void aRequestInSinglesBytesIsTaken() throws Exception {
    String whole = head + "Content-Length: " + EVENT.length() + "\r\n\r\n" + EVENT;
    try (RawConnection connection = new RawConnection(server.port())) {
      for (byte one : whole.getBytes(StandardCharsets.UTF_8)) {
        connection.write(new byte[] {one});
      }
      assertTrue(connection.readAnswer().startsWith("HTTP/1.1 202 "));
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      String event = EVENT.replace("ld_1", i % 10 == 3 ? "" : "ld_" + i);
      requests.append(head).append("Content-Length: ").append(event.length());
      requests.append("\r\n\r\n").append(event);
    }
    try (RawConnection connection = new RawConnection(server.port())) {
      connection.write(requests.toString());
      for (int i = 0; i < 50; i++) {
        String status = i % 10 == 3 ? "HTTP/1.1 400 " : "HTTP/1.1 202 ";
        assertTrue(connection.readAnswer().startsWith(status), "answer " + i);
      }
    }
    List<String> leads = queue.events().stream().map(event -> event.leadId()).toList();
    assertEquals(45, leads.size());
    assertEquals("ld_49", leads.get(44));
  }

  @Test
  void aBatchInChunksIsTaken() throws Exception {
    String batch =
        head.replace("/ingest ", "/ingest/batch ")
            + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
    try (RawConnection connection = new RawConnection(server.port())) {
      connection.write(batch);
      for (byte one : (EVENT + "\n" + EVENT).getBytes(StandardCharsets.UTF_8)) {
        connection.write("1\r\n" + (char) one + "\r\n");
      }
      connection.write("0\r\n\r\n");
      assertTrue(connection.readAnswer().endsWith("{\"accepted\":2,\"rejected\":[]}"));
    }
  }

  @Test
  void thousandsOfIdleConnectionsHoldUpNobody() throws Exception {
    // Each takes two of the descriptors that one process may have: this end and the server's.
    int count = Math.min(10_000, (maxDescriptors() - 500) / 2);
    List<RawConnection> idle = new ArrayList<>();
    try {
      byte[] half = Arrays.copyOf(head.getBytes(StandardCharsets.UTF_8), 40);
      for (int i = 0; i < count; i++) {
        RawConnection connection = new RawConnection(server.port());
        idle.add(connection);
        if (i % 2 == 0) {
          connection.write(half); // Half a request, half of them.
        }
      }
      for (int i = 0; i < 100; i++) {
        assertEquals(202, server.ingest(EVENT).statusCode());
      }
      assertEquals(200, server.send("GET", "/healthz", null).statusCode());
    } finally {
      for (RawConnection connection : idle) {
        connection.close();
      }
    }
    assertEquals(100, queue.events().size());
  }

  private static int maxDescriptors() {
    return java.lang.management.ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.UnixOperatingSystemMXBean unix
        ? (int) Math.min(Integer.MAX_VALUE, unix.getMaxFileDescriptorCount())
        : 1_000;
  }
}
