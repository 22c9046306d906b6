package io.kenbun.lite.http.triggers;

import static io.kenbun.lite.http.call.Routes.Needs.UNIT;
import static io.kenbun.lite.http.call.Routes.On.WORKER;

import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.store.Reads;
import java.util.ArrayList;
import java.util.List;

/** The part of the table about what fires. */
public final class TriggerRoutes {
  private TriggerRoutes() {}

  /** Returns the routes. */
  public static List<Route> of(RuleChanges changes, Reads reads, Receivers receivers) {
    DestinationFields destinations = new DestinationFields(receivers);
    FiringApi firings = new FiringApi(reads.firings());
    List<Route> table = new ArrayList<>();
    table.addAll(new MilestoneApi(changes, destinations).routes("/triggers"));
    table.addAll(new SequenceApi(changes, destinations).routes("/sequences"));
    table.addAll(new SurgeApi(changes, destinations).routes("/surge-triggers"));
    table.addAll(
        List.of(
            new Route("GET", "/milestone-events", UNIT, WORKER, firings::milestones),
            new Route("GET", "/sequence-events", UNIT, WORKER, firings::sequences),
            new Route("GET", "/surge-events", UNIT, WORKER, firings::surges)));
    return table;
  }
}
