package io.kenbun.lite.http;

import static io.kenbun.lite.http.Routes.Needs.CREDENTIAL;
import static io.kenbun.lite.http.Routes.Needs.NOTHING;
import static io.kenbun.lite.http.Routes.Needs.UNIT;
import static io.kenbun.lite.http.Routes.On.IO_THREAD;
import static io.kenbun.lite.http.Routes.On.WORKER;

import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Reads;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
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

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
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
    Watch watch = new Watch(services.metrics(), services.clock());
    this.gate =
        new Gate(
            new Origins(config.host()),
            routes(services, activeOu, issued, watch),
            new Auth(
                config.credentials(),
                issued,
                unit -> services.rules().current().setup(unit).unit().unitId(),
                services.clock(),
                services.realClock(),
                config.limits().maxAuthDelay().toMillis()),
            activeOu,
            services.rules(),
            config.defaultOu(),
            config.limits(),
            budget,
            inFlight,
            watch);
  }

  private Routes routes(
      HttpServices services, ActiveOu activeOu, IssuedCredentials issued, Watch watch) {
    IngestLimits limits = config.ingestLimits();
    RateLimit rateLimit = new RateLimit(limits.maxEventsPerSecond(), services.realClock());
    Ingest ingest = new Ingest(services.queue(), services.clock(), limits, rateLimit);
    Batch batch = new Batch(services.queue(), services.clock(), limits, rateLimit);
    RuleChanges changes =
        new RuleChanges(services.rules(), services.configuration(), services.clock());
    OrgUnitApi units = new OrgUnitApi(services.rules(), changes, activeOu);
    SecretApi secrets = new SecretApi(issued, services.clock());
    TokenApi tokens = new TokenApi(issued, services.clock());
    Reads reads = services.reads();
    Rules rules = services.rules();
    EventApi events = new EventApi(reads, services.clock());
    EventTypeApi types = new EventTypeApi(reads.events(), rules);
    FigureApi figures = new FigureApi(reads.events(), reads.figures(), rules, services.clock());
    LeadApi leads = new LeadApi(reads, rules, services.clock());
    ScoreApi scores = new ScoreApi(leads, reads.scores(), rules, services.clock());
    ShareApi shares = new ShareApi(leads, reads, services.shares(), rules, services.clock());
    RuleTestApi ruleTests = new RuleTestApi(reads, rules, services.clock());
    LeadChangeApi leadChanges = new LeadChangeApi(services.leadChanges(), reads, rules);
    RescoreApi rescores = new RescoreApi(services.leadChanges(), rules);
    ClockApi clock = new ClockApi(services.testClock());
    FailedApi failed = new FailedApi(services.failedEvents());
    WebhookServices webhooks = services.webhooks();
    ChannelApi channels = new ChannelApi(webhooks, services.clock());
    NotificationPrefsApi prefs = new NotificationPrefsApi(webhooks.prefs());
    DeliveryApi deliveries =
        new DeliveryApi(webhooks.deliveries(), reads.deliveries(), services.clock());
    OpsApi ops =
        new OpsApi(services, inFlight, budget, watch.rejected(), config.version(), () -> stopping);
    List<Routes.Route> table = new ArrayList<>(ConfigurationRoutes.of(changes, reads.events()));
    table.addAll(
        List.of(
            new Routes.Route("POST", "/ingest", UNIT, IO_THREAD, ingest::accept),
            new Routes.Route("POST", "/ingest/batch", UNIT, IO_THREAD, batch::accept),
            new Routes.Route("GET", "/org-units", CREDENTIAL, IO_THREAD, units::list),
            new Routes.Route("POST", "/org-units", CREDENTIAL, IO_THREAD, units::create),
            new Routes.Route("PUT", "/org-units/{id}", CREDENTIAL, IO_THREAD, units::rename),
            new Routes.Route("GET", "/secrets", UNIT, IO_THREAD, secrets::list),
            new Routes.Route("POST", "/secrets", UNIT, IO_THREAD, secrets::create),
            new Routes.Route("PUT", "/secrets/{id}", UNIT, IO_THREAD, secrets::update),
            new Routes.Route("DELETE", "/secrets/{id}", UNIT, WORKER, secrets::delete),
            new Routes.Route("GET", "/settings/tokens", CREDENTIAL, IO_THREAD, tokens::list),
            new Routes.Route("POST", "/settings/tokens", CREDENTIAL, IO_THREAD, tokens::create),
            new Routes.Route("DELETE", "/settings/tokens/{id}", CREDENTIAL, WORKER, tokens::delete),
            new Routes.Route("POST", "/org-units/active", CREDENTIAL, IO_THREAD, units::activate),
            new Routes.Route("GET", "/events", UNIT, WORKER, events::list),
            new Routes.Route("GET", "/events/{leadID}", UNIT, WORKER, events::ofLead),
            new Routes.Route("GET", "/event-types", UNIT, WORKER, types::list),
            new Routes.Route(
                "GET", "/event-types/{eventType}/properties", UNIT, WORKER, types::properties),
            new Routes.Route("GET", "/event-stats", UNIT, WORKER, figures::stats),
            new Routes.Route("GET", "/events-analytics", UNIT, WORKER, figures::analytics),
            new Routes.Route("GET", "/leads", UNIT, WORKER, leads::list),
            new Routes.Route("GET", "/top-leads", UNIT, WORKER, leads::top),
            new Routes.Route("GET", "/lead/by-alias", UNIT, WORKER, leads::byAlias),
            new Routes.Route("GET", "/lead/{leadID}", UNIT, WORKER, leads::one),
            new Routes.Route("GET", "/leads/{leadID}", UNIT, WORKER, leads::one),
            new Routes.Route("GET", "/score/{leadID}", UNIT, WORKER, scores::score),
            new Routes.Route("GET", "/leads/{leadID}/score", UNIT, WORKER, scores::score),
            new Routes.Route("GET", "/lead/{leadID}/score-explain", UNIT, WORKER, scores::explain),
            new Routes.Route("GET", "/lead/{leadID}/score-history", UNIT, WORKER, scores::history),
            new Routes.Route("GET", "/score-gains", UNIT, WORKER, scores::gains),
            new Routes.Route("POST", "/leads/{leadID}/share-explain", UNIT, WORKER, shares::create),
            new Routes.Route("GET", "/public/score-explain/{token}", NOTHING, WORKER, shares::read),
            new Routes.Route(
                "POST", "/engagement-scoring/test", UNIT, IO_THREAD, ruleTests::engagement),
            new Routes.Route(
                "POST",
                "/api/v1/ou/{ouId}/scoring-rules/test",
                CREDENTIAL,
                IO_THREAD,
                ruleTests::older),
            new Routes.Route("POST", "/profile-scoring/test", UNIT, IO_THREAD, ruleTests::profile),
            new Routes.Route("DELETE", "/events/batch", UNIT, IO_THREAD, leadChanges::deleteEvents),
            new Routes.Route(
                "DELETE",
                "/event-types/{eventType}/events",
                UNIT,
                WORKER,
                leadChanges::deleteEventsOfType),
            new Routes.Route("DELETE", "/lead/{leadID}", UNIT, WORKER, leadChanges::delete),
            new Routes.Route(
                "POST", "/leads/{leadID}/reset-scores", UNIT, WORKER, leadChanges::reset),
            new Routes.Route(
                "POST", "/leads/merge/preview", UNIT, IO_THREAD, leadChanges::previewMerge),
            new Routes.Route("POST", "/leads/merge", UNIT, IO_THREAD, leadChanges::merge),
            new Routes.Route(
                "POST",
                "/api/v1/ou/{ouId}/scoring/rescore-preview",
                CREDENTIAL,
                WORKER,
                rescores::preview),
            new Routes.Route(
                "POST", "/api/v1/ou/{ouId}/scoring/rescore", CREDENTIAL, WORKER, rescores::rescore),
            new Routes.Route("GET", "/lite/status", CREDENTIAL, WORKER, ops::status),
            new Routes.Route("POST", "/lite/drain", CREDENTIAL, IO_THREAD, drain::drain),
            new Routes.Route("GET", "/lite/clock", CREDENTIAL, IO_THREAD, clock::read),
            new Routes.Route("PUT", "/lite/clock", CREDENTIAL, IO_THREAD, clock::set),
            new Routes.Route("GET", "/lite/rejected", CREDENTIAL, IO_THREAD, ops::rejected),
            new Routes.Route("GET", "/lite/failed", UNIT, WORKER, failed::list),
            new Routes.Route("POST", "/lite/failed/{id}/retry", UNIT, WORKER, failed::retry),
            new Routes.Route("DELETE", "/lite/failed/{id}", UNIT, WORKER, failed::delete),
            new Routes.Route("GET", "/notification-channels", UNIT, WORKER, channels::list),
            new Routes.Route("POST", "/notification-channels", UNIT, IO_THREAD, channels::create),
            new Routes.Route(
                "PUT", "/notification-channels/{id}", UNIT, IO_THREAD, channels::update),
            new Routes.Route(
                "DELETE", "/notification-channels/{id}", UNIT, WORKER, channels::delete),
            new Routes.Route(
                "POST", "/notification-channels/{id}/test", UNIT, WORKER, channels::test),
            new Routes.Route("GET", "/me/notification-prefs", UNIT, WORKER, prefs::read),
            new Routes.Route("PUT", "/me/notification-prefs", UNIT, IO_THREAD, prefs::update),
            new Routes.Route("GET", "/lite/deliveries", UNIT, WORKER, deliveries::list),
            new Routes.Route("GET", "/lite/deliveries/{id}", UNIT, WORKER, deliveries::one),
            new Routes.Route(
                "POST", "/lite/deliveries/{id}/retry", UNIT, WORKER, deliveries::retry),
            new Routes.Route("DELETE", "/lite/deliveries/{id}", UNIT, WORKER, deliveries::delete),
            new Routes.Route("GET", "/metrics", NOTHING, WORKER, ops::metrics),
            new Routes.Route("GET", "/healthz", NOTHING, IO_THREAD, ops::ok),
            new Routes.Route("GET", "/readyz", NOTHING, IO_THREAD, ops::ready),
            new Routes.Route("GET", "/", NOTHING, IO_THREAD, ops::ok)));
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
   * scoring too; what is in flight goes on.
   */
  public void stopAccepting() {
    stopping = true;
    gate.stop();
    drain.stop();
  }

  /** Lets what is in flight be answered, at most ten seconds, then ends. */
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
