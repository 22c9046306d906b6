package io.kenbun.lite.http;

import static io.kenbun.lite.http.call.Routes.Needs.CREDENTIAL;
import static io.kenbun.lite.http.call.Routes.Needs.NOTHING;
import static io.kenbun.lite.http.call.Routes.On.IO_THREAD;
import static io.kenbun.lite.http.call.Routes.On.WORKER;

import io.kenbun.lite.http.auth.AccessRoutes;
import io.kenbun.lite.http.auth.ActiveOu;
import io.kenbun.lite.http.auth.Auth;
import io.kenbun.lite.http.auth.IssuedCredentials;
import io.kenbun.lite.http.auth.SessionApi;
import io.kenbun.lite.http.auth.Sessions;
import io.kenbun.lite.http.call.BodyBudget;
import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.http.call.InFlight;
import io.kenbun.lite.http.call.Routes;
import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.http.call.Watch;
import io.kenbun.lite.http.configuration.ConfigurationRoutes;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.http.ingest.IngestRoutes;
import io.kenbun.lite.http.inspector.Inspector;
import io.kenbun.lite.http.leads.LeadRoutes;
import io.kenbun.lite.http.openapi.OpenApi;
import io.kenbun.lite.http.ops.Drain;
import io.kenbun.lite.http.ops.LiteRoutes;
import io.kenbun.lite.http.ops.ResetApi;
import io.kenbun.lite.http.stream.LiveStream;
import io.kenbun.lite.http.triggers.TriggerRoutes;
import io.kenbun.lite.http.unsupported.UnsupportedRoutes;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.Reads;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Options;

/**
 * The HTTP API on one address. Any thread may stop and close it.
 *
 * <pre>
 *   start ──&gt; serving ──stopAccepting──&gt; 503 to new requests ──close──&gt; what is in flight is answered, gone
 * </pre>
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(7);
  private static final int THREADS_END_MILLIS = 1_000;
  private static final int MAX_HEADERS = 100;
  private static final int MAX_PARAMETERS = 100;
  private static final int MAX_IO_THREADS = 4;
  // Reads wait for one of a few connections to the store; more threads would wait for the same.
  private static final int WORKER_THREADS = 4;

  private final HttpConfig config;
  private final InFlight inFlight = new InFlight();
  private final BodyBudget budget;
  private final Drain drain;
  private final Routes routes;
  private final LiveStream stream;
  private final Gate gate;
  private @Nullable Undertow undertow; // Guarded by this.
  private volatile boolean stopping;

  /**
   * Makes a server that is not started.
   *
   * @throws StorageException when the credentials that were made cannot be read
   */
  public HttpServer(HttpConfig config, HttpServices services) throws StorageException {
    this.config = config;
    this.budget = new BodyBudget(config.ingestLimits().maxBodyBytesInFlight());
    this.drain =
        new Drain(
            services.queue(), services.progress(), services.upkeep(), services.webhooks().rounds());
    ActiveOu activeOu = new ActiveOu(services.cookieKey());
    IssuedCredentials issued = new IssuedCredentials(services.accounts());
    Sessions sessions = new Sessions(services.realClock());
    Auth auth =
        new Auth(
            config.credentials(),
            issued,
            sessions,
            unit -> services.rules().current().setup(unit).unit().unitId(),
            services.clock(),
            services.realClock(),
            config.limits().maxAuthDelay().toMillis());
    this.stream = services.stream();
    Watch watch = new Watch(services.metrics(), services.clock());
    watch.rejected().onAdded(stream::rejected);
    this.routes =
        routes(services, activeOu, issued, new SessionApi(auth, sessions, builtIn(config)), watch);
    this.gate =
        new Gate(
            new Origins(config.host(), config.corsOrigins()),
            routes,
            auth,
            activeOu,
            services.rules(),
            config.defaultOu(),
            config.limits(),
            budget,
            inFlight,
            watch);
  }

  /** Returns the pair that everybody knows, where it is in force on a loopback address; or null. */
  private static @Nullable Credential builtIn(HttpConfig config) {
    byte[] secret = "dev".getBytes(StandardCharsets.UTF_8);
    for (Credential credential : config.credentials()) {
      if (credential.clientId().equals("dev") && credential.isSecret(secret, 0)) {
        return Origins.isLoopback(config.host()) ? credential : null;
      }
    }
    return null;
  }

  private Routes routes(
      HttpServices services,
      ActiveOu activeOu,
      IssuedCredentials issued,
      SessionApi sessions,
      Watch watch) {
    Reads reads = services.reads();
    Rules rules = services.rules();
    InstantSource clock = services.clock();
    RuleChanges changes = new RuleChanges(rules, services.configuration(), clock);
    OpsApi ops =
        new OpsApi(services, inFlight, budget, watch.rejected(), config.version(), () -> stopping);
    List<Route> table = new ArrayList<>();
    table.addAll(
        IngestRoutes.of(
            services.queue(),
            clock,
            services.realClock(),
            config.ingestLimits(),
            services.chaos()));
    table.addAll(AccessRoutes.of(rules, changes, activeOu, issued, sessions, clock));
    List<Route> setUp = new ArrayList<>(ConfigurationRoutes.of(changes, reads.events()));
    setUp.addAll(TriggerRoutes.of(changes, reads, services.webhooks(), clock));
    table.addAll(setUp);
    table.addAll(
        LeadRoutes.of(
            reads,
            rules,
            changes,
            services.leadChanges(),
            services.shares(),
            services.watches(),
            clock));
    table.addAll(UnsupportedRoutes.of());
    table.addAll(
        LiteRoutes.of(
            drain,
            services.testClock(),
            services.chaos(),
            services.failedEvents(),
            new ResetApi(services.reset(), changes, watch.rejected()),
            services.leadChanges()));
    table.addAll(stream.routes());
    table.addAll(
        List.of(
            new Route("GET", "/lite/status", CREDENTIAL, WORKER, ops::status),
            new Route("GET", "/lite/rejected", CREDENTIAL, WORKER, ops::rejected),
            new Route("GET", "/metrics", NOTHING, WORKER, ops::metrics),
            new Route("GET", "/healthz", NOTHING, IO_THREAD, ops::ok),
            new Route("GET", "/readyz", NOTHING, IO_THREAD, ops::ready),
            new Route("GET", "/home", NOTHING, IO_THREAD, ops::home)));
    table.addAll(Inspector.routes(reads, rules, clock, setUp, ops::ok));
    table.addAll(OpenApi.of(table, config.version()));
    return new Routes(table);
  }

  /**
   * Binds the address and serves.
   *
   * @throws IOException when the address cannot be bound
   */
  public synchronized void start() throws IOException {
    if (undertow != null) {
      throw new IllegalStateException("started twice");
    }
    HttpLimits limits = config.limits();
    int ioThreads =
        Math.min(MAX_IO_THREADS, Math.max(2, Runtime.getRuntime().availableProcessors()));
    Undertow server =
        Undertow.builder()
            .addHttpListener(config.port(), config.host())
            .setIoThreads(ioThreads)
            .setWorkerThreads(WORKER_THREADS)
            .setWorkerOption(Options.WORKER_NAME, "kenbun-http")
            // The owner decides how long the process lives, not an open socket.
            .setWorkerOption(Options.THREAD_DAEMON, true)
            .setSocketOption(Options.TCP_NODELAY, true)
            .setSocketOption(Options.CONNECTION_HIGH_WATER, limits.maxConnections())
            .setSocketOption(Options.CONNECTION_LOW_WATER, limits.maxConnections())
            .setServerOption(
                UndertowOptions.NO_REQUEST_TIMEOUT, (int) limits.idleTimeout().toMillis())
            .setServerOption(
                UndertowOptions.REQUEST_PARSE_TIMEOUT, (int) limits.headerTimeout().toMillis())
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, limits.maxHeaderBytes())
            .setServerOption(UndertowOptions.MAX_HEADERS, MAX_HEADERS)
            .setServerOption(UndertowOptions.MAX_PARAMETERS, MAX_PARAMETERS)
            .setServerOption(
                UndertowOptions.MAX_ENTITY_SIZE, -1L) // Body keeps to limits of its own.
            .setServerOption(UndertowOptions.ALWAYS_SET_DATE, true)
            .setServerOption(UndertowOptions.DECODE_URL, false) // Ours is strict: Query.decoded.
            .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, THREADS_END_MILLIS)
            .setHandler(gate)
            .build();
    try {
      server.start();
    } catch (RuntimeException e) {
      server.stop();
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw e;
    }
    undertow = server;
  }

  /** Returns everything that is served. */
  List<Route> table() {
    return routes.table();
  }

  /** Returns the port that is bound; the server must have been started. */
  public synchronized int port() {
    if (undertow == null) {
      throw new IllegalStateException("not started");
    }
    InetSocketAddress address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    return address.getPort();
  }

  /**
   * Answers new requests with 503 {@code shutting_down} from now on, and those that wait for
   * scoring too, and ends streams; what is in flight goes on.
   */
  public void stopAccepting() {
    stopping = true;
    gate.stop();
    drain.stop();
    stream.stop();
  }

  /** Lets what is in flight be answered, at most seven seconds, then ends. */
  @Override
  public synchronized void close() {
    stopAccepting();
    if (undertow == null) {
      return;
    }
    if (!inFlight.awaitNone(CLOSE_TIMEOUT)) {
      log.warn("Requests were still unanswered after {} s", CLOSE_TIMEOUT.toSeconds());
    }
    undertow.stop();
    undertow = null;
  }
}
