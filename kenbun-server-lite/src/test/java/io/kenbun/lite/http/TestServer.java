package io.kenbun.lite.http;

import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.http.call.Metrics;
import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.http.ingest.IngestLimits;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.openapi.Documented;
import io.kenbun.lite.http.stream.LiveStream;
import io.kenbun.lite.http.triggers.DeliveryApi;
import io.kenbun.lite.http.triggers.WebhookServices;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.Chaos;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.pipeline.MovableClock;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.store.DiskUse;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.configuration.Baseline;
import io.kenbun.lite.store.firing.DeliveryReads;
import io.kenbun.lite.store.sqlite.Durability;
import io.kenbun.lite.webhook.AddressGuard;
import io.kenbun.lite.webhook.Webhooks;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The API on a free port over a real store in a temporary directory, scored when a test says so.
 * {@code dev} may use every unit, {@code narrow} only {@code unit_b}; the secret is the id.
 */
public final class TestServer implements AutoCloseable {
  public static final String DEV = basic("dev", "dev");
  public static final String NARROW = basic("narrow", "narrow");

  /** How a server differs from the usual one. */
  public static final class Setup {
    public String host = "127.0.0.1";
    public List<Credential> credentials =
        List.of(
            Credential.of("dev", "Dev", "dev", Set.of()),
            Credential.of("narrow", "Narrow", "narrow", Set.of("unit_b")));
    public HttpLimits limits = withoutAuthDelay();
    public IngestLimits ingestLimits = IngestLimits.DEFAULT;
    public @Nullable String defaultOu;
    public List<String> corsOrigins = List.of();
    public @Nullable Queue queue;
    public boolean testClock;
    public boolean allowPrivateWebhooks;
    public boolean chaos;
    public boolean allowReset;

    public Streams stream =
        (time, real, reads) -> new LiveStream(time, real, reads, DeliveryApi::write);

    /** Whether webhooks are sent, by the server's clock. */
    public boolean sendsWebhooks;
  }

  /** Makes what sends messages. */
  public interface Streams {
    LiveStream of(InstantSource clock, InstantSource realClock, DeliveryReads reads);
  }

  /** The real time, as far as the server can tell. */
  public final TestClock clock = new TestClock();

  final AtomicBoolean canWrite = new AtomicBoolean(true);
  public volatile Supplier<ServerFacts> facts =
      () ->
          new ServerFacts(
              "sqlite",
              "/data",
              new DiskUse(Map.of("ingest.db", 96L, "kenbun.db", 4_000L), 1L << 30),
              1500);
  public final Rules rules = new Rules();
  final Metrics metrics = new Metrics();
  public final Store storage;
  final Scoring scoring;
  final HttpServer http;
  private final Setup setup;
  public final @Nullable MovableClock movable;
  final @Nullable Webhooks webhooks;
  private final @Nullable Chaos chaos;
  private final LeadChanges leadChanges;
  private final InstantSource time;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public TestServer() throws Exception {
    this(new Setup());
  }

  public TestServer(Setup setup) throws Exception {
    chaos = setup.chaos ? new Chaos(new Random(1)) : null;
    movable = setup.testClock ? new MovableClock(clock) : null;
    time = movable == null ? clock : movable;
    AtomicInteger ids = new AtomicInteger();
    storage =
        TestStores.open(
            null, Durability.NORMAL, 1_000_000, time, () -> "ld_" + ids.incrementAndGet());
    storage.configuration().apply(List.of(unitDefault(), unitB()), clock.millis());
    rules.replace(storage.configuration().load());
    scoring = new Scoring(storage, rules, Json::readMetadata);
    storage.listen(metrics);
    scoring.listen(metrics);
    leadChanges = new LeadChanges(storage, rules, Json::readMetadata);
    this.setup = setup;
    webhooks =
        setup.sendsWebhooks
            ? new Webhooks(
                storage.deliveries(),
                storage.reads().deliveries(),
                new AddressGuard(setup.allowPrivateWebhooks),
                time,
                InstantSource.system(),
                new Random(1),
                metrics,
                "1.2.3",
                () -> true,
                chaos,
                Webhooks.RETAIN)
            : null;
    http = secondHttp();
    storage.start();
    if (webhooks != null) {
      webhooks.start();
    }
    http.start();
  }

  /** Starts one that puts its events into {@code queue}. */
  public static TestServer over(Queue queue) throws Exception {
    Setup setup = new Setup();
    setup.queue = queue;
    return new TestServer(setup);
  }

  /** Makes a further server over the same store, as a restart would; not started. */
  public HttpServer secondHttp() throws Exception {
    return new HttpServer(
        new HttpConfig(
            setup.host,
            0,
            setup.credentials,
            setup.defaultOu,
            setup.corsOrigins,
            setup.limits,
            setup.ingestLimits,
            "1.2.3"),
        new HttpServices(
            setup.queue == null ? storage.queue() : setup.queue,
            rules,
            scoring.progress(),
            null,
            storage.reads(),
            storage.configuration(),
            storage.accounts(),
            storage.failedEvents(),
            storage.shares(),
            storage.watches(),
            leadChanges,
            webhooks(),
            stream(),
            metrics,
            new SecretKeySpec(
                "a key of thirty-two bytes length".getBytes(StandardCharsets.UTF_8), "HmacSHA256"),
            time,
            movable,
            chaos,
            setup.allowReset
                ? (unit, configuration) ->
                    storage.reset(unit, configuration ? baseline() : null, rules::replace)
                : null,
            canWrite::get,
            () -> facts.get()));
  }

  private static Baseline baseline() {
    return new Baseline(List.of(unitDefault()), Map.of(), Set.of());
  }

  /** Makes one and has everything shown to it, in place of an earlier one. */
  LiveStream stream() {
    LiveStream stream = setup.stream.of(time, clock, storage.reads().deliveries());
    storage.show(stream);
    storage.deliveries().watch(stream.deliveries());
    scoring.show(stream);
    leadChanges.listen(metrics, stream);
    return stream;
  }

  WebhookServices webhooks() {
    return new WebhookServices(
        storage.channels(),
        storage.deliveries(),
        storage.notificationPrefs(),
        new AddressGuard(setup.allowPrivateWebhooks),
        webhooks == null ? null : webhooks.rounds());
  }

  /** Sets what is in force in {@code unit_default}, beside its rulesets and what was set before. */
  public void change(UnaryOperator<RuleSetup.Builder> change) {
    List<RuleSetup> setups = new ArrayList<>();
    for (OrgUnit unit : rules.current().units()) {
      RuleSetup now = rules.current().setup(unit.key());
      setups.add(
          unit.unitId().equals("unit_default") ? change.apply(now.newBuilder()).build() : now);
    }
    rules.replace(setups);
  }

  /** Returns what is in force in {@code unit_default}. */
  public RuleSetup setup() {
    OrgUnit unit = Objects.requireNonNull(rules.current().unit("unit_default"));
    return rules.current().setup(unit.key());
  }

  /** Takes an event in and scores it. */
  public void event(String leadId, String eventType, String timestamp, String metadata)
      throws Exception {
    HttpResponse<String> answer =
        ingest(
            "{\"lead_id\":\""
                + leadId
                + "\",\"event_type\":\""
                + eventType
                + "\",\"timestamp\":\""
                + timestamp
                + "\",\"metadata\":"
                + metadata
                + "}");
    if (answer.statusCode() != 202) {
      throw new AssertionError(answer.body());
    }
    score();
  }

  /** Returns the body of a GET that must be answered with 200. */
  public String ok(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  /** Scores everything that is stored. */
  public void score() throws Exception {
    while (scoring.step() || scoring.isHeldUp()) {}
  }

  /** Returns everything that is served. */
  public List<Route> table() {
    return http.table();
  }

  public HttpServer http() {
    return http;
  }

  public int port() {
    return http.port();
  }

  /**
   * Returns the value of a {@code Cookie} header that makes {@code unitId} active for {@code auth}.
   */
  public String cookie(String auth, String unitId) throws Exception {
    HttpResponse<String> answer =
        send("POST", "/org-units/active", "{\"ouId\":\"" + unitId + "\"}", "Authorization", auth);
    String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
    return cookie.substring(0, cookie.indexOf(';'));
  }

  /** Calls as {@code dev} within {@code unit_default}. */
  public HttpResponse<String> call(String method, String path, @Nullable String body)
      throws Exception {
    return send(method, path, body, "Authorization", DEV, "Cookie", cookie(DEV, "unit_default"));
  }

  public HttpResponse<String> get(String path) throws Exception {
    return call("GET", path, null);
  }

  public HttpResponse<String> ingest(String body) throws Exception {
    return call("POST", "/ingest", body);
  }

  public HttpResponse<String> send(
      String method, String path, @Nullable String body, String... headers) throws Exception {
    return Documented.answer(
        client.send(request(method, path, body, headers), BodyHandlers.ofString()));
  }

  /** Waits until {@code /metrics} shows {@code sample}: an exchange is over after its answer. */
  public void awaitSample(String sample) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    String text;
    do {
      text = send("GET", "/metrics", null).body();
      if (text.lines().anyMatch(sample::equals)) {
        return;
      }
    } while (System.nanoTime() < deadline);
    throw new AssertionError(sample + " is not in\n" + text);
  }

  /** Posts a batch as {@code dev} within {@code unit_default}. */
  public HttpResponse<String> batch(byte[] body, String... moreHeaders) throws Exception {
    return post("/ingest/batch", "application/x-ndjson", body, moreHeaders);
  }

  /** Posts {@code body} as {@code dev} within {@code unit_default}. */
  public HttpResponse<String> post(
      String path, String contentType, byte[] body, String... moreHeaders) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", DEV)
            .header("Cookie", cookie(DEV, "unit_default"))
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofByteArray(body));
    if (moreHeaders.length > 0) {
      request.headers(moreHeaders);
    }
    return Documented.answer(client.send(request.build(), BodyHandlers.ofString()));
  }

  public CompletableFuture<HttpResponse<String>> sendLater(
      String method, String path, @Nullable String body, String... headers) {
    return client
        .sendAsync(request(method, path, body, headers), BodyHandlers.ofString())
        .thenApply(Documented::answer);
  }

  private HttpRequest request(
      String method, String path, @Nullable String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  public static String basic(String clientId, String secret) {
    byte[] pair = (clientId + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  public void close() {
    http.close();
    if (webhooks != null) {
      webhooks.close();
    }
    storage.close();
  }

  private static HttpLimits withoutAuthDelay() {
    HttpLimits usual = HttpLimits.DEFAULT;
    return new HttpLimits(
        usual.maxBodyBytes(),
        usual.maxHeaderBytes(),
        usual.maxConnections(),
        usual.idleTimeout(),
        usual.headerTimeout(),
        usual.bodyTimeout(),
        usual.writeTimeout(),
        Duration.ZERO);
  }

  private static RuleSetup unitDefault() {
    OrgUnit unit = new OrgUnit(0, "unit_default", "org_default", "Default", "default", null, true);
    Ruleset primary =
        ruleset(
            "rs_main",
            "Main",
            true,
            List.of(
                rule(
                    "rl_pricing",
                    "Page View",
                    10,
                    List.of(new Condition("path", Operator.CONTAINS, "/pricing"))),
                rule("rl_view", "Page View", 1, List.of()),
                rule("rl_form", "Form Submit", 20, List.of()),
                rule("rl_bye", "Unsubscribe", -15, List.of())));
    Ruleset other =
        ruleset("rs_other", "Other", false, List.of(rule("rl_other", "Form Submit", 7, List.of())));
    return RuleSetup.builder(unit).rulesets(List.of(primary, other)).build();
  }

  private static RuleSetup unitB() {
    OrgUnit unit = new OrgUnit(0, "unit_b", "org_default", "EMEA Sales", "emea-sales", "x7", false);
    return RuleSetup.builder(unit).build();
  }

  private static Ruleset ruleset(String id, String name, boolean primary, List<Rule> rules) {
    return new Ruleset(
        0, id, name, "", "engagement_score", true, primary, DateWindow.ALWAYS, 0, rules);
  }

  private static Rule rule(String id, String type, int weight, List<Condition> filters) {
    return new Rule(0, id, type, weight, true, filters, DateWindow.ALWAYS, 0);
  }
}
