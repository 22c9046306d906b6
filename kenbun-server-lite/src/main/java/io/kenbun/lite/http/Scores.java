package io.kenbun.lite.http;

import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import org.jspecify.annotations.Nullable;

/** How a lead's scores are spelled, the same in every answer ({@code scoring.md} 5.4, 8). */
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

  /** Returns the score of the primary profile ruleset, 0 when it never gave the lead points. */
  static long profileHeadline(RuleSetup setup, Lead lead) {
    ProfileRuleset primary = primaryProfileRuleset(setup);
    return primary == null ? 0 : lead.profileScores().getOrDefault(primary.key(), 0L);
  }

  /** Returns the primary profile ruleset, else the oldest active one, else null. */
  static @Nullable ProfileRuleset primaryProfileRuleset(RuleSetup setup) {
    return setup.primaryProfileRuleset();
  }

  /** Writes the two maps of ruleset id to score. */
  static void write(RuleSetup setup, Lead lead, JsonOut out) {
    out.beginObject("engagement_scores");
    for (Ruleset ruleset : setup.rulesets()) {
      Long score = lead.scores().get(ruleset.key());
      if (score != null) {
        out.field(ruleset.id(), score);
      }
    }
    out.endObject().beginObject("profile_scores");
    for (ProfileRuleset ruleset : setup.profileRulesets()) {
      Long score = lead.profileScores().get(ruleset.key());
      if (score != null) {
        out.field(ruleset.id(), score);
      }
    }
    out.endObject();
  }

  /** Writes the levels that the two headline scores lie in. */
  static void writeLevels(RuleSetup setup, Lead lead, JsonOut out) {
    out.field("engagement_level", Level.nameOf(setup.engagementLevels(), headline(setup, lead)))
        .field("profile_level", Level.nameOf(setup.profileLevels(), profileHeadline(setup, lead)));
  }
}
