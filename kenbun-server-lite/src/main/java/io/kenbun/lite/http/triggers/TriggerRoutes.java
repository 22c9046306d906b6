package io.kenbun.lite.http.triggers;

import static io.kenbun.lite.http.call.Routes.Needs.UNIT;
import static io.kenbun.lite.http.call.Routes.On.IO_THREAD;
import static io.kenbun.lite.http.call.Routes.On.WORKER;

import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.store.reads.Reads;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The part of the table about what fires. */
public final class TriggerRoutes {
  private TriggerRoutes() {}

  /** Returns the routes. */
  public static List<Route> of(
      RuleChanges changes, Reads reads, WebhookServices webhooks, InstantSource clock) {
    DestinationFields destinations = new DestinationFields(webhooks);
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
    table.addAll(simulations(new SimulationApi(changes, reads, clock)));
    table.addAll(toldOfThem(reads, webhooks, clock));
    return table;
  }

  private static List<Route> simulations(SimulationApi simulations) {
    return List.of(
        new Route("POST", "/triggers/{id}/simulate", UNIT, IO_THREAD, simulations::milestone),
        new Route("POST", "/sequences/{id}/simulate", UNIT, IO_THREAD, simulations::sequence),
        new Route("POST", "/surge-triggers/{id}/simulate", UNIT, IO_THREAD, simulations::surge),
        new Route("POST", "/surge-triggers/{id}/preview", UNIT, IO_THREAD, simulations::preview));
  }

  private static List<Route> toldOfThem(
      Reads reads, WebhookServices webhooks, InstantSource clock) {
    ChannelApi channels = new ChannelApi(webhooks, clock);
    NotificationPrefsApi prefs = new NotificationPrefsApi(webhooks.prefs());
    DeliveryApi deliveries = new DeliveryApi(webhooks.deliveries(), reads.deliveries(), clock);
    return List.of(
        new Route("GET", "/notification-channels", UNIT, WORKER, channels::list),
        new Route("POST", "/notification-channels", UNIT, IO_THREAD, channels::create),
        new Route("GET", "/notification-channels/{id}", UNIT, WORKER, channels::one),
        new Route("PUT", "/notification-channels/{id}", UNIT, IO_THREAD, channels::update),
        new Route("DELETE", "/notification-channels/{id}", UNIT, WORKER, channels::delete),
        new Route("POST", "/notification-channels/{id}/test", UNIT, WORKER, channels::test),
        new Route("GET", "/me/notification-prefs", UNIT, WORKER, prefs::read),
        new Route("PUT", "/me/notification-prefs", UNIT, IO_THREAD, prefs::update),
        new Route("GET", "/lite/deliveries", UNIT, WORKER, deliveries::list),
        new Route("GET", "/lite/deliveries/{id}", UNIT, WORKER, deliveries::one),
        new Route("POST", "/lite/deliveries/{id}/retry", UNIT, WORKER, deliveries::retry),
        new Route("DELETE", "/lite/deliveries/{id}", UNIT, WORKER, deliveries::delete));
  }
}
