package io.kenbun.lite.reference;

import io.kenbun.lite.engine.Decay;
import io.kenbun.lite.engine.Earned;
import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Ledger;
import io.kenbun.lite.engine.Policies;
import io.kenbun.lite.engine.Profile;
import io.kenbun.lite.engine.Replay;
import io.kenbun.lite.engine.Standing;
import io.kenbun.lite.engine.Suppression;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The engine with the least around it that makes scores of events: lists instead of a store, one
 * event at a time. What it gets wrong is the engine's doing.
 */
final class EngineWorld implements World {
  private final List<Kept> leads = new ArrayList<>();
  private final Map<String, Kept> byName = new HashMap<>();
  private final List<Stored> leadless = new ArrayList<>();
  private RuleSetup setup;
  private Engine engine;
  private long nowMillis;
  private long seqs;
  private long systemSeqs = Long.MIN_VALUE / 2;

  /** A lead. */
  private static final class Kept {
    final List<Stored> events = new ArrayList<>();
    final Ledger ledger = new Ledger();
    Map<String, Profile.Field> profile = Map.of();
    Map<Long, Long> profileScores = Map.of();
  }

  /** An event, or a {@code DECAY} of the engine's, which has no arrival. */
  private static final class Stored {
    final long seq;
    final Step.@Nullable Arrival event;
    final Suppression.@Nullable Verdict verdict;
    final String name;
    List<Contribution> contributions;
    Replay.@Nullable PastDecay decay;
    long timestampMillis;
    boolean removed;

    Stored(
        long seq,
        Step.@Nullable Arrival event,
        String name,
        Suppression.@Nullable Verdict verdict,
        List<Contribution> contributions) {
      this.seq = seq;
      this.event = event;
      this.name = name;
      this.verdict = verdict;
      this.contributions = contributions;
      this.timestampMillis = event == null ? 0 : event.timestampMillis();
    }

    Replay.Past past() {
      boolean activity = event != null && Policies.isActivity(event.eventType());
      return new Replay.Past(seq, timestampMillis, contributions, activity, removed, decay);
    }

    boolean isNumber(int number) {
      return event != null && event.number() == number;
    }
  }

  EngineWorld(RuleSetup setup, long nowMillis) {
    this.setup = setup;
    this.engine = new Engine(setup);
    this.nowMillis = nowMillis;
  }

  @Override
  public void apply(Step step) {
    if (step instanceof Step.Arrival event) {
      arrive(event);
    } else if (step instanceof Step.Clock clock) {
      nowMillis = clock.nowMillis();
    } else if (step instanceof Step.Sweep) {
      sweep();
    } else if (step instanceof Step.Change change) {
      sweep();
      setup = change.setup();
      engine = new Engine(setup);
      leads.forEach(this::replay);
    } else if (step instanceof Step.Reset reset) {
      Kept lead = leadOf(reset.ofEvent());
      if (lead != null) {
        lead.ledger.reset(nowMillis);
        lead.events.forEach(event -> event.removed = true);
      }
    } else if (step instanceof Step.Merge merge) {
      merge(merge);
    } else if (step instanceof Step.Delete delete) {
      delete(event -> delete.numbers().stream().anyMatch(event::isNumber));
    } else if (step instanceof Step.DeleteType delete) {
      delete(event -> event.event != null && event.event.eventType().equals(delete.eventType()));
    } else if (step instanceof Step.DeleteLead delete) {
      Kept lead = leadOf(delete.ofEvent());
      leads.remove(lead);
      byName.values().removeIf(other -> other == lead);
    } else if (step instanceof Step.Rescore) {
      leads.forEach(this::rescore);
    } else if (step instanceof Step.RescoreProfiles) {
      leads.stream()
          .filter(lead -> !lead.profile.isEmpty())
          .forEach(lead -> lead.profileScores = scores(lead.profileScores, lead.profile));
    }
  }

  @Override
  public void close() {}

  private void arrive(Step.Arrival event) {
    Map<String, @Nullable Object> metadata = texts(event.metadata());
    List<String> names = names(event);
    Kept found =
        names.stream()
            .limit(event.leadId() == null ? names.size() : 1)
            .map(byName::get)
            .filter(lead -> lead != null)
            .findFirst()
            .orElse(null);
    List<Stored> before =
        found != null
            ? found.events
            : leadless.stream().filter(stored -> stored.name.equals(names.get(0))).toList();
    Suppression.Verdict verdict =
        engine
            .suppression()
            .verdict(
                event.eventType(),
                event.timestampMillis(),
                () -> metadata,
                (after, until, enough) -> count(before, event.eventType(), after, until));
    Stored stored = new Stored(++seqs, event, names.get(0), verdict, List.of());
    if (verdict != null) {
      (found == null ? leadless : found.events).add(stored);
      return;
    }
    Kept lead = found == null ? new Kept() : found;
    if (found == null) {
      leads.add(lead);
    }
    names.forEach(name -> byName.putIfAbsent(name, lead));
    lead.events.add(stored);
    Earned earned = engine.earned(event.eventType(), event.timestampMillis(), () -> metadata);
    stored.removed = Policies.isBeforeReset(event.timestampMillis(), lead.ledger.resetMillis());
    boolean activity = Policies.isActivity(event.eventType());
    boolean taken;
    if (stored.removed) {
      taken = lead.ledger.takeRemoved(event.timestampMillis(), activity);
    } else {
      stored.contributions = earned.contributions();
      taken =
          lead.ledger.take(
              event.timestampMillis(),
              earned,
              activity,
              engine.decay(),
              application -> decayed(lead, application));
    }
    if (!taken) {
      replay(lead);
    }
    Map<String, Profile.Field> profile =
        engine.profile().updated(lead.profile, metadata, event.timestampMillis());
    enter(lead, profile);
  }

  private void enter(Kept lead, Map<String, Profile.Field> profile) {
    if (!Profile.haveSameValues(lead.profile, profile)) {
      lead.profileScores = scores(lead.profileScores, profile);
    }
    lead.profile = profile;
  }

  /** Of rulesets that are not in force any more they stay. */
  private Map<Long, Long> scores(Map<Long, Long> before, Map<String, Profile.Field> profile) {
    Map<Long, Long> scores = new HashMap<>(before);
    scores.putAll(engine.profile().scores(profile));
    return scores;
  }

  private static List<String> names(Step.Arrival event) {
    List<String> names = new ArrayList<>();
    if (event.leadId() != null) {
      names.add("lead_id:" + event.leadId());
    }
    for (Alias alias : event.aliases()) {
      names.add(alias.kind() + ":" + alias.key());
    }
    return names;
  }

  private static int count(List<Stored> events, String type, long after, long until) {
    return (int)
        events.stream()
            .filter(stored -> stored.event != null && stored.event.eventType().equals(type))
            .filter(stored -> stored.verdict == null || stored.verdict.isCounted())
            .filter(stored -> stored.timestampMillis > after && stored.timestampMillis <= until)
            .count();
  }

  private void sweep() {
    for (Kept lead : leads) {
      lead.ledger.decayUntil(nowMillis, engine.decay(), application -> decayed(lead, application));
    }
  }

  private void decayed(Kept lead, Decay.Application application) {
    Stored stored = new Stored(++systemSeqs, null, "", null, application.earned().contributions());
    stored.timestampMillis = application.timeMillis();
    stored.decay =
        new Replay.PastDecay(
            application.rule().key(),
            application.ruleset(),
            application.points(),
            application.inactiveSinceMillis());
    lead.events.add(stored);
  }

  private void replay(Kept lead) {
    List<Replay.Past> history =
        lead.events.stream().filter(event -> event.verdict == null).map(Stored::past).toList();
    Replay replay = Replay.run(lead.ledger, history, engine, nowMillis);
    lead.events.removeIf(event -> replay.removed().contains(event.seq));
    replay.added().forEach(application -> decayed(lead, application));
  }

  private @Nullable Kept leadOf(int number) {
    return leads.stream()
        .filter(lead -> lead.events.stream().anyMatch(event -> event.isNumber(number)))
        .findFirst()
        .orElse(null);
  }

  private void merge(Step.Merge step) {
    Kept target = leadOf(step.target());
    for (int number : step.sources()) {
      Kept source = leadOf(number);
      if (target == null || source == null || source == target) {
        continue;
      }
      leads.remove(source);
      byName.replaceAll((name, lead) -> lead == source ? target : lead);
      target.events.addAll(source.events);
      target.ledger.takeOver(source.ledger);
      enter(target, merged(target.profile, source.profile));
      replay(target);
    }
  }

  private Map<String, Profile.Field> merged(
      Map<String, Profile.Field> ours, Map<String, Profile.Field> theirs) {
    Map<String, Profile.Field> merged = new HashMap<>(ours);
    for (ProfileMapping mapping : setup.profileMappings()) {
      boolean latest = mapping.updateBehavior() == ProfileMapping.UpdateBehavior.ALWAYS_LATEST;
      Profile.Field other = theirs.get(mapping.profileField());
      if (other != null) {
        merged.merge(
            mapping.profileField(),
            other,
            (own, their) -> latest && their.atMillis() > own.atMillis() ? their : own);
      }
    }
    return merged;
  }

  private void delete(Predicate<Stored> deleted) {
    leadless.removeIf(deleted);
    for (Kept lead : leads) {
      if (lead.events.removeIf(deleted)) {
        replay(lead);
      }
    }
  }

  private void rescore(Kept lead) {
    for (Stored stored : lead.events) {
      Step.Arrival event = stored.event;
      if (event != null && stored.verdict == null && !stored.removed) {
        Map<String, @Nullable Object> metadata = texts(event.metadata());
        stored.contributions =
            engine
                .earned(event.eventType(), event.timestampMillis(), () -> metadata)
                .contributions();
      }
    }
    replay(lead);
  }

  /** Returns metadata as the engine takes it: scalars as text. */
  private static Map<String, @Nullable Object> texts(Map<String, @Nullable Object> metadata) {
    Map<String, @Nullable Object> texts = new HashMap<>();
    metadata.forEach((key, value) -> texts.put(key, Metadata.texts(value)));
    return texts;
  }

  @Override
  public State state() {
    sweep();
    TreeMap<Integer, State.Event> events = new TreeMap<>();
    TreeMap<Integer, State.Lead> known = new TreeMap<>();
    leadless.forEach(stored -> enter(null, stored, events));
    for (Kept lead : leads) {
      Integer first =
          lead.events.stream()
              .filter(stored -> stored.event != null)
              .map(stored -> stored.event.number())
              .min(Integer::compare)
              .orElse(null);
      lead.events.forEach(stored -> enter(first, stored, events));
      if (first != null) {
        known.put(first, lead(lead));
      }
    }
    return new State(events, known);
  }

  private static void enter(
      @Nullable Integer lead, Stored stored, Map<Integer, State.Event> events) {
    if (stored.event == null) {
      return;
    }
    Map<Long, Map<Long, Integer>> hits = new TreeMap<>();
    for (Contribution contribution :
        stored.removed ? List.<Contribution>of() : stored.contributions) {
      Map<Long, Integer> weights =
          hits.computeIfAbsent(contribution.ruleset(), r -> new TreeMap<>());
      contribution.hits().forEach(hit -> weights.put(hit.rule(), hit.weight()));
    }
    String reason = stored.verdict == null ? null : stored.verdict.reason().wireName();
    events.put(stored.event.number(), new State.Event(lead, reason, hits));
  }

  private State.Lead lead(Kept lead) {
    Map<String, String> profile = new HashMap<>();
    lead.profile.forEach((field, value) -> profile.put(field, value.value().toString()));
    long decays =
        lead.events.stream().filter(event -> event.decay != null && !event.removed).count();
    State.Scores scores = scores(lead);
    return new State.Lead(
        scores,
        profile,
        lead.profileScores,
        decays,
        State.levels(setup, scores.shown(), lead.profileScores));
  }

  private State.Scores scores(Kept lead) {
    Map<Long, Double> exact = new TreeMap<>();
    Map<Long, Long> shown = new TreeMap<>();
    boolean allowed = setup.settings().allowNegativeScores();
    Function<Long, Double> sums = sums(lead);
    for (Ruleset ruleset : setup.rulesets()) {
      double sum = sums.apply(ruleset.key());
      exact.put(ruleset.key(), allowed ? sum : Math.max(0, sum));
      shown.put(ruleset.key(), Policies.shown(sum, allowed));
    }
    return new State.Scores(exact, shown);
  }

  /** Returns the sums now: from what stands, or, when the clock is behind that, from scratch. */
  private Function<Long, Double> sums(Kept lead) {
    if (lead.ledger.standings().stream().allMatch(standing -> standing.isKnownAt(nowMillis))) {
      return ruleset -> {
        Standing standing = lead.ledger.standing(ruleset);
        return standing == null ? 0.0 : standing.sumAt(nowMillis);
      };
    }
    Ledger scratch = new Ledger(Standing.NEVER, Standing.NEVER, lead.ledger.resetMillis());
    scratch.watch(nowMillis);
    List<Replay.Past> history =
        lead.events.stream().filter(event -> event.verdict == null).map(Stored::past).toList();
    Replay.run(scratch, history, engine, nowMillis);
    return ruleset -> scratch.watched().getOrDefault(ruleset, 0.0);
  }
}
