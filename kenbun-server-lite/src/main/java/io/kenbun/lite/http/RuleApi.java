package io.kenbun.lite.http;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.StorageException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Engagement rules ({@code scoring.md} 4.2, 4.3). A change leaves earlier scores as they are. */
final class RuleApi {
  private final RuleChanges changes;

  RuleApi(RuleChanges changes) {
    this.changes = changes;
  }

  /** A rule and the ruleset that it is in. */
  private record Placed(Ruleset ruleset, Rule rule) {}

  /** {@code GET /rules}: of all rulesets, in their order, highest priority first. */
  void list(Call call) {
    JsonOut out = new JsonOut().beginObject().beginArray("rules");
    for (Ruleset ruleset : changes.current(call.unit()).rulesets()) {
      for (Rule rule : ruleset.rules()) {
        write(ruleset, rule, out);
      }
    }
    call.answer(200, out.endArray().endObject());
  }

  /** {@code POST /rules}: last in the order of its ruleset. */
  void create(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body ->
            save(call, 201, before -> read(RulesetApi.named(body, "ruleset_id", before), body)));
  }

  /** {@code PUT /rules/{id}}: changes what is given. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body ->
            save(
                call,
                200,
                before -> {
                  Placed known = find(before, call.pathValue("id"));
                  if (body.isGiven("ruleset_id")
                      && !body.rawText("ruleset_id").equals(known.ruleset().id())) {
                    throw body.invalid("ruleset_id", "cannot change: " + known.ruleset().id());
                  }
                  return new Placed(known.ruleset(), read(body, known.rule()));
                }));
  }

  /** Says what is wanted, given what there is. */
  private interface Wanted {
    Placed in(RuleSetup before);
  }

  private void save(Call call, int status, Wanted wanted) throws StorageException {
    RuleChanges.Changed<Long> changed =
        changes.make(
            call.unit(),
            (before, kept, now) -> {
              Placed placed = wanted.in(before);
              checkAlone(placed);
              return kept.saveRule(placed.ruleset().key(), placed.rule(), now);
            });
    Placed saved = find(changed.setup(), rule -> rule.key() == changed.made());
    JsonOut out = new JsonOut();
    write(saved.ruleset(), saved.rule(), out);
    call.answer(status, out);
  }

  private static Placed read(Ruleset ruleset, JsonBody body) {
    return new Placed(ruleset, read(body, null));
  }

  private static Rule read(JsonBody body, @Nullable Rule known) {
    return new Rule(
        known == null ? 0 : known.key(),
        known == null ? "" : known.id(),
        body.text(
            "event_type",
            1,
            RawEvent.MAX_EVENT_TYPE_LENGTH,
            known == null ? null : known.eventType()),
        body.whole(
            "weight", Rule.MIN_WEIGHT, Rule.MAX_WEIGHT, known == null ? null : known.weight()),
        body.bool("active", known == null || known.active()),
        Conditions.read(
            body, "attribute_filters", "field", 0, known == null ? List.of() : known.filters()),
        RulesetApi.window(body, known == null ? DateWindow.ALWAYS : known.window()),
        known == null ? 0 : known.priority(),
        body.wholeOrNull(
            "half_life_days",
            1,
            Rule.MAX_HALF_LIFE_DAYS,
            known == null ? null : known.halfLifeDays()),
        known == null ? 0 : known.createdAtMillis(),
        known == null ? 0 : known.updatedAtMillis());
  }

  /** Refuses a second rule for the same events: they would count twice, and mostly by mistake. */
  private static void checkAlone(Placed placed) {
    Rule wanted = placed.rule();
    Set<Condition> filters = new HashSet<>(wanted.filters());
    for (Rule other : placed.ruleset().rules()) {
      if (other.key() != wanted.key()
          && other.eventType().equals(wanted.eventType())
          && filters.equals(new HashSet<>(other.filters()))) {
        throw Problem.conflict(
            "event_type",
            "a rule of the ruleset has the same event_type and attribute_filters: " + other.id());
      }
    }
  }

  /** {@code DELETE /rules/{id}}. */
  void delete(Call call) throws StorageException {
    changes.make(
        call.unit(),
        (before, kept, now) -> {
          long key = find(before, call.pathValue("id")).rule().key();
          kept.deleteRule(key, now);
          return key;
        });
    call.answerNothing();
  }

  private static Placed find(RuleSetup setup, String id) {
    return find(setup, rule -> rule.id().equals(id));
  }

  private static Placed find(RuleSetup setup, Predicate<Rule> asked) {
    for (Ruleset ruleset : setup.rulesets()) {
      for (Rule rule : ruleset.rules()) {
        if (asked.test(rule)) {
          return new Placed(ruleset, rule);
        }
      }
    }
    throw Problem.notFound("no such rule");
  }

  static void write(Ruleset ruleset, Rule rule, JsonOut out) {
    out.beginObject()
        .field("id", rule.id())
        .field("ruleset_id", ruleset.id())
        .field("event_type", rule.eventType())
        .field("weight", rule.weight())
        .field("active", rule.active());
    Conditions.write("attribute_filters", "field", rule.filters(), out);
    out.field("half_life_days", rule.halfLifeDays());
    RulesetApi.write(rule.window(), out);
    out.field("priority", rule.priority())
        .timeField("created_at", rule.createdAtMillis())
        .timeField("updated_at", rule.updatedAtMillis())
        .endObject();
  }
}
