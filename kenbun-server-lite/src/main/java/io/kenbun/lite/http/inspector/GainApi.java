package io.kenbun.lite.http.inspector;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.EventReads;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which rules gave how many points for stored events. On workers. */
final class GainApi {
  private static final int MAX_EVENTS = 100;

  private final EventReads events;
  private final Rules rules;

  GainApi(EventReads events, Rules rules) {
    this.events = events;
    this.rules = rules;
  }

  /**
   * {@code GET /lite/gains?event_ids=evt_…,evt_…}: by event, those that gave nothing left out.
   * {@code ruleset_id} and {@code rule_id} are null where they are gone.
   */
  void read(Call call) throws StorageException {
    Set<Long> seqs = seqs(call);
    Names names = new Names(rules.current().setup(call.unit().key()));
    JsonOut out = new JsonOut().beginObject().beginObject("gains");
    Map<Long, List<Contribution>> found = events.contributions(call.unit().key(), seqs);
    for (long seq : seqs) {
      List<Contribution> contributions = found.get(seq);
      if (contributions == null) {
        continue;
      }
      out.beginArray(new EventId(seq).toString());
      for (Contribution contribution : contributions) {
        for (Contribution.Hit hit : contribution.hits()) {
          out.beginObject()
              .field("ruleset_id", names.rulesets.get(contribution.ruleset()))
              .field("rule_id", names.rules.get(hit.rule()))
              .field("points", hit.weight())
              .endObject();
        }
      }
      out.endArray();
    }
    call.answer(200, out.endObject().endObject());
  }

  private static Set<Long> seqs(Call call) {
    String ids = call.query().text("event_ids");
    if (ids == null) {
      throw Problem.missingField("event_ids");
    }
    Set<Long> seqs = new LinkedHashSet<>();
    for (String id : ids.split(",", -1)) {
      seqs.add(EventId.seqOf(id)); // What is none is of no event.
    }
    if (seqs.size() > MAX_EVENTS) {
      throw Problem.invalidField(
          "event_ids", "event_ids has more than " + MAX_EVENTS + " ids: " + seqs.size());
    }
    return seqs;
  }

  /** The ids of what is in force, by keys. */
  private static final class Names {
    final Map<Long, String> rulesets = new HashMap<>();
    final Map<Long, String> rules = new HashMap<>();

    Names(RuleSetup setup) {
      for (Ruleset ruleset : setup.rulesets()) {
        rulesets.put(ruleset.key(), ruleset.id());
        for (Rule rule : ruleset.rules()) {
          rules.put(rule.key(), rule.id());
        }
      }
      for (DecayRule decay : setup.decayRules()) {
        rules.put(-decay.key(), decay.id());
      }
    }
  }
}
