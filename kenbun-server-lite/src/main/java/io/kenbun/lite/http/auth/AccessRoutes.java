package io.kenbun.lite.http.auth;

import static io.kenbun.lite.http.call.Routes.Needs.CREDENTIAL;
import static io.kenbun.lite.http.call.Routes.Needs.NOTHING;
import static io.kenbun.lite.http.call.Routes.Needs.UNIT;
import static io.kenbun.lite.http.call.Routes.On.IO_THREAD;
import static io.kenbun.lite.http.call.Routes.On.WORKER;

import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.pipeline.Rules;
import java.time.InstantSource;
import java.util.List;

/** The part of the table that says who may call, and for which unit. */
public final class AccessRoutes {
  private AccessRoutes() {}

  public static List<Route> of(
      Rules rules,
      RuleChanges changes,
      ActiveOu activeOu,
      IssuedCredentials issued,
      SessionApi sessions,
      InstantSource clock) {
    OrgUnitApi units = new OrgUnitApi(rules, changes, activeOu);
    SecretApi secrets = new SecretApi(issued, clock);
    TokenApi tokens = new TokenApi(issued, clock);
    CallerApi callers = new CallerApi();
    return List.of(
        new Route("GET", "/me", CREDENTIAL, IO_THREAD, callers::me),
        new Route("POST", "/auth/cleanup-cookies", NOTHING, IO_THREAD, callers::cleanUpCookies),
        new Route("GET", "/org-units", CREDENTIAL, WORKER, units::list),
        new Route("POST", "/org-units", CREDENTIAL, IO_THREAD, units::create),
        new Route("PUT", "/org-units/{id}", CREDENTIAL, IO_THREAD, units::rename),
        new Route("GET", "/lite/session", NOTHING, IO_THREAD, sessions::read),
        new Route("POST", "/lite/session", NOTHING, IO_THREAD, sessions::signIn),
        new Route("DELETE", "/lite/session", NOTHING, IO_THREAD, sessions::signOut),
        new Route("GET", "/secrets", UNIT, WORKER, secrets::list),
        new Route("POST", "/secrets", UNIT, IO_THREAD, secrets::create),
        new Route("PUT", "/secrets/{id}", UNIT, IO_THREAD, secrets::update),
        new Route("DELETE", "/secrets/{id}", UNIT, WORKER, secrets::delete),
        new Route("GET", "/settings/tokens", CREDENTIAL, WORKER, tokens::list),
        new Route("POST", "/settings/tokens", CREDENTIAL, IO_THREAD, tokens::create),
        new Route("DELETE", "/settings/tokens/{id}", CREDENTIAL, WORKER, tokens::delete),
        new Route("POST", "/org-units/active", CREDENTIAL, IO_THREAD, units::activate));
  }
}
