package io.kenbun.lite.http;

import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;

/** How a lead's scores are spelled, the same in every answer ({@code scoring.md} 5.4). */
final class Scores {
  private Scores() {}

  /** Returns the score of the primary ruleset, 0 when it never gave the lead points. */
  static long headline(RuleSetup setup, Lead lead) {
    Ruleset primary = setup.primaryRuleset();
    return primary == null ? 0 : lead.scores().getOrDefault(primary.key(), 0L);
  }

  /** Returns the id of the primary ruleset, empty when the lead has no engagement score. */
  static String rulesetId(RuleSetup setup, Lead lead) {
    Ruleset primary = setup.primaryRuleset();
    boolean any = setup.rulesets().stream().anyMatch(r -> lead.scores().containsKey(r.key()));
    return primary == null || !any ? "" : primary.id();
  }

  /** Writes the two maps of ruleset id to score; nothing gives profile scores yet. */
  static void write(RuleSetup setup, Lead lead, JsonOut out) {
    out.beginObject("engagement_scores");
    for (Ruleset ruleset : setup.rulesets()) {
      Long score = lead.scores().get(ruleset.key());
      if (score != null) {
        out.field(ruleset.id(), score);
      }
    }
    out.endObject().beginObject("profile_scores").endObject();
  }
}
