package io.kenbun.lite.http;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.StorageException;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/**
 * One request on its way: who calls, for which unit, and how to answer. Passes from thread to
 * thread but is used by one at a time; whichever answers, the I/O thread sends.
 */
final class Call {
  private static final Logger log = LoggerFactory.getLogger(Call.class);
  private static final String JSON = "application/json";

  /** How long the rest of a body that nobody reads may keep coming after the answer. */
  private static final long LINGER_MILLIS = 5_000;

  private final HttpServerExchange exchange;
  private final Map<String, String> pathValues;
  private final Credential caller;
  private final @Nullable OrgUnit unit;
  private final boolean last;

  /**
   * Makes the call of a request that has passed the gate.
   *
   * @param last whether the connection ends with the answer
   */
  Call(
      HttpServerExchange exchange,
      Map<String, String> pathValues,
      Credential caller,
      @Nullable OrgUnit unit,
      boolean last) {
    this.exchange = exchange;
    this.pathValues = pathValues;
    this.caller = caller;
    this.unit = unit;
    this.last = last;
  }

  Credential caller() {
    return caller;
  }

  /** Returns the active OU; the route must be one that needs it. */
  OrgUnit unit() {
    if (unit == null) {
      throw new IllegalStateException("route without an active OU");
    }
    return unit;
  }

  /** Returns what stands in the path for {@code {name}} of the route's template. */
  String pathValue(String name) {
    String value = pathValues.get(name);
    if (value == null) {
      throw new IllegalStateException("no such part of the path: " + name);
    }
    return value;
  }

  Query query() {
    return new Query(exchange.getQueryString());
  }

  HeaderMap requestHeaders() {
    return exchange.getRequestHeaders();
  }

  HttpServerExchange exchange() {
    return exchange;
  }

  XnioIoThread ioThread() {
    return exchange.getIoThread();
  }

  void header(HttpString name, String value) {
    exchange.getResponseHeaders().put(name, value);
  }

  void answer(int status, JsonOut json) {
    answer(status, json.bytes());
  }

  /** Answers with {@code json}; from any thread, once. */
  void answer(int status, byte[] json) {
    if (exchange.isInIoThread()) {
      send(status, json);
      return;
    }
    try {
      ioThread().execute(() -> send(status, json));
    } catch (RejectedExecutionException e) {
      log.debug("The server ended before an answer could be sent", e);
    }
  }

  /**
   * Answers with what went wrong; anything but a {@link Problem} is logged and told as internal.
   */
  void fail(Throwable cause) {
    Problem problem;
    if (cause instanceof Problem refusal) {
      problem = refusal;
    } else if (cause instanceof StorageException) {
      log.warn("{} could not be answered: storage", exchange.getRequestMethod(), cause);
      problem = Problem.storageUnavailable();
    } else {
      log.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), cause);
      problem = Problem.internal();
    }
    problem.headers().forEach(this::header);
    answer(problem.status(), problem.body());
  }

  private void send(int status, byte[] json) {
    if (exchange.isResponseStarted()) {
      return; // The caller has gone, or it failed after the answer was under way.
    }
    exchange.setStatusCode(status);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, JSON);
    if (last) {
      exchange.setPersistent(false);
    }
    if (!exchange.isRequestComplete()) {
      linger();
    }
    exchange.getResponseSender().send(ByteBuffer.wrap(json));
  }

  /**
   * Lets the rest of an unread body pass for a while. Closed at once, the connection would be reset
   * and the answer with it, before the caller has read it.
   */
  private void linger() {
    XnioExecutor.Key end =
        ioThread()
            .executeAfter(
                () -> IoUtils.safeClose(exchange.getConnection()),
                LINGER_MILLIS,
                TimeUnit.MILLISECONDS);
    exchange.addExchangeCompleteListener(
        (done, next) -> {
          end.remove();
          next.proceed();
        });
  }
}
