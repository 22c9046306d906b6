package io.kenbun.lite.reference;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.SuppressionReason;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.reference.ReferenceLead.Decay;
import io.kenbun.lite.reference.ReferenceLead.Earned;
import io.kenbun.lite.reference.ReferenceLead.Fact;
import io.kenbun.lite.reference.ReferenceLead.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The contract's pipeline ({@code scoring.md} 13), one event at a time, nothing remembered. */
final class ReferenceWorld implements World {
  private static final Set<String> OURS = Set.of("DECAY", "score_reset", "lead_merged");

  private final List<ReferenceLead> leads = new ArrayList<>();
  private final Map<String, ReferenceLead> byLeadId = new HashMap<>();
  private final Map<Alias, ReferenceLead> byAlias = new HashMap<>();
  private final Map<String, List<Fact>> leadless = new HashMap<>();
  private final List<Fact> nobodys = new ArrayList<>();
  private RuleSetup setup;
  private long nowMillis;
  private int arrivals;

  ReferenceWorld(RuleSetup setup, long nowMillis) {
    this.setup = setup;
    this.nowMillis = nowMillis;
  }

  @Override
  public void apply(Step step) {
    if (step instanceof Step.Arrival event) {
      arrive(event);
    } else if (step instanceof Step.Clock clock) {
      nowMillis = clock.nowMillis();
    } else if (step instanceof Step.Sweep) {
      settle();
    } else if (step instanceof Step.Change change) {
      settle();
      setup = change.setup();
    } else if (step instanceof Step.Reset reset) {
      reset(reset);
    } else if (step instanceof Step.Merge merge) {
      merge(merge);
    } else if (step instanceof Step.Delete delete) {
      delete(delete.numbers()::contains, null);
    } else if (step instanceof Step.DeleteType delete) {
      delete(number -> false, delete.eventType());
    } else if (step instanceof Step.DeleteLead delete) {
      ReferenceLead lead = leadOf(delete.ofEvent());
      leads.remove(lead);
      byLeadId.values().removeIf(other -> other == lead);
      byAlias.values().removeIf(other -> other == lead);
    } else if (step instanceof Step.Rescore) {
      leads.forEach(this::rescore);
    } else if (step instanceof Step.RescoreProfiles) {
      leads.stream().filter(lead -> !lead.profile.isEmpty()).forEach(this::scoreProfile);
    }
    // The others are about what a server remembers, or how it groups its work: nothing here.
  }

  @Override
  public void close() {}

  private void settle() {
    for (ReferenceLead lead : leads) {
      for (Ruleset ruleset : setup.rulesets()) {
        if (ruleset.active()) {
          ReferenceFold.settle(setup, lead, ruleset, nowMillis);
        }
      }
    }
  }

  // ---- an event

  private void arrive(Step.Arrival event) {
    ReferenceLead lead = find(event);
    List<Fact> before = lead != null ? lead.facts : leadless.getOrDefault(name(event), List.of());
    arrivals++;
    SuppressionReason reason = null;
    boolean collapsed = false;
    if (filtered(event)) {
      reason = SuppressionReason.METADATA_FILTER;
    } else if (!OURS.contains(event.eventType())) {
      collapsed = fannedOut(event, before);
      reason = collapsed ? SuppressionReason.INORGANIC_GROUPED : tooFast(event, before);
    }
    Fact fact = new Fact(event, arrivals, reason, collapsed);
    if (reason != null && lead == null) {
      nobodys.add(fact);
      leadless.computeIfAbsent(name(event), name -> new ArrayList<>()).add(fact);
      return;
    }
    if (reason != null && lead != null) {
      lead.facts.add(fact);
      return;
    }
    if (lead == null) {
      lead = new ReferenceLead();
      leads.add(lead);
    }
    if (event.leadId() != null) {
      byLeadId.putIfAbsent(event.leadId(), lead);
    }
    for (Alias alias : event.aliases()) {
      byAlias.putIfAbsent(new Alias(alias.kind(), alias.key()), lead);
    }
    lead.facts.add(fact);
    lead.dropDecaysOfTimesThatWereNotQuiet();
    if (event.timestampMillis() < lead.resetAtMillis) {
      fact.removedByReset = true;
    } else {
      earn(fact);
    }
    map(lead, fact);
  }

  /** Returns what decides whose it is: the lead_id, else the first alias. */
  private static String name(Step.Arrival event) {
    return event.leadId() != null
        ? "lead_id " + event.leadId()
        : event.aliases().get(0).kind() + " " + event.aliases().get(0).key();
  }

  private @Nullable ReferenceLead find(Step.Arrival event) {
    if (event.leadId() != null) {
      return byLeadId.get(event.leadId());
    }
    return event.aliases().stream()
        .map(alias -> byAlias.get(new Alias(alias.kind(), alias.key())))
        .filter(lead -> lead != null)
        .findFirst()
        .orElse(null);
  }

  private boolean filtered(Step.Arrival event) {
    return setup.metadataFilters().stream()
        .filter(MetadataFilter::enabled)
        .filter(
            filter -> filter.eventType().isEmpty() || filter.eventType().equals(event.eventType()))
        .anyMatch(filter -> ReferenceMatcher.all(filter.conditions(), event.metadata()));
  }

  private boolean fannedOut(Step.Arrival event, List<Fact> before) {
    return ofType(event, before)
        .anyMatch(
            fact ->
                Math.abs(fact.timestampMillis() - event.timestampMillis())
                    < setup.settings().fanOutWindowMillis());
  }

  private @Nullable SuppressionReason tooFast(Step.Arrival event, List<Fact> before) {
    for (VelocityFilter filter : setup.velocityFilters()) {
      if (!filter.enabled() || !filter.eventType().equals(event.eventType())) {
        continue;
      }
      long from = event.timestampMillis() - filter.windowMillis();
      long count =
          1
              + ofType(event, before)
                  .filter(fact -> fact.timestampMillis() > from)
                  .filter(fact -> fact.timestampMillis() <= event.timestampMillis())
                  .count();
      if (filter.keepFirst() && count > Math.max(filter.countThreshold(), 1)) {
        return SuppressionReason.INORGANIC_GROUPED;
      }
      if (!filter.keepFirst() && count > filter.countThreshold()) {
        return SuppressionReason.INORGANIC;
      }
    }
    return null;
  }

  /** Returns those of the same type that velocity counts. */
  private static Stream<Fact> ofType(Step.Arrival event, List<Fact> before) {
    return before.stream()
        .filter(fact -> fact.event.eventType().equals(event.eventType()))
        .filter(fact -> fact.reason != SuppressionReason.METADATA_FILTER && !fact.collapsed);
  }

  private void earn(Fact fact) {
    Step.Arrival event = fact.event;
    if (setup.hiddenEventTypes().contains(event.eventType()) || OURS.contains(event.eventType())) {
      return;
    }
    for (Ruleset ruleset : setup.rulesets()) {
      List<Contribution.Hit> hits = new ArrayList<>();
      for (Rule rule : ruleset.rules()) {
        if (ruleset.active()
            && ruleset.window().covers(event.timestampMillis())
            && rule.active()
            && rule.window().covers(event.timestampMillis())
            && rule.eventType().equals(event.eventType())
            && ReferenceMatcher.all(rule.filters(), event.metadata())) {
          hits.add(new Contribution.Hit(rule.key(), rule.weight()));
        }
      }
      if (!hits.isEmpty()) {
        boolean clippable = !setup.settings().allowNegativeScores();
        fact.earned.put(ruleset.key(), new Earned(List.copyOf(hits), clippable));
      }
    }
  }

  // ---- the profile

  private void map(ReferenceLead lead, Fact fact) {
    boolean changed = false;
    for (ProfileMapping mapping : setup.profileMappings()) {
      Object found = Metadata.find(fact.event.metadata(), mapping.metadataKey());
      Object value = Metadata.texts(found);
      Field present = lead.profile.get(mapping.profileField());
      boolean takes =
          present == null
              || (mapping.updateBehavior() == ProfileMapping.UpdateBehavior.ALWAYS_LATEST
                  && fact.timestampMillis() >= present.atMillis());
      if (value != null && takes) {
        changed |= present == null || !present.value().equals(value);
        lead.profile.put(mapping.profileField(), new Field(value, fact.timestampMillis()));
      }
    }
    if (changed) {
      scoreProfile(lead);
    }
  }

  private void scoreProfile(ReferenceLead lead) {
    Map<String, @Nullable Object> values = new HashMap<>();
    lead.profile.forEach((field, value) -> values.put(field, value.value()));
    for (ProfileRuleset ruleset : setup.profileRulesets()) {
      if (ruleset.active()) {
        long sum =
            ruleset.rules().stream()
                .filter(ProfileRule::active)
                .filter(rule -> ReferenceMatcher.holds(rule.condition(), values))
                .mapToLong(ProfileRule::weight)
                .sum();
        boolean allowed = setup.settings().allowNegativeScores();
        lead.profileScores.put(ruleset.key(), allowed ? sum : Math.max(0, sum));
      }
    }
  }

  // ---- what people do to leads

  private @Nullable ReferenceLead leadOf(int number) {
    return leads.stream()
        .filter(lead -> lead.facts.stream().anyMatch(fact -> fact.event.number() == number))
        .findFirst()
        .orElse(null);
  }

  private void reset(Step.Reset step) {
    ReferenceLead lead = leadOf(step.ofEvent());
    if (lead != null) {
      lead.resetAtMillis = Math.max(lead.resetAtMillis, nowMillis);
      lead.facts.forEach(fact -> fact.removedByReset = true);
      lead.decays.replaceAll(Decay::reset);
    }
  }

  private void merge(Step.Merge step) {
    ReferenceLead target = leadOf(step.target());
    for (int number : step.sources()) {
      ReferenceLead source = leadOf(number);
      if (target == null || source == null || source == target) {
        continue;
      }
      leads.remove(source);
      byLeadId.replaceAll((id, lead) -> lead == source ? target : lead);
      byAlias.replaceAll((alias, lead) -> lead == source ? target : lead);
      target.facts.addAll(source.facts);
      target.resetAtMillis = Math.max(target.resetAtMillis, source.resetAtMillis);
      target.decays.addAll(source.decays);
      boolean changed = false;
      for (ProfileMapping mapping : setup.profileMappings()) {
        changed |= mergeField(mapping, target, source);
      }
      if (changed) {
        scoreProfile(target);
      }
      target.dropDecaysOfTimesThatWereNotQuiet();
    }
  }

  private static boolean mergeField(
      ProfileMapping mapping, ReferenceLead target, ReferenceLead source) {
    Field theirs = source.profile.get(mapping.profileField());
    Field ours = target.profile.get(mapping.profileField());
    boolean latest = mapping.updateBehavior() == ProfileMapping.UpdateBehavior.ALWAYS_LATEST;
    boolean takes =
        theirs != null && (ours == null || (latest && theirs.atMillis() > ours.atMillis()));
    if (takes) {
      target.profile.put(mapping.profileField(), theirs);
    }
    return takes && (ours == null || !ours.value().equals(theirs.value()));
  }

  private void delete(IntPredicate numbers, @Nullable String eventType) {
    for (ReferenceLead lead : leads) {
      lead.facts.removeIf(fact -> isDeleted(fact, numbers, eventType));
      lead.dropDecaysOfTimesThatWereNotQuiet();
    }
    nobodys.removeIf(fact -> isDeleted(fact, numbers, eventType));
    leadless.values().forEach(facts -> facts.retainAll(nobodys));
  }

  private static boolean isDeleted(Fact fact, IntPredicate numbers, @Nullable String eventType) {
    return numbers.test(fact.event.number()) || fact.event.eventType().equals(eventType);
  }

  private void rescore(ReferenceLead lead) {
    boolean clippable = !setup.settings().allowNegativeScores();
    for (Fact fact : lead.facts) {
      if (fact.reason == null && !fact.removedByReset) {
        fact.earned.clear();
        earn(fact);
      }
    }
    lead.decays.replaceAll(
        decay ->
            new Decay(
                decay.rule(),
                decay.ruleset(),
                decay.baseMillis(),
                decay.timestampMillis(),
                decay.points(),
                clippable,
                decay.removedByReset()));
  }

  // ---- what is known

  @Override
  public State state() {
    settle();
    TreeMap<Integer, State.Event> events = new TreeMap<>();
    TreeMap<Integer, State.Lead> known = new TreeMap<>();
    for (Fact fact : nobodys) {
      events.put(fact.event.number(), event(null, fact));
    }
    for (ReferenceLead lead : leads) {
      Integer first =
          lead.facts.stream().map(fact -> fact.event.number()).min(Integer::compare).orElse(null);
      for (Fact fact : lead.facts) {
        events.put(fact.event.number(), event(first, fact));
      }
      if (first != null) {
        known.put(first, lead(lead));
      }
    }
    return new State(events, known);
  }

  private static State.Event event(@Nullable Integer lead, Fact fact) {
    Map<Long, Map<Long, Integer>> hits = new TreeMap<>();
    if (!fact.removedByReset) {
      fact.earned.forEach(
          (ruleset, earned) ->
              earned
                  .hits()
                  .forEach(
                      hit ->
                          hits.computeIfAbsent(ruleset, r -> new TreeMap<>())
                              .put(hit.rule(), hit.weight())));
    }
    return new State.Event(lead, fact.reason == null ? null : fact.reason.wireName(), hits);
  }

  private State.Lead lead(ReferenceLead lead) {
    Map<String, String> profile = new LinkedHashMap<>();
    lead.profile.forEach((field, value) -> profile.put(field, value.value().toString()));
    long decays = lead.decays.stream().filter(decay -> !decay.removedByReset()).count();
    State.Scores scores = scores(lead);
    return new State.Lead(
        scores,
        profile,
        lead.profileScores,
        decays,
        List.of(
            level(setup.engagementLevels(), headline(scores)),
            level(setup.profileLevels(), profileHeadline(lead))));
  }

  /** That of the ruleset marked primary; without one, of the oldest that is active. */
  private long headline(State.Scores scores) {
    Ruleset headline = null;
    for (Ruleset ruleset : setup.rulesets()) { // The oldest comes first.
      if (ruleset.primary() || (ruleset.active() && headline == null)) {
        headline = ruleset;
      }
    }
    return headline == null ? 0 : scores.shown().getOrDefault(headline.key(), 0L);
  }

  /** There is one profile ruleset at most. */
  private long profileHeadline(ReferenceLead lead) {
    return setup.profileRulesets().isEmpty()
        ? 0
        : lead.profileScores.getOrDefault(setup.profileRulesets().get(0).key(), 0L);
  }

  private static String level(List<Level> levels, long score) {
    String name = "Unclassified";
    for (Level level : levels) {
      Integer max = level.maxScore();
      if (score >= level.minScore() && (max == null || score <= max)) {
        name = level.name();
      }
    }
    return name;
  }

  private State.Scores scores(ReferenceLead lead) {
    Map<Long, Double> exact = new TreeMap<>();
    Map<Long, Long> shown = new TreeMap<>();
    boolean allowed = setup.settings().allowNegativeScores();
    for (Ruleset ruleset : setup.rulesets()) {
      double sum = ReferenceFold.sum(setup, lead, ruleset.key(), nowMillis);
      double score = allowed ? sum : Math.max(0, sum);
      exact.put(ruleset.key(), score);
      shown.put(ruleset.key(), Math.round(Math.abs(score)) * (score < 0 ? -1 : 1));
    }
    return new State.Scores(exact, shown);
  }
}
