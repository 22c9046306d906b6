package io.kenbun.lite.http.leads;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Query;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.leads.LeadQuery;
import io.kenbun.lite.store.reads.Reads;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leads, alone and in lists ({@code api.md} 6.1, 6.2, 6.4, 7.5). Runs on workers. */
final class LeadApi {
  private static final int DEFAULT_TOP = 10;

  private final Reads reads;
  private final Rules rules;
  private final InstantSource clock;

  LeadApi(Reads reads, Rules rules, InstantSource clock) {
    this.reads = reads;
    this.rules = rules;
    this.clock = clock;
  }

  /** {@code GET /leads}: one page of the unit's leads. */
  void list(Call call) throws StorageException {
    long unit = call.unit().key();
    Rules.Snapshot snapshot = rules.current();
    RuleSetup setup = snapshot.setup(unit);
    LeadQuery asked = LeadFilters.of(call, setup, clock);
    Page<Lead> page = reads.leadLists().page(setup, snapshot.engine(unit), clock.millis(), asked);
    JsonOut out = new JsonOut().beginObject().beginArray("leads");
    for (Lead lead : page.items()) {
      write(setup, lead, out);
    }
    out.endArray()
        .field("total", page.total())
        .field("page", page.page())
        .field("limit", page.limit())
        .endObject();
    call.answer(200, out);
  }

  /** {@code GET /lead/{leadID}}. */
  void one(Call call) throws StorageException {
    answer(call, lead(call));
  }

  /** Answers with the lead, as it is shown alone. */
  void answer(Call call, Lead lead) {
    RuleSetup setup = rules.current().setup(call.unit().key());
    JsonOut out = new JsonOut().beginObject();
    out.field("lead_id", lead.leadId()).field("org_id", call.unit().orgId());
    out.field("score", Scores.headline(setup, lead));
    Scores.writeLevels(setup, lead, out);
    times(lead, out);
    out.field("owner_name", lead.ownerName()).jsonField("metadata", lead.profile());
    call.answer(200, out.endObject());
  }

  /** {@code GET /lead/by-alias?kind=email&value=…}. */
  void byAlias(Call call) throws StorageException {
    Lead lead = leadByAlias(call);
    JsonOut out = new JsonOut().beginObject();
    out.field("lead_id", lead.leadId()).field("email", firstEmail(lead));
    call.answer(200, out.jsonField("metadata", lead.profile()).endObject());
  }

  /** Returns the lead that {@code kind} and {@code value} of the query name, or throws 404. */
  Lead leadByAlias(Call call) throws StorageException {
    Query query = call.query();
    String kindName = query.text("kind");
    AliasKind kind = kindName == null ? AliasKind.EMAIL : AliasKind.of(kindName);
    if (kind == null) {
      throw Problem.unknownAliasKind("kind", String.valueOf(kindName));
    }
    String value = query.text("value");
    if (value == null) {
      throw Problem.missingField("value");
    }
    long unit = call.unit().key();
    Lead lead =
        reads
            .leads()
            .leadByAlias(
                unit, rules.current().engine(unit), clock.millis(), new Alias(kind, value));
    if (lead == null) {
      throw Problem.notFound("no lead with that alias");
    }
    return lead;
  }

  /** {@code GET /top-leads?limit=}: the highest scores of the primary ruleset. */
  void top(Call call) throws StorageException {
    int limit = call.query().whole("limit", DEFAULT_TOP, 1, Query.MAX_LIMIT);
    Rules.Snapshot snapshot = rules.current();
    RuleSetup setup = snapshot.setup(call.unit().key());
    Ruleset primary = setup.primaryRuleset();
    JsonOut out = new JsonOut().beginObject().beginArray("leads");
    if (primary != null) {
      Engine engine = snapshot.engine(call.unit().key());
      List<Lead> top = new ArrayList<>(reads.leadLists().top(setup, engine, clock.millis(), limit));
      // Chosen by what was last written; in between some may have faded more than others.
      top.sort(Comparator.comparingLong((Lead lead) -> -Scores.headline(setup, lead)));
      for (Lead lead : top) {
        out.beginObject()
            .field("lead_id", lead.leadId())
            .field("score", Scores.headline(setup, lead))
            .timeField("last_event_at", lead.lastEventAtMillis())
            .endObject();
      }
    }
    call.answer(200, out.endArray().endObject());
  }

  /** Returns the lead that the path names, with its scores now, or throws 404. */
  Lead lead(Call call) throws StorageException {
    long unit = call.unit().key();
    Lead lead =
        reads
            .leads()
            .lead(unit, rules.current().engine(unit), clock.millis(), call.pathValue("leadID"));
    if (lead == null) {
      throw Problem.notFound("no such lead");
    }
    return lead;
  }

  private @Nullable String firstEmail(Lead lead) throws StorageException {
    for (Alias alias : reads.leads().aliases(lead)) {
      if (alias.kind() == AliasKind.EMAIL) {
        return alias.value();
      }
    }
    return null;
  }

  private static void write(RuleSetup setup, Lead lead, JsonOut out) {
    OrgUnit unit = setup.unit();
    Ruleset primary = setup.primaryRuleset();
    out.beginObject().field("org_id", unit.orgId()).field("lead_id", lead.leadId());
    out.field("score", Scores.headline(setup, lead));
    out.field("ruleset_id", Scores.rulesetId(setup, lead));
    Scores.writeLevels(setup, lead, out);
    times(lead, out);
    out.field("owner_name", lead.ownerName());
    Scores.write(setup, lead, out);
    out.beginObject("ruleset_names");
    for (Ruleset ruleset : setup.rulesets()) {
      if (lead.scores().containsKey(ruleset.key())) {
        out.field(ruleset.id(), ruleset.name());
      }
    }
    for (ProfileRuleset ruleset : setup.profileRulesets()) {
      if (lead.profileScores().containsKey(ruleset.key())) {
        out.field(ruleset.id(), ruleset.name());
      }
    }
    ProfileRuleset profile = Scores.primaryProfileRuleset(setup);
    out.endObject()
        .field("engagement_primary_ruleset_name", primary == null ? "" : primary.name())
        .field("profile_primary_ruleset_name", profile == null ? "" : profile.name())
        .endObject();
  }

  private static void times(Lead lead, JsonOut out) {
    out.timeField("last_event_at", lead.lastEventAtMillis())
        .timeField("created_at", lead.createdAtMillis())
        .timeField("updated_at", lead.updatedAtMillis());
  }
}
