package io.kenbun.lite.http.call;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.Ticks;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees every call: counts it, remembers it when it was refused, logs it at debug. Any thread. */
public final class Watch {
  private static final Logger log = LoggerFactory.getLogger("io.kenbun.lite.http.Access");

  /**
   * Tells the calls of the inspector's page from those of the application that one looks into with
   * it: what the page was refused would only stand between what the application was.
   */
  public static final HttpString INSPECTOR = new HttpString("Kenbun-Inspector");

  private static final int MAX_REQUEST_ID_LENGTH = 128;

  private final Metrics metrics;
  private final InstantSource clock;
  private final RejectedRequests rejected = new RejectedRequests();
  private final AtomicLong requests = new AtomicLong();
  private final String idPrefix;

  public Watch(Metrics metrics, InstantSource clock) {
    this.metrics = metrics;
    this.clock = clock;
    this.idPrefix = Long.toString(clock.millis(), Character.MAX_RADIX) + '-';
  }

  /**
   * Returns what a request is called in its answer and in the log: what the caller calls it, 1 to
   * {@value #MAX_REQUEST_ID_LENGTH} visible ASCII characters, else a name of ours, which is the
   * start of the server and a number.
   */
  String requestId(@Nullable HeaderValues given) {
    if (given != null && given.size() == 1 && isVisible(given.getFirst())) {
      return given.getFirst();
    }
    return idPrefix + requests.incrementAndGet();
  }

  /** A name that could end the line of a log, or fill it, is none. */
  private static boolean isVisible(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) <= ' ' || id.charAt(i) > '~') {
        return false;
      }
    }
    return !id.isEmpty() && id.length() <= MAX_REQUEST_ID_LENGTH;
  }

  public RejectedRequests rejected() {
    return rejected;
  }

  /** A call's events are durable and its 202 goes out. */
  public void ingested(Call call, int events) {
    metrics.ingested(events, Ticks.nanos() - call.startNanos());
  }

  /** A call was refused; {@code body} is what was read of it, or null. */
  void refused(Call call, Problem problem, byte @Nullable [] body) {
    metrics.rejected(problem.code());
    // A wrong password, a flood and our own faults say nothing of what was sent, and would push out
    // what does.
    boolean isCallers =
        problem.status() < 500 && problem.status() != 401 && problem.status() != 429;
    if (isCallers && call.isKnown() && !call.requestHeaders().contains(INSPECTOR)) {
      remember(call, problem, 0, body);
    }
  }

  /** A line of a batch was refused; null stands for one that was too long to keep. */
  public void lineRefused(Call call, Problem problem, int line, byte @Nullable [] text) {
    metrics.rejected(problem.code());
    remember(call, problem, line, text);
  }

  private void remember(Call call, Problem problem, int line, byte @Nullable [] body) {
    HttpServerExchange exchange = call.exchange();
    OrgUnit unit = call.unitOrNull();
    rejected.add(
        new RejectedRequests.Entry(
            clock.millis(),
            exchange.getRequestMethod().toString(),
            exchange.getRequestURI(),
            problem.status(),
            problem.code(),
            String.valueOf(problem.getMessage()),
            problem.field(),
            line,
            body == null ? null : RejectedRequests.cut(body),
            call.caller().clientId(),
            unit == null ? null : unit.unitId()));
  }

  /** The exchange is over, answered or not. */
  void over(Call call) {
    HttpServerExchange exchange = call.exchange();
    String method = exchange.getRequestMethod().toString();
    metrics.answered(method, exchange.getStatusCode());
    if (log.isDebugEnabled()) {
      // No query: that is where names and addresses of leads stand.
      log.debug(
          "method={} path={} status={} micros={} bytes={} request={}",
          method,
          exchange.getRequestURI(),
          exchange.getStatusCode(),
          (Ticks.nanos() - call.startNanos()) / 1_000,
          exchange.getResponseBytesSent(),
          call.requestId());
    }
  }
}
