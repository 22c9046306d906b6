package io.kenbun.lite.http.ops;

import static io.kenbun.lite.http.call.Routes.Needs.CREDENTIAL;
import static io.kenbun.lite.http.call.Routes.Needs.UNIT;
import static io.kenbun.lite.http.call.Routes.On.IO_THREAD;
import static io.kenbun.lite.http.call.Routes.On.WORKER;

import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.pipeline.Chaos;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.pipeline.MovableClock;
import io.kenbun.lite.store.queue.FailedEvents;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the table that the real service does not have. */
public final class LiteRoutes {
  private LiteRoutes() {}

  /**
   * Returns the routes.
   *
   * @param testClock null: it cannot be set
   * @param chaos null: there is none
   */
  public static List<Route> of(
      Drain drain,
      @Nullable MovableClock testClock,
      @Nullable Chaos chaos,
      FailedEvents failedEvents,
      ResetApi reset,
      LeadChanges leadChanges) {
    ClockApi clock = new ClockApi(testClock);
    ChaosApi trouble = new ChaosApi(chaos);
    FailedApi failed = new FailedApi(failedEvents);
    ReplayApi replay = new ReplayApi(leadChanges.rescores());
    return List.of(
        new Route("POST", "/lite/drain", CREDENTIAL, IO_THREAD, drain::drain),
        new Route("GET", "/lite/clock", CREDENTIAL, IO_THREAD, clock::read),
        new Route("PUT", "/lite/clock", CREDENTIAL, IO_THREAD, clock::set),
        new Route("GET", "/lite/chaos", CREDENTIAL, IO_THREAD, trouble::read),
        new Route("PUT", "/lite/chaos", CREDENTIAL, IO_THREAD, trouble::set),
        new Route("POST", "/lite/reset", UNIT, WORKER, reset::reset),
        new Route("POST", "/lite/replay", UNIT, WORKER, replay::replay),
        new Route("GET", "/lite/failed", UNIT, WORKER, failed::list),
        new Route("POST", "/lite/failed/{id}/retry", UNIT, WORKER, failed::retry),
        new Route("DELETE", "/lite/failed/{id}", UNIT, WORKER, failed::delete));
  }
}
