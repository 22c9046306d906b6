package io.kenbun.lite.engine;

import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which metadata of an event goes to the lead's profile, and what a profile is worth ({@code
 * scoring.md} 7). Immutable; any thread.
 */
public final class Profile {
  private final List<ProfileMapping> mappings;
  private final Map<Long, List<Scored>> rulesByRuleset = new LinkedHashMap<>();
  private final boolean allowNegativeScores;

  Profile(RuleSetup setup) {
    this.mappings = setup.profileMappings();
    this.allowNegativeScores = setup.settings().allowNegativeScores();
    for (ProfileRuleset ruleset : setup.profileRulesets()) {
      if (!ruleset.active()) {
        continue;
      }
      List<Scored> rules = new ArrayList<>();
      for (ProfileRule rule : ruleset.rules()) {
        if (rule.active()) {
          rules.add(new Scored(new Matcher(rule.condition()), rule.weight()));
        }
      }
      rulesByRuleset.put(ruleset.key(), rules);
    }
  }

  private record Scored(Matcher condition, int weight) {}

  /**
   * One field of a profile.
   *
   * @param value text, a {@code List} or a {@code Map}, as metadata has it, or a {@link Literal}
   * @param atMillis the timestamp of the event that brought it, or when somebody wrote it
   */
  public record Field(Object value, long atMillis) {}

  /**
   * A number or a boolean that stays one, as JSON spells it; rules see its text, as they do of
   * metadata.
   */
  public record Literal(String text) {}

  /** Says whether events' metadata is looked at. */
  public boolean isMapped() {
    return !mappings.isEmpty();
  }

  /**
   * Returns the profile after an event, the same object when nothing changes: the value with the
   * latest timestamp stays, or the one that came first, as the mapping says (7.1).
   */
  public Map<String, Field> updated(
      Map<String, Field> fields, Map<String, @Nullable Object> metadata, long timestampMillis) {
    Map<String, Field> updated = fields;
    for (ProfileMapping mapping : mappings) {
      Object value = Matcher.find(metadata, mapping.metadataKey());
      if (value == null) {
        continue;
      }
      Field known = updated.get(mapping.profileField());
      boolean stays =
          known != null
              && (mapping.updateBehavior() == ProfileMapping.UpdateBehavior.ONLY_IF_EMPTY
                  || known.atMillis() > timestampMillis);
      if (!stays) {
        if (updated == fields) {
          updated = new LinkedHashMap<>(fields);
        }
        updated.put(mapping.profileField(), new Field(value, timestampMillis));
      }
    }
    return updated;
  }

  /**
   * Returns the profile of a lead that takes another in: of a mapped field the latest value, or its
   * own where the first one stays.
   */
  public Map<String, Field> merged(Map<String, Field> fields, Map<String, Field> others) {
    Map<String, Field> merged = new LinkedHashMap<>(fields);
    others.forEach(
        (name, other) -> {
          Field own = merged.get(name);
          if (own == null || (own.atMillis() < other.atMillis() && !keepsFirst(name))) {
            merged.put(name, other);
          }
        });
    return merged;
  }

  /**
   * Says whether two profiles hold the same, whenever that came: a score changes only when what it
   * is about does (7.2), whatever has become of the rules meanwhile.
   */
  public static boolean haveSameValues(Map<String, Field> one, Map<String, Field> other) {
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream()
            .allMatch(
                field -> {
                  Field same = other.get(field.getKey());
                  return same != null && same.value().equals(field.getValue().value());
                });
  }

  private boolean keepsFirst(String field) {
    return mappings.stream()
        .anyMatch(
            mapping ->
                mapping.profileField().equals(field)
                    && mapping.updateBehavior() == ProfileMapping.UpdateBehavior.ONLY_IF_EMPTY);
  }

  /**
   * Returns the profile's score in each active ruleset, by key: the weights of the rules it meets,
   * not below zero unless that is allowed (7.2).
   */
  public Map<Long, Long> scores(Map<String, Field> fields) {
    Map<String, @Nullable Object> values = new HashMap<>();
    fields.forEach(
        (name, field) ->
            values.put(
                name, field.value() instanceof Literal literal ? literal.text() : field.value()));
    Map<Long, Long> scores = new LinkedHashMap<>();
    rulesByRuleset.forEach(
        (ruleset, rules) -> {
          long sum = 0;
          for (Scored rule : rules) {
            sum += rule.condition.matches(values) ? rule.weight : 0;
          }
          scores.put(ruleset, allowNegativeScores ? sum : Math.max(0, sum));
        });
    return scores;
  }
}
