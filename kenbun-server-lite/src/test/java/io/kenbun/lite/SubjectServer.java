package io.kenbun.lite;

import io.kenbun.lite.http.HttpConfig;
import io.kenbun.lite.http.HttpServer;
import io.kenbun.lite.http.HttpServices;
import io.kenbun.lite.http.ServerFacts;
import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.http.call.Metrics;
import io.kenbun.lite.http.ingest.IngestLimits;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.stream.LiveStream;
import io.kenbun.lite.http.triggers.DeliveryApi;
import io.kenbun.lite.http.triggers.WebhookServices;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.pipeline.Progress;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.store.DiskUse;
import io.kenbun.lite.store.sqlite.Durability;
import io.kenbun.lite.store.sqlite.SqliteStorage;
import io.kenbun.lite.webhook.AddressGuard;
import io.undertow.Undertow;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import javax.crypto.spec.SecretKeySpec;
import org.xnio.Options;

/**
 * What the ingest benchmark compares, each in a process of its own.
 *
 * <pre>
 *   empty DIR             reads the body, answers 202: the ceiling
 *   one-commit DIR        reads the body, one fsynced SQLite commit for each request, answers 202: the plain way
 *   ingest full|normal DIR   our ingest, without scoring
 * </pre>
 */
public final class SubjectServer {
  private static final byte[] ANSWER =
      "{\"message\":\"event queued\",\"event_id\":\"evt_0000000000001\"}"
          .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private SubjectServer() {}

  public static void main(String[] args) throws Exception {
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
    Path data = Path.of(args[args.length - 1]);
    int port =
        switch (args[0]) {
          case "empty" -> undertow(() -> {});
          case "one-commit" -> oneCommit(data);
          case "ingest" -> ingest(data, Durability.valueOf(args[1]));
          default -> throw new IllegalArgumentException(args[0]);
        };
    System.out.println("Listening on http://127.0.0.1:" + port);
    new CountDownLatch(1).await();
  }

  private interface Work {
    void run() throws Exception;
  }

  private static int undertow(Work work) {
    Undertow server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setIoThreads(2)
            .setSocketOption(Options.TCP_NODELAY, true)
            .setHandler(
                exchange ->
                    exchange
                        .getRequestReceiver()
                        .receiveFullBytes(
                            (receiving, body) -> {
                              try {
                                work.run();
                              } catch (Exception e) {
                                throw new IllegalStateException(e);
                              }
                              receiving.setStatusCode(202);
                              receiving.getResponseSender().send(java.nio.ByteBuffer.wrap(ANSWER));
                            }))
            .build();
    server.start();
    return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
  }

  private static int oneCommit(Path data) throws Exception {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("plain.db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("CREATE TABLE outbox (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    }
    PreparedStatement insert = connection.prepareStatement("INSERT INTO outbox (body) VALUES (?)");
    byte[] body = new byte[200];
    return undertow(
        () -> {
          synchronized (insert) {
            insert.setBytes(1, body);
            insert.executeUpdate();
          }
        });
  }

  private static int ingest(Path data, Durability durability) throws Exception {
    InstantSource clock = InstantSource.system();
    SqliteStorage storage =
        new SqliteStorage(data, durability, 100_000_000, clock, () -> "ld_unused");
    storage.configuration().apply(ConfigFile.template("starter").setups(), clock.millis());
    Rules rules = new Rules();
    rules.replace(storage.configuration().load());
    Metrics metrics = new Metrics();
    storage.listen(metrics);
    HttpServer http =
        new HttpServer(
            new HttpConfig(
                "127.0.0.1",
                0,
                List.of(Credential.of("dev", "dev", "dev", Set.of())),
                null,
                List.of(),
                HttpLimits.DEFAULT,
                IngestLimits.DEFAULT,
                "benchmark"),
            new HttpServices(
                storage.queue(),
                rules,
                new Progress(0),
                null,
                storage.reads(),
                storage.configuration(),
                storage.accounts(),
                storage.failedEvents(),
                storage.shares(),
                storage.watches(),
                new LeadChanges(storage, rules, Json::readMetadata),
                new WebhookServices(
                    storage.channels(),
                    storage.deliveries(),
                    storage.notificationPrefs(),
                    new AddressGuard(false),
                    null),
                new LiveStream(clock, clock, storage.reads().deliveries(), DeliveryApi::write),
                metrics,
                new SecretKeySpec(new byte[32], "HmacSHA256"),
                clock,
                null,
                null,
                null,
                storage::canWrite,
                () -> new ServerFacts("sqlite", data.toString(), new DiskUse(Map.of(), -1), 0)));
    storage.start();
    http.start();
    return http.port();
  }
}
