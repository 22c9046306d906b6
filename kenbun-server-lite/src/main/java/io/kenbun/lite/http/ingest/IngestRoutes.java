package io.kenbun.lite.http.ingest;

import static io.kenbun.lite.http.call.Routes.Needs.UNIT;
import static io.kenbun.lite.http.call.Routes.On.IO_THREAD;
import static io.kenbun.lite.http.call.Routes.On.WORKER;

import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.pipeline.Chaos;
import io.kenbun.lite.pipeline.Queue;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the table that takes events in. */
public final class IngestRoutes {
  private IngestRoutes() {}

  /**
   * Returns the routes.
   *
   * @param realClock what the rate of a credential goes by
   * @param chaos trouble on purpose, null for none
   */
  public static List<Route> of(
      Queue queue,
      InstantSource clock,
      InstantSource realClock,
      IngestLimits limits,
      @Nullable Chaos chaos) {
    RateLimit rateLimit = new RateLimit(limits.maxEventsPerSecond(), realClock);
    Ingest ingest = new Ingest(queue, clock, limits, rateLimit, chaos);
    Batch batch = new Batch(queue, clock, limits, rateLimit, chaos);
    Import imports = new Import(queue, clock, limits, rateLimit);
    return List.of(
        new Route("POST", "/ingest", UNIT, IO_THREAD, ingest::accept),
        new Route("POST", "/ingest/batch", UNIT, IO_THREAD, batch::accept),
        new Route("POST", "/import", UNIT, WORKER, imports::accept));
  }
}
