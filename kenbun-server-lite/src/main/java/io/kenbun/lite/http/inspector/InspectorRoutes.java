package io.kenbun.lite.http.inspector;

import static io.kenbun.lite.http.call.Routes.Needs.NOTHING;
import static io.kenbun.lite.http.call.Routes.Needs.UNIT;
import static io.kenbun.lite.http.call.Routes.On.WORKER;

import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.store.Reads;
import java.time.InstantSource;
import java.util.List;

/** The part of the table that only the inspector needs. */
public final class InspectorRoutes {
  private InspectorRoutes() {}

  public static List<Route> of(Reads reads, Rules rules, InstantSource clock) {
    PageFiles files = new PageFiles();
    GainApi gains = new GainApi(reads.events(), rules);
    OutlookApi outlook = new OutlookApi(reads.leads(), rules, clock);
    return List.of(
        new Route("GET", "/inspector/{file}", NOTHING, WORKER, call -> files.answer(call, call.pathValue("file"))),
        new Route("GET", "/lite/gains", UNIT, WORKER, gains::read),
        new Route("GET", "/lite/lead/{leadID}/outlook", UNIT, WORKER, outlook::read));
  }
}
