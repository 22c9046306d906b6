package io.kenbun.lite.http;

import io.kenbun.lite.store.Reads;
import io.kenbun.lite.store.UnitCounts;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of the table that sets things up. What has an older and a newer path in the contract has
 * one implementation under both.
 */
final class ConfigurationRoutes {
  private final List<Routes.Route> table = new ArrayList<>();

  private ConfigurationRoutes() {}

  static List<Routes.Route> of(RuleChanges changes, Reads reads) {
    UnitCounts counts = new UnitCounts(reads);
    ConfigurationRoutes routes = new ConfigurationRoutes();
    routes.engagement("", changes);
    routes.engagement("/engagement-scoring", changes);
    routes.halfLives(new HalfLifeApi(changes));
    routes.decays(new DecayApi(changes));
    routes.metadataFilters(new MetadataFilterApi(changes, counts));
    routes.velocityFilters(new VelocityFilterApi(changes));
    routes.levels("/engagement-levels", new LevelApi(changes, false));
    routes.levels("/profile-levels", new LevelApi(changes, true));
    routes.profile(changes);
    routes.settings(new SettingsApi(changes, counts));
    return routes.table;
  }

  private void engagement(String prefix, RuleChanges changes) {
    RulesetApi rulesets = new RulesetApi(changes);
    String all = prefix + "/rulesets";
    String one = all + "/{id}";
    read(all, rulesets::list);
    write("POST", all, rulesets::create);
    read(one, rulesets::one);
    write("PUT", one, rulesets::update);
    delete(one, rulesets::delete);
    read(one + "/rules", rulesets::rules);
    write("PUT", one + "/reorder", rulesets::reorder);
    RuleApi rules = new RuleApi(changes);
    read(prefix + "/rules", rules::list);
    write("POST", prefix + "/rules", rules::create);
    write("PUT", prefix + "/rules/{id}", rules::update);
    delete(prefix + "/rules/{id}", rules::delete);
  }

  private void halfLives(HalfLifeApi halfLives) {
    read("/scoring/half-life-suggestions", halfLives::suggestions);
    write("POST", "/scoring/half-life-suggestions/apply", halfLives::apply);
  }

  private void decays(DecayApi decays) {
    read("/decays", decays::list);
    write("POST", "/decays", decays::create);
    write("PUT", "/decays/{id}", decays::update);
    delete("/decays/{id}", decays::delete);
  }

  private void metadataFilters(MetadataFilterApi filters) {
    read("/metadata-filters", filters::list);
    write("POST", "/metadata-filters", filters::create);
    write("PUT", "/metadata-filters/{id}", filters::update);
    delete("/metadata-filters/{id}", filters::delete);
  }

  private void velocityFilters(VelocityFilterApi filters) {
    read("/inorganic-filters", filters::list);
    write("POST", "/inorganic-filters", filters::create);
    write("PUT", "/inorganic-filters/{id}", filters::update);
    delete("/inorganic-filters/{id}", filters::delete);
  }

  private void levels(String all, LevelApi levels) {
    read(all, levels::list);
    write("POST", all, levels::create);
    write("PUT", all + "/{id}", levels::update);
    delete(all + "/{id}", levels::delete);
  }

  private void profile(RuleChanges changes) {
    ProfileMappingApi mappings = new ProfileMappingApi(changes);
    read("/profile-mappings", mappings::list);
    write("POST", "/profile-mappings", mappings::create);
    write("PUT", "/profile-mappings/{id}", mappings::update);
    delete("/profile-mappings/{id}", mappings::delete);
    ProfileRulesetApi rulesets = new ProfileRulesetApi(changes);
    String all = "/profile-scoring/rulesets";
    String one = all + "/{id}";
    read(all, rulesets::list);
    write("POST", all, rulesets::create);
    read(one, rulesets::one);
    write("PUT", one, rulesets::update);
    delete(one, rulesets::delete);
    ProfileRuleApi rules = new ProfileRuleApi(changes);
    read(one + "/rules", rules::list);
    write("POST", one + "/rules", rules::create);
    write("PUT", one + "/rules/{ruleId}", rules::update);
    delete(one + "/rules/{ruleId}", rules::delete);
  }

  private void settings(SettingsApi settings) {
    read("/settings/scoring", settings::scoring);
    write("PUT", "/settings/scoring", settings::updateScoring);
    read("/settings/ou/event-types", settings::eventTypes);
    write("PUT", "/settings/ou/event-types/{name}", settings::hideEventType);
  }

  /** A worker answers: thousands of rules take a while to write. */
  private void read(String template, Routes.Handler handler) {
    route("GET", template, Routes.On.WORKER, handler);
  }

  /** The body is read on the I/O thread; a worker does the rest. */
  private void write(String method, String template, Routes.Handler handler) {
    route(method, template, Routes.On.IO_THREAD, handler);
  }

  private void delete(String template, Routes.Handler handler) {
    route("DELETE", template, Routes.On.WORKER, handler);
  }

  private void route(String method, String template, Routes.On on, Routes.Handler handler) {
    table.add(new Routes.Route(method, template, Routes.Needs.UNIT, on, handler));
  }
}
