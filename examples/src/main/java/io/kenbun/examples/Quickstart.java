package io.kenbun.examples;

import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.FlushResult;
import io.kenbun.client.KenbunClient;
import io.kenbun.lite.KenbunLite;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * A server, a day of events and the reasons for each score, in one process.
 *
 * <p>Stays up until Ctrl-C, or ends at once with {@code --once}. Its data go to a temporary folder
 * that is deleted at the end.
 */
public final class Quickstart {
  private static final int USUAL_PORT = 8080;

  private static final String NEXT =
      """
      Where to look next: URL/ in a browser shows events, leads and rules.
      Or call it. Choose the unit first; its cookie goes into the file "jar":
        curl -u dev:dev -c jar URL/org-units/active \\
          -H 'Content-Type: application/json' -d '{"ouId":"unit_default"}'
      The leads by score, and an event of yours:
        curl -u dev:dev -b jar 'URL/leads?sort=score'
        curl -u dev:dev -b jar URL/ingest -H 'Content-Type: application/json' \\
          -d '{"alias_kind":"email","alias":"me@example.com","event_type":"Demo Request"}'
      The program behind this, a replay of your own CSV file, and all else: README.md
      """;

  // What the server is built on tells of itself. Held: a logger that nobody holds forgets its
  // level.
  private static final List<Logger> QUIET =
      List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"));

  private Quickstart() {}

  /** Runs the quickstart. */
  public static void main(String[] args) throws IOException, InterruptedException {
    boolean once = List.of(args).contains("--once");
    QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    Path data = Files.createTempDirectory("kenbun-quickstart-");
    KenbunLite server = start(data, System.out);
    Thread stop = new Thread(() -> stop(server, data), "quickstart-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    show(server.url(), System.out);
    if (!once) {
      System.out.println("The server stays up: Ctrl-C ends it and deletes its data.");
      new CountDownLatch(1).await();
    }
    Runtime.getRuntime().removeShutdownHook(stop);
    stop(server, data);
  }

  private static KenbunLite start(Path data, PrintStream out) throws IOException {
    int port = USUAL_PORT;
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    } catch (BindException taken) {
      out.println("Port " + USUAL_PORT + " is taken: any free one will do.");
      port = 0;
    }
    KenbunLite server = KenbunLite.builder().port(port).data(data).start();
    out.println("Lite server on " + server.url() + ", SQLite in " + data);
    return server;
  }

  /** Sends a day of events to the server at {@code url} and prints what it makes of them. */
  static void show(URI url, PrintStream out) throws IOException, InterruptedException {
    SampleDay day = new SampleDay(Instant.now());
    KenbunClient client =
        KenbunClient.builder()
            .baseUrl(url.toString())
            .credentials(Credentials.basic("dev", "dev"))
            .orgUnit("unit_default")
            .build();
    for (Event event : day.events()) {
      client.track(event);
    }
    FlushResult result = client.flush(10, TimeUnit.SECONDS);
    client.close();
    out.println("Sent " + day.events().size() + " events: " + result);

    KenbunReader reader = new KenbunReader(url, "dev", "dev", "unit_default");
    reader.drain(Duration.ofSeconds(10));
    out.println();
    new ScoreTable(reader, day.people()).print(out);
    out.println();
    out.println(NEXT.replace("URL", url.toString()));
  }

  private static void stop(KenbunLite server, Path data) {
    server.close();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("Not deleted: " + data + ": " + e.getMessage());
    }
  }
}
