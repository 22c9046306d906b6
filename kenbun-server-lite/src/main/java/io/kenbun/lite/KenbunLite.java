package io.kenbun.lite;

import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.http.ingest.IngestLimits;
import io.kenbun.lite.store.sqlite.Durability;
import io.kenbun.lite.webhook.Webhooks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A kenbun server inside this process.
 *
 * <pre>{@code
 * try (KenbunLite server = KenbunLite.builder().port(0).inMemory().start()) {
 *   client = KenbunClient.builder().baseUrl(server.url().toString()) …
 * }
 * }</pre>
 *
 * <p>Any thread may use it. It keeps six threads of its own beside the HTTP server's, and one for
 * each webhook that waits for an answer, all of them daemons, so that it never keeps a process
 * alive.
 */
public final class KenbunLite implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KenbunLite.class);

  private final ServerParts parts;
  private boolean closed; // Guarded by this.

  /** Returns a builder with every default in place. */
  public static Builder builder() {
    return new Builder();
  }

  private KenbunLite(Builder builder) throws IOException {
    parts = new ServerParts(builder);
  }

  /** Returns where the server listens, such as {@code http://127.0.0.1:8080}. */
  public URI url() {
    return parts.url();
  }

  /** Returns where the data is: a directory, or {@code :memory:}. */
  String data() {
    return parts.data();
  }

  /** Says who may call, in a few words and without any secret but the built-in one. */
  String credentials() {
    return parts.credentials();
  }

  /**
   * Stops taking requests, finishes those in flight and what is being scored, and closes the files;
   * waits at most about ten seconds for each. Events that are queued and not scored stay on disk
   * and are scored by the next start. The second call does nothing.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    parts.close();
    log.info("Stopped {}", url());
  }

  /** What {@link KenbunLite} starts with. Not for several threads. */
  public static final class Builder {
    String host = "127.0.0.1";
    int port = 8080;
    Path data = Path.of("kenbun-data");
    boolean inMemory;
    @Nullable String engine;
    int scoringThreads = Math.min(4, Runtime.getRuntime().availableProcessors());
    @Nullable Path configFile;
    final List<Credential> credentials = new ArrayList<>();
    @Nullable String defaultOu;
    final List<String> corsOrigins = new ArrayList<>();
    Durability durability = Durability.FULL;
    String template = "starter";
    long maxQueue = 1_000_000;
    @Nullable Duration retainEvents;
    Duration retainDeliveries = Webhooks.RETAIN;
    boolean testClock;
    boolean allowPrivateWebhooks;
    boolean chaos;
    boolean allowReset;

    HttpLimits httpLimits = HttpLimits.DEFAULT;
    IngestLimits ingestLimits = IngestLimits.DEFAULT;

    private static final int MAX_SCORING_THREADS = 32;

    private Builder() {}

    /**
     * Sets the address to listen on. Default {@code 127.0.0.1}. Anything but a loopback address
     * needs {@link #credentials credentials} of its own.
     */
    public Builder host(String host) {
      this.host = Objects.requireNonNull(host, "host == null");
      return this;
    }

    /** Sets the port, 0 to 65535; 0 takes any free one. Default 8080. */
    public Builder port(int port) {
      if (port < 0 || port > 65_535) {
        throw new ConfigException("port < 0 or > 65535: " + port);
      }
      this.port = port;
      return this;
    }

    /**
     * Sets the directory of the data, made with owner-only rights. Default {@code ./kenbun-data}.
     */
    public Builder data(Path data) {
      this.data = Objects.requireNonNull(data, "data == null");
      this.inMemory = false;
      return this;
    }

    /**
     * Keeps the data in a temporary directory, without syncing, and removes it when the server is
     * closed.
     */
    public Builder inMemory() {
      this.inMemory = true;
      return this;
    }

    /** Sets a configuration file, applied at each start. Default none. */
    public Builder config(Path file) {
      this.configFile = Objects.requireNonNull(file, "file == null");
      return this;
    }

    /**
     * Adds a service account that may use every unit. With none here and none in the configuration
     * file, a server on a loopback address takes {@code dev} with secret {@code dev}.
     */
    public Builder credentials(String clientId, String clientSecret) {
      credentials.add(Callers.ofAllUnits(clientId, clientSecret));
      return this;
    }

    /**
     * Sets the unit for calls that carry no {@code activeOu} cookie. Default none, as on the real
     * service.
     */
    public Builder defaultOu(String unitId) {
      this.defaultOu = Objects.requireNonNull(unitId, "unitId == null");
      return this;
    }

    /**
     * Lets pages of {@code origin}, such as {@code https://app.example}, call the server from a
     * browser, with credentials. Compared exactly, as browsers spell it: small letters, no path, no
     * port where it is the scheme's own. Default none.
     */
    public Builder corsOrigin(String origin) {
      corsOrigins.add(Objects.requireNonNull(origin, "origin == null"));
      return this;
    }

    /**
     * Sets what an acknowledged event survives: {@code full}, the process and a power cut; {@code
     * normal}, the process. Default {@code full}.
     */
    public Builder durability(String durability) {
      this.durability =
          switch (durability) {
            case "full" -> Durability.FULL;
            case "normal" -> Durability.NORMAL;
            default ->
                throw new ConfigException("durability is full or normal: \"" + durability + '"');
          };
      return this;
    }

    /**
     * Sets what a first start without a configuration file sets up: {@code starter} rules and
     * levels, or {@code none}. Default {@code starter}.
     */
    public Builder template(String template) {
      if (!template.equals("starter") && !template.equals("none")) {
        throw new ConfigException("template is starter or none: \"" + template + '"');
      }
      this.template = template;
      return this;
    }

    /**
     * Sets how many events may wait to be scored before ingest answers 503, 1 or more. Default
     * 1,000,000.
     */
    public Builder maxQueue(long events) {
      if (events < 1) {
        throw new ConfigException("maxQueue < 1: " + events);
      }
      this.maxQueue = events;
      return this;
    }

    /**
     * Sets how many days an event is kept after it was received, 1 or more. Scores stay when it
     * goes; what it gave can no longer be explained. Default for ever.
     */
    public Builder retainEvents(int days) {
      if (days < 1) {
        throw new ConfigException("retainEvents < 1: " + days);
      }
      this.retainEvents = Duration.ofDays(days);
      return this;
    }

    /**
     * Sets how many days a webhook's delivery is kept after it was over, 1 to 36,500; one that has
     * failed is kept until it is deleted. Default 30.
     */
    public Builder retainDeliveries(int days) {
      if (days < 1 || days > 36_500) {
        throw new ConfigException("retainDeliveries < 1 or > 36500: " + days);
      }
      this.retainDeliveries = Duration.ofDays(days);
      return this;
    }

    /**
     * Lets {@code PUT /lite/clock} set the time that the server goes by. Default no. The clock
     * starts at the real time, also after a restart.
     */
    public Builder testClock() {
      this.testClock = true;
      return this;
    }

    /** Lets {@code POST /lite/reset} empty units. Default no. */
    public Builder allowReset() {
      this.allowReset = true;
      return this;
    }

    /**
     * Lets webhooks go to loopback, link-local and private addresses also when the server listens
     * on more than loopback. Default no: who may set up a webhook could reach into the network that
     * the server stands in.
     */
    public Builder allowPrivateWebhooks() {
      this.allowPrivateWebhooks = true;
      return this;
    }

    /**
     * Lets {@code PUT /lite/chaos} refuse, delay and lose requests and webhooks on purpose. Default
     * no, and nothing happens until it is asked for.
     */
    public Builder chaos() {
      this.chaos = true;
      return this;
    }

    /** Sets how much one caller may ask of the server. Default {@link HttpLimits#DEFAULT}. */
    public Builder limits(HttpLimits limits) {
      this.httpLimits = Objects.requireNonNull(limits, "limits == null");
      return this;
    }

    /** Sets how much one call may bring in. Default {@link IngestLimits#DEFAULT}. */
    public Builder limits(IngestLimits limits) {
      this.ingestLimits = Objects.requireNonNull(limits, "limits == null");
      return this;
    }

    /**
     * Starts the server; returns once it takes requests.
     *
     * @throws ConfigException when a setting or the configuration file is wrong
     * @throws IOException when the port is taken or the data directory cannot be used; the message
     *     says what to do
     */
    public KenbunLite start() throws IOException {
      return new KenbunLite(this);
    }

    /**
     * Keeps everything in PostgreSQL, {@code jdbc:postgresql://HOST/DATABASE?user=…&password=…},
     * which any number of servers may share, instead of a directory. Default SQLite in {@link
     * #data}.
     */
    public Builder engine(String url) {
      this.engine = Objects.requireNonNull(url, "url == null");
      return this;
    }

    /**
     * Sets how many threads score, with {@link #engine}, 1 to 32. Default as many as there are
     * processors, at most 4.
     */
    public Builder scoringThreads(int threads) {
      if (threads < 1 || threads > MAX_SCORING_THREADS) {
        throw new ConfigException("scoringThreads < 1 or > 32: " + threads);
      }
      this.scoringThreads = threads;
      return this;
    }
  }
}
