package io.kenbun.lite.http;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.Rules;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.util.SameThreadExecutor;
import org.jspecify.annotations.Nullable;

/**
 * What every request passes, in this order: where it comes from, what it wants, whether we are
 * still serving, who calls, for which unit.
 */
final class Gate implements HttpHandler {
  /** Tells a client on every answer what it may use here and not everywhere. */
  private static final HttpString CAPABILITIES = new HttpString("Kenbun-Capabilities");

  private final Origins origins;
  private final Routes routes;
  private final Auth auth;
  private final ActiveOu activeOu;
  private final Rules rules;
  private final @Nullable String defaultOu;
  private final HttpLimits limits;
  private final InFlight inFlight = new InFlight();
  private volatile boolean stopping;

  Gate(
      Origins origins,
      Routes routes,
      Auth auth,
      ActiveOu activeOu,
      Rules rules,
      @Nullable String defaultOu,
      HttpLimits limits) {
    this.origins = origins;
    this.routes = routes;
    this.auth = auth;
    this.activeOu = activeOu;
    this.rules = rules;
    this.defaultOu = defaultOu;
    this.limits = limits;
  }

  InFlight inFlight() {
    return inFlight;
  }

  /** Has every call from now on refused, but those that need no credential. */
  void stop() {
    stopping = true;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    inFlight.enter();
    exchange.addExchangeCompleteListener(
        (done, next) -> {
          inFlight.leave();
          next.proceed();
        });
    // Outside of Undertow's own call, at whose return it would end the exchange.
    exchange.dispatch(SameThreadExecutor.INSTANCE, () -> pass(exchange));
  }

  private void pass(HttpServerExchange exchange) {
    Call call = new Call(exchange, limits);
    call.header(CAPABILITIES, "ingest-batch, idempotency-key");
    boolean refusing = stopping;
    if (refusing) {
      call.last();
    }
    try {
      origins.check(exchange.getRequestHeaders());
      Routes.Match match =
          routes.match(exchange.getRequestMethod().toString(), exchange.getRequestURI());
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

  private void enter(Routes.Match match, Call call, Credential caller) throws Exception {
    Routes.Route route = match.route();
    OrgUnit unit = route.needs() == Routes.Needs.UNIT ? unit(caller, call.exchange()) : null;
    call.passed(match.pathValues(), caller, unit);
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
