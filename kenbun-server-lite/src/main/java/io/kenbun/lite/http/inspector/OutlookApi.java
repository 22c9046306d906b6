package io.kenbun.lite.http.inspector;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Query;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.LeadReads;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What half-lives will make of a lead's scores if it does nothing more. On workers. */
final class OutlookApi {
  private static final int DEFAULT_DAYS = 90;
  private static final int MAX_DAYS = 365;

  /** How many points a curve has, the one of now not counted. */
  private static final int STEPS = 60;

  private final LeadReads leads;
  private final Rules rules;
  private final InstantSource clock;

  OutlookApi(LeadReads leads, Rules rules, InstantSource clock) {
    this.leads = leads;
    this.rules = rules;
    this.clock = clock;
  }

  /**
   * {@code GET /lite/lead/{leadID}/outlook?days=90}: {@code points} of {@code at} and {@code
   * scores}, the first of them now. Decay rules, which take points for inactivity, are left out.
   */
  void read(Call call) throws StorageException {
    Query query = call.query();
    int days = query.whole("days", DEFAULT_DAYS, 1, MAX_DAYS);
    long stepMillis = Duration.ofDays(days).toMillis() / STEPS;
    Rules.Snapshot snapshot = rules.current();
    long unit = call.unit().key();
    RuleSetup setup = snapshot.setup(unit);
    long nowMillis = clock.millis();
    String leadId = call.pathValue("leadID");
    JsonOut out = new JsonOut().beginObject();
    out.field("lead_id", leadId).field("days", days).beginArray("points");
    for (int step = 0; step <= STEPS; step++) {
      long atMillis = nowMillis + step * stepMillis;
      write(setup, atMillis, lead(unit, snapshot.engine(unit), atMillis, leadId), out);
    }
    call.answer(200, out.endArray().endObject());
  }

  private Lead lead(long unit, @Nullable Engine engine, long atMillis, String leadId)
      throws StorageException {
    Lead lead = leads.lead(unit, engine, atMillis, leadId);
    if (lead == null) {
      throw Problem.notFound("no such lead");
    }
    return lead;
  }

  private static void write(RuleSetup setup, long atMillis, Lead lead, JsonOut out) {
    out.beginObject().timeField("at", atMillis).beginObject("scores");
    for (Ruleset ruleset : setup.rulesets()) {
      Long score = lead.scores().get(ruleset.key());
      if (score != null) {
        out.field(ruleset.id(), score.longValue());
      }
    }
    out.endObject().endObject();
  }
}
