package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import org.jspecify.annotations.Nullable;

/** How other things name the engagement ruleset that they are about. */
public final class Rulesets {
  private Rulesets() {}

  /** Returns the ruleset that {@code ruleset_id} names, or throws 404 with the field. */
  static Ruleset named(JsonBody body, RuleSetup setup) {
    String id = body.rawText("ruleset_id");
    return setup.rulesets().stream()
        .filter(ruleset -> ruleset.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Problem.notFound(body.path("ruleset_id"), "no such ruleset"));
  }

  /** Reads the key of the ruleset that {@code ruleset_id} names; null clears. */
  public static @Nullable Long read(JsonBody body, RuleSetup setup, @Nullable Long absent) {
    if (!body.has("ruleset_id")) {
      return absent;
    }
    return body.isGiven("ruleset_id") ? named(body, setup).key() : null;
  }

  /** Returns the id of the ruleset of that key, or null. */
  public static @Nullable String id(RuleSetup setup, @Nullable Long key) {
    return setup.rulesets().stream()
        .filter(ruleset -> key != null && key == ruleset.key())
        .map(Ruleset::id)
        .findFirst()
        .orElse(null);
  }
}
