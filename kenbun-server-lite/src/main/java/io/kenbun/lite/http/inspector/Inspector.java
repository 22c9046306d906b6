package io.kenbun.lite.http.inspector;

import static io.kenbun.lite.http.call.Routes.Needs.NOTHING;
import static io.kenbun.lite.http.call.Routes.Needs.UNIT;
import static io.kenbun.lite.http.call.Routes.On.IO_THREAD;
import static io.kenbun.lite.http.call.Routes.On.WORKER;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Routes;
import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.http.call.StaticFiles;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.store.reads.Reads;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The part of the table that the inspector is: its page, its files, and what only it asks. */
public final class Inspector {
  private static final String PAGE = "/inspector/index.html";

  /** Nothing inline, nothing from elsewhere, in no frame: markup that got in could do nothing. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private final StaticFiles files =
      new StaticFiles(CONTENT_SECURITY_POLICY).folder("/inspector", "io/kenbun/lite/inspector");
  private final Routes.Handler status;

  private Inspector(Routes.Handler status) {
    this.status = status;
  }

  /**
   * Returns the routes.
   *
   * @param changes the table of what sets things up, all of which can be tried
   * @param status answers {@code GET /} to those who want no page
   */
  public static List<Route> routes(
      Reads reads, Rules rules, InstantSource clock, List<Route> changes, Routes.Handler status) {
    Inspector inspector = new Inspector(status);
    GainApi gains = new GainApi(reads.events(), rules);
    OutlookApi outlook = new OutlookApi(reads.leads(), rules, clock);
    TrialApi trials = new TrialApi(new Routes(changes), reads, clock);
    List<Route> routes = new ArrayList<>(inspector.files.routes());
    routes.add(new Route("GET", "/", NOTHING, IO_THREAD, inspector::home));
    routes.add(new Route("GET", "/lite/gains", UNIT, WORKER, gains::read));
    routes.add(new Route("GET", "/lite/lead/{leadID}/outlook", UNIT, WORKER, outlook::read));
    routes.add(new Route("POST", "/lite/try", UNIT, IO_THREAD, trials::change));
    return routes;
  }

  private void home(Call call) throws Exception {
    call.header(Headers.VARY, "Accept");
    if (wantsHtml(call.requestHeaders().get(Headers.ACCEPT))) {
      call.onWorker(() -> files.answer(call, PAGE));
    } else {
      status.handle(call);
    }
  }

  private static boolean wantsHtml(@Nullable HeaderValues accepted) {
    if (accepted != null) {
      for (String value : accepted) {
        if (value.toLowerCase(Locale.ROOT).contains("text/html")) {
          return true;
        }
      }
    }
    return false;
  }
}
