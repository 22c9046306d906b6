package io.kenbun.lite;

import io.kenbun.lite.http.HttpConfig;
import io.kenbun.lite.http.HttpServer;
import io.kenbun.lite.http.HttpServices;
import io.kenbun.lite.http.ServerFacts;
import io.kenbun.lite.http.call.Metrics;
import io.kenbun.lite.http.stream.LiveStream;
import io.kenbun.lite.http.triggers.DeliveryApi;
import io.kenbun.lite.http.triggers.WebhookServices;
import io.kenbun.lite.pipeline.Chaos;
import io.kenbun.lite.pipeline.Duty;
import io.kenbun.lite.pipeline.MovableClock;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.postgres.PostgresStorage;
import io.kenbun.lite.store.sqlite.SqliteStorage;
import io.kenbun.lite.webhook.AddressGuard;
import io.kenbun.lite.webhook.Webhooks;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Random;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The parts of one server: made, started and closed in the order in which they need each other. */
final class ServerParts implements AutoCloseable {
  private final Store storage;
  private final Workers workers;
  private final Webhooks webhooks;
  private final HttpServer http;
  private final URI url;
  private final String credentials;

  ServerParts(KenbunLite.Builder builder) throws IOException {
    AddressGuard guard =
        new AddressGuard(builder.allowPrivateWebhooks || Callers.isLoopback(builder.host));
    Path configFile = builder.configFile;
    ConfigFile file = configFile == null ? null : ConfigFile.read(configFile, guard);
    Callers callers = new Callers(builder.host, builder.credentials, file);
    HttpConfig httpConfig = httpConfig(builder, callers);
    credentials = callers.described();
    InstantSource system = InstantSource.system();
    Chaos chaos = builder.chaos ? new Chaos(new Random()) : null;
    MovableClock testClock = builder.testClock ? new MovableClock(system) : null;
    InstantSource clock = testClock == null ? system : testClock;
    long startedMillis = system.millis();
    LeadIds leadIds = new LeadIds(clock, new SecureRandom());
    Store opened = null;
    Workers started = null;
    try {
      opened = open(builder, clock, leadIds);
      Store sharing = opened;
      storage = sharing;
      LiveStream stream =
          new LiveStream(clock, system, storage.reads().deliveries(), DeliveryApi::write);
      storage.show(stream);
      storage.deliveries().watch(stream.deliveries());
      RuleSource ruleSource = new RuleSource(storage, builder.configFile, file, builder.template);
      Rules rules = ruleSource.load(builder.defaultOu, startedMillis);
      Metrics metrics = new Metrics();
      storage.listen(metrics);
      started = new Workers(storage, rules, clock, metrics, stream, builder.retainEvents);
      workers = started;
      webhooks =
          new Webhooks(
              storage.deliveries(),
              storage.reads().deliveries(),
              guard,
              clock,
              system,
              new Random(),
              metrics,
              Version.TEXT,
              () -> sharing.isOnDuty(Duty.WEBHOOKS),
              chaos,
              builder.retainDeliveries);
      http =
          new HttpServer(
              httpConfig,
              new HttpServices(
                  storage.queue(),
                  rules,
                  workers.scored(),
                  storage.whoIsOn(Duty.UPKEEP, workers.upkeepRounds()),
                  storage.reads(),
                  storage.configuration(),
                  storage.accounts(),
                  storage.failedEvents(),
                  storage.shares(),
                  storage.watches(),
                  workers.leadChanges(),
                  new WebhookServices(
                      storage.channels(),
                      storage.deliveries(),
                      storage.notificationPrefs(),
                      guard,
                      storage.whoIsOn(Duty.WEBHOOKS, webhooks.rounds())),
                  stream,
                  metrics,
                  new SecretKeySpec(Callers.cookieKey(storage.configuration()), "HmacSHA256"),
                  clock,
                  testClock,
                  chaos,
                  builder.allowReset ? ruleSource.reset(rules) : null,
                  storage::canWrite,
                  () -> facts(system.millis() - startedMillis)));
      if (testClock != null) {
        workers.follow(testClock);
      }
      storage.start();
      workers.startScoring();
      bind(http, builder);
      url = url(builder.host, http.port());
      workers.startUpkeep();
      webhooks.start();
    } catch (StorageException e) {
      release(started, opened);
      throw new IOException(e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      release(started, opened);
      throw e;
    }
  }

  private static void bind(HttpServer http, KenbunLite.Builder builder) throws IOException {
    try {
      http.start();
    } catch (BindException e) {
      boolean taken = String.valueOf(e.getMessage()).contains("in use");
      throw new IOException(
          taken
              ? "port "
                  + builder.port
                  + " on "
                  + builder.host
                  + " is taken; use --port to choose another"
              : "cannot listen on port "
                  + builder.port
                  + " of "
                  + builder.host
                  + " ("
                  + e.getMessage()
                  + "); use --host and --port to choose others",
          e);
    }
  }

  private static void release(@Nullable Workers workers, @Nullable Store storage) {
    if (workers != null) {
      workers.close();
    }
    if (storage != null) {
      storage.close();
    }
  }

  private ServerFacts facts(long uptimeMillis) {
    return new ServerFacts(storage.engine(), data(), storage.diskUse(), uptimeMillis);
  }

  private static URI url(String host, int port) {
    String authority = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return URI.create("http://" + authority + ":" + port);
  }

  private static Store open(KenbunLite.Builder builder, InstantSource clock, LeadIds leadIds)
      throws StorageException {
    if (builder.engine != null) {
      return new PostgresStorage(
          builder.engine, builder.scoringThreads, builder.maxQueue, clock, leadIds::next);
    }
    return new SqliteStorage(
        builder.inMemory ? null : builder.data,
        builder.durability,
        builder.maxQueue,
        clock,
        leadIds::next);
  }

  private static HttpConfig httpConfig(KenbunLite.Builder builder, Callers callers) {
    try {
      return new HttpConfig(
          builder.host,
          builder.port,
          callers.credentials(),
          builder.defaultOu,
          builder.corsOrigins,
          builder.httpLimits,
          builder.ingestLimits,
          Version.TEXT);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  URI url() {
    return url;
  }

  /**
   * Returns where the data is: a directory, {@code :memory:}, or a database without its password.
   */
  String data() {
    return storage.place();
  }

  /** Says who may call, in a few words and without any secret but the built-in one. */
  String credentials() {
    return credentials;
  }

  @Override
  public void close() {
    http.close();
    workers.close();
    webhooks.close();
    storage.close();
  }
}
