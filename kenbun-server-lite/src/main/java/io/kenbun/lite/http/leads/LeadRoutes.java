package io.kenbun.lite.http.leads;

import static io.kenbun.lite.http.call.Routes.Needs.CREDENTIAL;
import static io.kenbun.lite.http.call.Routes.Needs.NOTHING;
import static io.kenbun.lite.http.call.Routes.Needs.UNIT;
import static io.kenbun.lite.http.call.Routes.On.IO_THREAD;
import static io.kenbun.lite.http.call.Routes.On.WORKER;

import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.store.Shares;
import io.kenbun.lite.store.Watches;
import io.kenbun.lite.store.reads.Reads;
import java.time.InstantSource;
import java.util.List;

/** The part of the table about leads, their events and their scores. */
public final class LeadRoutes {
  private LeadRoutes() {}

  public static List<Route> of(
      Reads reads,
      Rules rules,
      RuleChanges changes,
      LeadChanges byPeople,
      Shares shared,
      Watches watched,
      InstantSource clock) {
    EventApi events = new EventApi(reads, clock);
    EventTypeApi types = new EventTypeApi(reads.events(), changes);
    FigureApi figures = new FigureApi(reads.events(), reads.figures(), rules, clock);
    LeadApi leads = new LeadApi(reads, rules, clock);
    ScoreApi scores = new ScoreApi(leads, reads.scores(), rules, clock);
    ShareApi shares = new ShareApi(leads, reads, shared, rules, clock);
    RuleTestApi ruleTests = new RuleTestApi(reads, rules, clock);
    LeadProfileApi profiles = new LeadProfileApi(leads, reads.leads(), byPeople.profiles(), rules);
    WatchApi watches = new WatchApi(leads, watched, clock);
    LeadChangeApi leadChanges = new LeadChangeApi(byPeople, reads, rules);
    RescoreApi rescores = new RescoreApi(byPeople.rescores(), rules);
    return List.of(
        new Route("GET", "/events", UNIT, WORKER, events::list),
        new Route("GET", "/events/{leadID}", UNIT, WORKER, events::ofLead),
        new Route("GET", "/event-types", UNIT, WORKER, types::list),
        new Route("GET", "/event-types/{eventType}/properties", UNIT, WORKER, types::properties),
        new Route("GET", "/event-stats", UNIT, WORKER, figures::stats),
        new Route("GET", "/events-analytics", UNIT, WORKER, figures::analytics),
        new Route("GET", "/leads", UNIT, WORKER, leads::list),
        new Route("GET", "/top-leads", UNIT, WORKER, leads::top),
        new Route("GET", "/lead/by-alias", UNIT, WORKER, leads::byAlias),
        new Route("GET", "/lead/{leadID}", UNIT, WORKER, leads::one),
        new Route("GET", "/leads/{leadID}", UNIT, WORKER, leads::one),
        new Route("PUT", "/lead/{leadID}", UNIT, IO_THREAD, profiles::update),
        new Route("PATCH", "/lead/{leadID}/metadata", UNIT, IO_THREAD, profiles::patch),
        new Route("PATCH", "/lead/by-alias/metadata", UNIT, IO_THREAD, profiles::patchByAlias),
        new Route("GET", "/leads/metadata/properties", UNIT, WORKER, profiles::properties),
        new Route("GET", "/lead/{leadID}/aliases", UNIT, WORKER, profiles::aliases),
        new Route("POST", "/leads/{leadID}/watch", UNIT, IO_THREAD, watches::watch),
        new Route("DELETE", "/leads/{leadID}/watch", UNIT, WORKER, watches::unwatch),
        new Route("GET", "/watched-leads", UNIT, WORKER, watches::list),
        new Route("GET", "/score/{leadID}", UNIT, WORKER, scores::score),
        new Route("GET", "/leads/{leadID}/score", UNIT, WORKER, scores::score),
        new Route("GET", "/lead/{leadID}/score-explain", UNIT, WORKER, scores::explain),
        new Route("GET", "/lead/{leadID}/score-history", UNIT, WORKER, scores::history),
        new Route("GET", "/score-gains", UNIT, WORKER, scores::gains),
        new Route("POST", "/leads/{leadID}/share-explain", UNIT, WORKER, shares::create),
        new Route("GET", "/public/score-explain/{token}", NOTHING, WORKER, shares::read),
        new Route("POST", "/engagement-scoring/test", UNIT, IO_THREAD, ruleTests::engagement),
        new Route(
            "POST",
            "/api/v1/ou/{ouId}/scoring-rules/test",
            CREDENTIAL,
            IO_THREAD,
            ruleTests::older),
        new Route("POST", "/profile-scoring/test", UNIT, IO_THREAD, ruleTests::profile),
        new Route("DELETE", "/events/batch", UNIT, IO_THREAD, leadChanges::deleteEvents),
        new Route(
            "DELETE",
            "/event-types/{eventType}/events",
            UNIT,
            WORKER,
            leadChanges::deleteEventsOfType),
        new Route("DELETE", "/lead/{leadID}", UNIT, WORKER, leadChanges::delete),
        new Route("GET", "/lead/{leadID}/deletion", UNIT, WORKER, leadChanges::deletion),
        new Route("POST", "/leads/{leadID}/reset-scores", UNIT, WORKER, leadChanges::reset),
        new Route("POST", "/leads/merge/preview", UNIT, IO_THREAD, leadChanges::previewMerge),
        new Route("POST", "/leads/merge", UNIT, IO_THREAD, leadChanges::merge),
        new Route(
            "POST",
            "/api/v1/ou/{ouId}/scoring/rescore-preview",
            CREDENTIAL,
            WORKER,
            rescores::preview),
        new Route(
            "POST", "/api/v1/ou/{ouId}/scoring/rescore", CREDENTIAL, WORKER, rescores::rescore),
        new Route(
            "POST",
            "/api/v1/ou/{ouId}/profile-scoring/rescore-preview",
            CREDENTIAL,
            WORKER,
            rescores::previewProfiles),
        new Route(
            "POST",
            "/api/v1/ou/{ouId}/profile-scoring/rescore",
            CREDENTIAL,
            WORKER,
            rescores::rescoreProfiles),
        new Route("GET", "/settings/ou/event-types", UNIT, WORKER, types::settings),
        new Route("PUT", "/settings/ou/event-types/{name}", UNIT, IO_THREAD, types::hide));
  }
}
