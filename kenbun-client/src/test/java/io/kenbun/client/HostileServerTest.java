package io.kenbun.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that no well-behaved server gives, byte by byte over plain sockets, to the first request
 * with an event; every other connection is passed on to a kenbun that is well. The event has to
 * arrive there, once, and soon.
 */
final class HostileServerTest {
  private final RecordingListener listener = new RecordingListener();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<String> closed = new CopyOnWriteArrayList<>();
  private KenbunServer kenbun;
  private ServerSocket door;
  private Answer hostile;

  /** What the first connection that carries an event gets instead of an answer. */
  private interface Answer {
    void to(Socket socket) throws IOException, InterruptedException;
  }

  @BeforeEach
  void start() throws Exception {
    kenbun = new KenbunServer();
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws Exception {
    ended.countDown();
    door.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    kenbun.close();
  }

  private void run(IoTask task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException | InterruptedException e) {
                closed.add(String.valueOf(e)); // The client has left, or the test is over.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private interface IoTask {
    void run() throws IOException, InterruptedException;
  }

  /** Passes connections on, one request each, but answers the first event by itself. */
  private void open() {
    run(
        () -> {
          boolean done = false;
          while (true) {
            Socket client = door.accept();
            sockets.add(client);
            byte[] head = head(client.getInputStream());
            boolean event = new String(head, ISO_8859_1).startsWith("POST /ingest");
            if (event && !done) {
              done = true;
              run(() -> hostile.to(client));
            } else {
              run(() -> passOn(client, head));
            }
          }
        });
  }

  private static byte[] head(InputStream in) throws IOException {
    java.io.ByteArrayOutputStream head = new java.io.ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the client has left");
      }
      head.write(next);
    }
    return head.toByteArray();
  }

  private void passOn(Socket client, byte[] head) throws IOException {
    Socket server = new Socket(InetAddress.getLoopbackAddress(), kenbun.server.getPort());
    sockets.add(server);
    String closing =
        new String(head, ISO_8859_1).replace("Connection: Keep-Alive", "Connection: close");
    server.getOutputStream().write(closing.getBytes(ISO_8859_1));
    run(() -> client.getInputStream().transferTo(server.getOutputStream()));
    // MockWebServer keeps the connection open: the end of its answer is told by what it said.
    InputStream in = server.getInputStream();
    byte[] answer = head(in);
    String text = new String(answer, ISO_8859_1);
    int at = text.indexOf("Content-Length: ");
    int length = Integer.parseInt(text.substring(at + 16, text.indexOf("\r\n", at)));
    OutputStream out = client.getOutputStream();
    out.write(text.replaceFirst("\r\n", "\r\nConnection: close\r\n").getBytes(ISO_8859_1));
    out.write(in.readNBytes(length));
    client.close();
  }

  private void arrives() throws Exception {
    open();
    long from = System.nanoTime();
    try (KenbunClient client =
        kenbun
            .client()
            .baseUrl("http://127.0.0.1:" + door.getLocalPort())
            .listener(listener)
            .linger(0, TimeUnit.MILLISECONDS)
            .retryPolicy(
                RetryPolicy.builder().firstPause(1, TimeUnit.MILLISECONDS).jitter(0).build())
            .httpClient(
                new OkHttpClient.Builder()
                    .readTimeout(300, TimeUnit.MILLISECONDS)
                    .callTimeout(600, TimeUnit.MILLISECONDS)
                    .retryOnConnectionFailure(false)
                    .build())
            .build()) {
      assertTrue(client.track(Event.builder("T").leadId("a").build()));
      FlushResult result = client.flush(10, TimeUnit.SECONDS);
      assertEquals(1, result.delivered(), () -> client.stats() + " " + listener.told);
      assertEquals(0, client.stats().dropped());
      assertTrue(client.stats().retried() >= 1, listener.told::toString);
    }
    assertEquals(1, kenbun.events.size());
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
    assertTrue(millis < 5000, "took " + millis + " ms, and the time-out is 600");
  }

  private void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** A byte each 50 ms, until the test ends: no read takes as long as a read may. */
  private void drip(Socket socket, String text) throws IOException, InterruptedException {
    socket.setTcpNoDelay(true);
    for (int i = 0; !ended.await(50, TimeUnit.MILLISECONDS); i++) {
      write(socket, text.substring(i % text.length(), i % text.length() + 1));
    }
  }

  @Test
  void theStatusLineDrips() throws Exception {
    hostile = socket -> drip(socket, "HTTP/1.1 202 Accepted and so on and on and on");
    arrives();
    assertTrue(listener.told.get(0).contains("timeout"), listener.told::toString);
  }

  @Test
  void theHeadersDripWithoutEnd() throws Exception {
    hostile =
        socket -> {
          write(socket, "HTTP/1.1 202 Accepted\r\n");
          drip(socket, "X: y\r\n");
        };
    arrives();
    assertTrue(listener.told.get(0).contains("timeout"), listener.told::toString);
  }

  @Test
  void theBodyOfAnErrorDrips() throws Exception {
    hostile =
        socket -> {
          write(socket, "HTTP/1.1 503 No\r\nContent-Length: 10000\r\n\r\n");
          drip(socket, "sorry ");
        };
    arrives();
  }

  @Test
  void theHeadersHaveNoEnd() throws Exception {
    hostile =
        socket -> {
          write(socket, "HTTP/1.1 202 Accepted\r\n");
          String line = "X: " + "y".repeat(1000) + "\r\n";
          while (ended.getCount() > 0) {
            write(socket, line);
          }
        };
    arrives();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NONSENSE\r\n\r\n",
        "HTTP/1.1 abc Accepted\r\n\r\n",
        "HTTP/3.7 202 Accepted\r\n\r\n",
        "HTTP/1.1 202",
        "",
        "\r\n\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 503 No\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 503 No\r\nContent-Length: 50\r\n\r\nshort",
        "HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 503 No\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain"
      })
  void theAnswerIsNoHttp(String answer) throws Exception {
    hostile =
        socket -> {
          write(socket, answer);
          socket.close();
        };
    arrives();
  }

  @Test
  void theAnswerIsABomb() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 1_024; i++) { // A gibibyte, of which a test has less.
        out.write(zeros);
      }
    }
    hostile =
        socket -> {
          write(
              socket,
              "HTTP/1.1 503 No\r\nContent-Encoding: gzip\r\nContent-Length: "
                  + packed.size()
                  + "\r\n\r\n");
          socket.getOutputStream().write(packed.toByteArray());
          socket.close();
        };
    arrives();
  }

  @Test
  void theConnectionIsReset() throws Exception {
    hostile =
        socket -> {
          socket.setSoLinger(true, 0);
          socket.close();
        };
    arrives();
  }

  @Test
  void theConnectionIsResetWithinTheBody() throws Exception {
    hostile =
        socket -> {
          write(socket, "HTTP/1.1 503 No\r\nContent-Length: 10000\r\n\r\nsorry");
          socket.setSoLinger(true, 0);
          socket.close();
        };
    arrives();
  }
}
