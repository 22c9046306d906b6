package io.kenbun.lite.http.call;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.Ticks;
import io.undertow.server.HttpServerExchange;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees every call: counts it, remembers it when it was refused, logs it at debug. Any thread. */
public final class Watch {
  private static final Logger log = LoggerFactory.getLogger("io.kenbun.lite.http.Access");

  private final Metrics metrics;
  private final InstantSource clock;
  private final RejectedRequests rejected = new RejectedRequests();
  private final AtomicLong requests = new AtomicLong();

  public Watch(Metrics metrics, InstantSource clock) {
    this.metrics = metrics;
    this.clock = clock;
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
    if (isCallers && call.isKnown()) {
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
          requests.incrementAndGet());
    }
  }
}
