package io.kenbun.lite.http;

import io.kenbun.lite.http.auth.ActiveOu;
import io.kenbun.lite.http.auth.Auth;
import io.kenbun.lite.http.call.BodyBudget;
import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.http.call.InFlight;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Routes;
import io.kenbun.lite.http.call.Watch;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Ticks;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import org.jspecify.annotations.Nullable;

/**
 * What every request passes, in this order: where it comes from, what it wants, whether we are
 * still serving, who calls, for which unit.
 */
final class Gate implements HttpHandler {
  /** Tells a client on every answer what it may use here and not everywhere. */
  private static final HttpString CAPABILITIES = new HttpString("Kenbun-Capabilities");

  /** Has a browser take every answer for what its type says, JSON with markup in it too. */
  private static final HttpString NO_SNIFF = new HttpString("X-Content-Type-Options");

  private final Origins origins;
  private final Routes routes;
  private final Auth auth;
  private final ActiveOu activeOu;
  private final Rules rules;
  private final @Nullable String defaultOu;
  private final HttpLimits limits;
  private final Watch watch;
  private final BodyBudget budget;
  private final InFlight inFlight;
  private volatile boolean stopping;

  Gate(
      Origins origins,
      Routes routes,
      Auth auth,
      ActiveOu activeOu,
      Rules rules,
      @Nullable String defaultOu,
      HttpLimits limits,
      BodyBudget budget,
      InFlight inFlight,
      Watch watch) {
    this.origins = origins;
    this.routes = routes;
    this.auth = auth;
    this.activeOu = activeOu;
    this.rules = rules;
    this.defaultOu = defaultOu;
    this.limits = limits;
    this.budget = budget;
    this.inFlight = inFlight;
    this.watch = watch;
  }

  /** Has every call from now on refused, but those that need no credential. */
  void stop() {
    stopping = true;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    Call call = new Call(exchange, limits, budget, watch, Ticks.nanos());
    inFlight.enter();
    exchange.addExchangeCompleteListener(
        (done, next) -> {
          inFlight.leave();
          call.over();
          next.proceed();
        });
    // Outside of Undertow's own call, at whose return it would end the exchange.
    exchange.dispatch(SameThreadExecutor.INSTANCE, () -> pass(exchange, call));
  }

  private void pass(HttpServerExchange exchange, Call call) {
    call.header(CAPABILITIES, "ingest-batch, idempotency-key");
    call.header(NO_SNIFF, "nosniff");
    call.showRequestId();
    boolean refusing = stopping;
    if (refusing) {
      call.last();
    }
    try {
      checkFraming(exchange, call);
      origins.check(exchange.getRequestHeaders());
      origins.share(call);
      String path = Target.path(exchange);
      if (exchange.getRequestMethod().equals(Methods.OPTIONS)) {
        String methods = routes.allowed(path);
        call.header(Headers.ALLOW, methods);
        origins.allow(call, methods);
        call.answerNothing();
        return;
      }
      Routes.Match match = routes.match(exchange.getRequestMethod().toString(), path);
      Routes.Route route = match.route();
      if (route.needs() == Routes.Needs.NOTHING) {
        enter(match, call, Credential.ANYONE);
      } else if (refusing) {
        throw Problem.shuttingDown();
      } else {
        auth.authenticate(call, caller -> enter(match, call, caller));
      }
    } catch (Exception e) {
      call.fail(e);
    }
  }

  /**
   * Refuses a transfer coding other than plain {@code chunked}, and ends the connection: Undertow
   * reads any of them as chunked, and a proxy before us may not, so that the two would see the next
   * request begin in different places (RFC 9112, section 6.1).
   */
  private static void checkFraming(HttpServerExchange exchange, Call call) {
    HeaderValues codings = exchange.getRequestHeaders().get(Headers.TRANSFER_ENCODING);
    if (codings != null
        && (codings.size() != 1 || !codings.getFirst().equalsIgnoreCase("chunked"))) {
      call.last();
      throw Problem.invalidField("Transfer-Encoding", "Transfer-Encoding is not chunked");
    }
  }

  private void enter(Routes.Match match, Call call, Credential caller) throws Exception {
    Routes.Route route = match.route();
    if (route.isKept()) {
      call.mayBeKept();
    }
    call.passed(match.pathValues(), caller, null);
    if (route.needs() == Routes.Needs.UNIT) {
      call.passed(match.pathValues(), caller, unit(caller, call.exchange()));
    }
    switch (route.on()) {
      case IO_THREAD -> route.handler().handle(call);
      case WORKER -> call.onWorker(() -> route.handler().handle(call));
    }
  }

  private OrgUnit unit(Credential caller, HttpServerExchange exchange) {
    String unitId = activeOu.unitId(caller, exchange.getRequestHeaders());
    if (unitId == null) {
      unitId = defaultOu;
    }
    // A unit that has gone since it was activated counts as not set, too.
    OrgUnit unit = unitId == null ? null : rules.current().unit(unitId);
    if (unit == null) {
      throw Problem.activeOuNotSet();
    }
    if (!caller.mayUse(unit.unitId())) {
      throw Problem.forbidden("credential may not use this OU");
    }
    return unit;
  }
}
