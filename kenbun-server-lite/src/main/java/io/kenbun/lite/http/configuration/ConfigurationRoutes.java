package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Routes;
import io.kenbun.lite.store.reads.EventReads;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of the table that sets things up. What has an older and a newer path in the contract has
 * one implementation under both.
 */
public final class ConfigurationRoutes {
  private final List<Routes.Route> table = new ArrayList<>();

  private ConfigurationRoutes() {}

  public static List<Routes.Route> of(RuleChanges changes, EventReads events) {
    ConfigurationRoutes routes = new ConfigurationRoutes();
    routes.engagement("", changes);
    routes.engagement("/engagement-scoring", changes);
    routes.halfLives(new HalfLifeApi(changes));
    routes.resource("/decays", new DecayApi(changes));
    routes.resource("/metadata-filters", new MetadataFilterApi(changes, events));
    routes.resource("/inorganic-filters", new VelocityFilterApi(changes));
    routes.resource("/engagement-levels", new LevelApi(changes, false));
    routes.resource("/profile-levels", new LevelApi(changes, true));
    routes.resource("/profile-mappings", new ProfileMappingApi(changes));
    routes.profile(changes);
    routes.settings(new SettingsApi(changes));
    return routes.table;
  }

  private void engagement(String prefix, RuleChanges changes) {
    RulesetApi rulesets = new RulesetApi(changes);
    String all = prefix + "/rulesets";
    String one = all + "/{id}";
    resource(all, rulesets);
    read(one + "/rules", rulesets::rules);
    write("PUT", one + "/reorder", rulesets::reorder);
    resource(prefix + "/rules", new RuleApi(changes));
  }

  private void halfLives(HalfLifeApi halfLives) {
    read("/scoring/half-life-suggestions", halfLives::suggestions);
    write("POST", "/scoring/half-life-suggestions/apply", halfLives::apply);
  }

  private void profile(RuleChanges changes) {
    ProfileRulesetApi rulesets = new ProfileRulesetApi(changes);
    String all = "/profile-scoring/rulesets";
    String one = all + "/{id}";
    resource(all, rulesets);
    String rules = one + "/rules";
    table.addAll(new ProfileRuleApi(changes).routes(rules, rules + "/{ruleId}"));
  }

  private void settings(SettingsApi settings) {
    read("/settings/scoring", settings::scoring);
    write("PUT", "/settings/scoring", settings::updateScoring);
  }

  private void resource(String all, Resource<?, ?> resource) {
    table.addAll(resource.routes(all));
  }

  /** A worker answers: thousands of rules take a while to write. */
  private void read(String template, Routes.Handler handler) {
    route("GET", template, Routes.On.WORKER, handler);
  }

  /** The body is read on the I/O thread; a worker does the rest. */
  private void write(String method, String template, Routes.Handler handler) {
    route(method, template, Routes.On.IO_THREAD, handler);
  }

  private void route(String method, String template, Routes.On on, Routes.Handler handler) {
    table.add(new Routes.Route(method, template, Routes.Needs.UNIT, on, handler));
  }
}
