package io.kenbun.lite;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the command line that say what a server is started with. */
final class ServeOptions {
  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "${env:KENBUN_HOST:-127.0.0.1}",
      description = "Address to listen on (127.0.0.1).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "${env:KENBUN_PORT:-8080}",
      description = "Port to listen on, 0 for any free one (8080).")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:KENBUN_DATA:-./kenbun-data}",
      description = "Where the data is kept (./kenbun-data); :memory: keeps nothing.")
  private String data = "./kenbun-data";

  @Option(
      names = "--engine",
      paramLabel = "URL",
      defaultValue = "${env:KENBUN_ENGINE}",
      description =
          "jdbc:postgresql://HOST/DATABASE?user=…, shared by any number of servers (SQLite in"
              + " --data); better given as KENBUN_ENGINE, which other users cannot see.")
  private @Nullable String engine;

  @Option(
      names = "--scoring-threads",
      paramLabel = "COUNT",
      defaultValue = "${env:KENBUN_SCORING_THREADS}",
      description = "Threads that score, with --engine (as many as processors, at most 4).")
  private @Nullable Integer scoringThreads;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "${env:KENBUN_CONFIG}",
      description = "JSON: credentials, units, rulesets, levels; applied at each start.")
  private @Nullable Path config;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      defaultValue = "${env:KENBUN_CLIENT_ID}",
      description = "Service account that may use every unit (dev on a loopback address).")
  private @Nullable String clientId;

  @Option(
      names = "--client-secret",
      paramLabel = "SECRET",
      defaultValue = "${env:KENBUN_CLIENT_SECRET}",
      description =
          "Its secret; better given as KENBUN_CLIENT_SECRET, which other users cannot see.")
  private @Nullable String clientSecret;

  @Option(
      names = "--default-ou",
      paramLabel = "UNIT",
      defaultValue = "${env:KENBUN_DEFAULT_OU}",
      description = "Unit for calls without an activeOu cookie (none: they get 400).")
  private @Nullable String defaultOu;

  @Option(
      names = "--cors-origin",
      split = ",",
      paramLabel = "ORIGIN",
      defaultValue = "${env:KENBUN_CORS_ORIGIN}",
      description =
          "Origin whose pages may call from a browser, such as https://app.example; may be given"
              + " several times (none).")
  private @Nullable List<String> corsOrigins;

  @Option(
      names = "--durability",
      paramLabel = "full|normal",
      defaultValue = "${env:KENBUN_DURABILITY:-full}",
      description = "full: 202 after fsync; normal: after the write (full).")
  private String durability = "full";

  @Option(
      names = "--template",
      paramLabel = "starter|none",
      defaultValue = "${env:KENBUN_TEMPLATE:-starter}",
      description = "What a first start without --config sets up (starter).")
  private String template = "starter";

  @Option(
      names = "--max-queue",
      paramLabel = "EVENTS",
      defaultValue = "${env:KENBUN_MAX_QUEUE:-1000000}",
      description = "Events that may wait to be scored before ingest answers 503 (1000000).")
  private long maxQueue;

  @Option(
      names = "--retain-events",
      paramLabel = "DAYS",
      defaultValue = "${env:KENBUN_RETAIN_EVENTS}",
      description = "Days that an event is kept after it was received (for ever); scores stay.")
  private @Nullable Integer retainEvents;

  @Option(
      names = "--retain-deliveries",
      paramLabel = "DAYS",
      defaultValue = "${env:KENBUN_RETAIN_DELIVERIES:-30}",
      description =
          "Days that a webhook's delivery is kept after it was over (30); a failed one stays.")
  private int retainDeliveries;

  @Option(
      names = "--test-clock",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "${env:KENBUN_TEST_CLOCK:-false}",
      fallbackValue = "true",
      description = "Lets PUT /lite/clock set the time that the server goes by (off).")
  private boolean testClock;

  @Option(
      names = "--allow-reset",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "${env:KENBUN_ALLOW_RESET:-false}",
      fallbackValue = "true",
      description = "Lets POST /lite/reset empty units (off).")
  private boolean allowReset;

  @Option(
      names = "--allow-private-webhooks",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "${env:KENBUN_ALLOW_PRIVATE_WEBHOOKS:-false}",
      fallbackValue = "true",
      description =
          "Lets webhooks go to private addresses though --host is no loopback address (off).")
  private boolean allowPrivateWebhooks;

  @Option(
      names = "--chaos",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "${env:KENBUN_CHAOS:-false}",
      fallbackValue = "true",
      description = "Lets PUT /lite/chaos refuse, delay and lose things on purpose (off).")
  private boolean chaos;

  @Mixin private LimitOptions limits = new LimitOptions();

  /**
   * Returns what the options ask for.
   *
   * @throws ConfigException when one of them is wrong
   */
  KenbunLite.Builder builder() {
    KenbunLite.Builder builder =
        KenbunLite.builder()
            .host(host)
            .port(port)
            .durability(durability)
            .template(template)
            .maxQueue(maxQueue)
            .retainDeliveries(retainDeliveries)
            .limits(limits.httpLimits())
            .limits(limits.ingestLimits());
    if (data.equals(":memory:")) {
      builder.inMemory();
    } else {
      builder.data(Path.of(data));
    }
    if (engine != null) {
      builder.engine(engine);
    }
    if (scoringThreads != null) {
      builder.scoringThreads(scoringThreads);
    }
    if (config != null) {
      builder.config(config);
    }
    if (defaultOu != null) {
      builder.defaultOu(defaultOu);
    }
    if (corsOrigins != null) {
      corsOrigins.forEach(builder::corsOrigin);
    }
    if (retainEvents != null) {
      builder.retainEvents(retainEvents);
    }
    if (testClock) {
      builder.testClock();
    }
    if (allowReset) {
      builder.allowReset();
    }
    if (allowPrivateWebhooks) {
      builder.allowPrivateWebhooks();
    }
    if (chaos) {
      builder.chaos();
    }
    if (clientId != null && clientSecret != null) {
      builder.credentials(clientId, clientSecret);
    } else if (clientId != null || clientSecret != null) {
      throw new ConfigException("--client-id and --client-secret go together");
    }
    return builder;
  }
}
