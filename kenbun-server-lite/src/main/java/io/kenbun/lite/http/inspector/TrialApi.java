package io.kenbun.lite.http.inspector;

import io.kenbun.lite.engine.DryRun;
import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Profile;
import io.kenbun.lite.engine.RulesTrial;
import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Routes;
import io.kenbun.lite.http.configuration.Resource;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import io.kenbun.lite.store.leads.LeadQuery;
import io.kenbun.lite.store.reads.DryRuns;
import io.kenbun.lite.store.reads.Reads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a call that sets something up would do to the leads there are, before it is made. On
 * workers.
 */
final class TrialApi {
  /** How many leads are looked at: of each order, the highest scores and the last active, half. */
  private static final int MAX_OF_ORDER = 100;

  private static final int MAX_SHOWN = 15;
  private static final int FIRINGS_DAYS = 30;

  private final Routes changes;
  private final Reads reads;
  private final InstantSource clock;

  /**
   * Makes it.
   *
   * @param changes the calls that can be tried, and others of the same objects
   */
  TrialApi(Routes changes, Reads reads, InstantSource clock) {
    this.changes = changes;
    this.reads = reads;
    this.clock = clock;
  }

  /**
   * {@code POST /lite/try}: {@code {"method":"PUT","path":"/decays/…","body":{…}}}, of any object
   * with rules, levels, filters or triggers. Refused as the call itself would be.
   */
  void change(Call call) throws Exception {
    JsonBody.readSecretForWorker(call, asked -> change(call, asked));
  }

  private void change(Call call, JsonBody asked) throws StorageException {
    String method = asked.rawText("method", 10);
    String path = asked.rawText("path", 1_000);
    Routes.Match match = match(method, path);
    if (!(match.route().handler() instanceof Resource.Changing changing)) {
      throw asked.invalid("path", "names nothing that can be tried: \"" + path + '"');
    }
    call.passed(match.pathValues(), call.caller(), call.unit());
    Configuration.Tried tried =
        changing.tried(call, asked.isGiven("body") ? asked.object("body") : JsonBody.EMPTY);
    answer(call, tried.before(), tried.after(), match.pathValues().getOrDefault("id", ""));
  }

  private Routes.Match match(String method, String path) {
    try {
      return changes.match(method, path);
    } catch (Problem e) {
      throw Problem.invalidField(
          "path", "path names nothing that can be tried: \"" + JsonBody.shortened(path) + '"');
    }
  }

  private void answer(Call call, RuleSetup before, RuleSetup after, String id)
      throws StorageException {
    long nowMillis = clock.millis();
    RulesTrial trial = new RulesTrial(before, after);
    Engine engine = new Engine(before);
    Map<Long, Lead> leads = new LinkedHashMap<>();
    long total = 0;
    for (LeadQuery.Sort order : List.of(LeadQuery.Sort.SCORE, LeadQuery.Sort.LAST_EVENT_AT)) {
      Page<Lead> page = reads.leadLists().page(before, engine, nowMillis, first(order));
      total = page.total();
      page.items().forEach(lead -> leads.putIfAbsent(lead.key(), lead));
    }
    DryRuns.Change change = change(trial, new ArrayList<>(leads.values()), nowMillis);
    JsonOut out = new JsonOut().beginObject();
    new Change(before, after).write(change, total, out);
    firings(trial, before, after, id, nowMillis, out);
    call.answer(200, out.endObject());
  }

  private DryRuns.Change change(RulesTrial trial, List<Lead> leads, long nowMillis)
      throws StorageException {
    try {
      return reads.dryRuns().change(trial, leads, Json::readMetadata, nowMillis);
    } catch (IllegalStateException e) { // A regex that takes for ever.
      throw Problem.invalidField("body", "body: " + e.getMessage());
    }
  }

  private static LeadQuery first(LeadQuery.Sort order) {
    return new LeadQuery(
        1, MAX_OF_ORDER, order, false, null, null, null, null, null, null, null, null);
  }

  /** Writes what a sequence or surge would have fired that is new or named by the path. */
  private void firings(
      RulesTrial trial, RuleSetup before, RuleSetup after, String id, long nowMillis, JsonOut out)
      throws StorageException {
    List<DryRun> runs = new ArrayList<>();
    after.sequences().stream()
        .filter(any -> any.id().equals(id) || !before.sequences().contains(any))
        .forEach(sequence -> runs.add(DryRun.of(sequence, trial.windows())));
    after.surges().stream()
        .filter(any -> any.id().equals(id) || !before.surges().contains(any))
        .forEach(surge -> runs.add(DryRun.of(surge, trial.windows())));
    for (DryRun run : runs) { // A call changes one at most.
      long fromMillis = nowMillis - Duration.ofDays(FIRINGS_DAYS).toMillis();
      DryRuns.Preview preview = reads.dryRuns().preview(run, after.unit().key(), fromMillis);
      out.beginObject("firings")
          .field("days", FIRINGS_DAYS)
          .field("firings", preview.firings())
          .field("leads", preview.leads())
          .field("events", preview.events())
          .field("complete", preview.complete())
          .beginArray("sample_leads");
      for (DryRuns.LeadFirings lead : preview.most()) {
        out.beginObject()
            .field("lead_id", lead.leadId())
            .field("firings", lead.firings())
            .endObject();
      }
      out.endArray().endObject();
    }
  }

  /** One change, and how it is told. */
  private record Change(RuleSetup before, RuleSetup after) {

    void write(DryRuns.Change change, long total, JsonOut out) {
      List<DryRuns.LeadChange> changed =
          change.leads().stream()
              .filter(this::isChange)
              .sorted(Comparator.comparingLong((DryRuns.LeadChange lead) -> -size(lead)))
              .toList();
      long suppressed = change.leads().stream().mapToLong(l -> l.outcome().suppressed()).sum();
      long released = change.leads().stream().mapToLong(l -> l.outcome().released()).sum();
      out.field("leads", total)
          .field("leads_tried", change.leads().size())
          .field("leads_changed", changed.size())
          .field("events", change.events())
          .field("events_suppressed", suppressed)
          .field("events_released", released)
          .field("complete", change.complete())
          .beginArray("changed");
      for (DryRuns.LeadChange lead : changed.subList(0, Math.min(MAX_SHOWN, changed.size()))) {
        write(lead, out);
      }
      out.endArray();
      levels("engagement_levels", change, RuleSetup::engagementLevels, Change::score, out);
      levels("profile_levels", change, RuleSetup::profileLevels, Change::profileScore, out);
    }

    private boolean isChange(DryRuns.LeadChange lead) {
      RulesTrial.Outcome outcome = lead.outcome();
      return outcome.isChange()
          || score(before, outcome.before()) != score(after, outcome.after())
          || profileScore(before, outcome.before()) != profileScore(after, outcome.after())
          || !level(before, outcome.before()).equals(level(after, outcome.after()))
          || !profileLevel(before, outcome.before()).equals(profileLevel(after, outcome.after()));
    }

    /** Returns by how much its scores change: those that people look at first count most. */
    private long size(DryRuns.LeadChange lead) {
      RulesTrial.Side was = lead.outcome().before();
      RulesTrial.Side then = lead.outcome().after();
      return Math.abs(score(after, then) - score(before, was)) * 1_000
          + Math.abs(profileScore(after, then) - profileScore(before, was)) * 1_000
          + lead.outcome().suppressed()
          + lead.outcome().released();
    }

    private void write(DryRuns.LeadChange lead, JsonOut out) {
      RulesTrial.Outcome outcome = lead.outcome();
      out.beginObject()
          .field("lead_id", lead.lead().leadId())
          .field("events_suppressed", outcome.suppressed())
          .field("events_released", outcome.released());
      side("before", before, outcome.before(), out);
      side("after", after, outcome.after(), out);
      Map<String, Profile.Field> was = outcome.before().profile();
      Map<String, Profile.Field> then = outcome.after().profile();
      TreeSet<String> fields = new TreeSet<>(was.keySet());
      fields.addAll(then.keySet());
      out.beginArray("fields");
      for (String field : fields) {
        String from = text(was.get(field));
        String to = text(then.get(field));
        if (!Objects.equals(from, to)) {
          out.beginObject()
              .field("field", field)
              .field("before", from)
              .field("after", to)
              .endObject();
        }
      }
      out.endArray().endObject();
    }

    private static @Nullable String text(Profile.@Nullable Field field) {
      if (field == null) {
        return null;
      }
      return JsonBody.shortened(
          field.value() instanceof Profile.Literal literal
              ? literal.text()
              : field.value().toString());
    }

    private static void side(String name, RuleSetup setup, RulesTrial.Side side, JsonOut out) {
      out.beginObject(name)
          .field("score", score(setup, side))
          .field("engagement_level", level(setup, side))
          .field("profile_score", profileScore(setup, side))
          .field("profile_level", profileLevel(setup, side))
          .beginObject("engagement_scores");
      for (Ruleset ruleset : setup.rulesets()) {
        Long score = side.scores().get(ruleset.key());
        if (score != null) {
          out.field(ruleset.id(), score.longValue());
        }
      }
      out.endObject().endObject();
    }

    private static long score(RuleSetup setup, RulesTrial.Side side) {
      Ruleset primary = setup.primaryRuleset();
      return primary == null ? 0 : side.scores().getOrDefault(primary.key(), 0L);
    }

    private static long profileScore(RuleSetup setup, RulesTrial.Side side) {
      ProfileRuleset primary = setup.primaryProfileRuleset();
      return primary == null ? 0 : side.profileScores().getOrDefault(primary.key(), 0L);
    }

    private static String level(RuleSetup setup, RulesTrial.Side side) {
      return Level.nameOf(setup.engagementLevels(), score(setup, side));
    }

    private static String profileLevel(RuleSetup setup, RulesTrial.Side side) {
      return Level.nameOf(setup.profileLevels(), profileScore(setup, side));
    }

    private interface Levels {
      List<Level> of(RuleSetup setup);
    }

    private interface Score {
      long of(RuleSetup setup, RulesTrial.Side side);
    }

    /** Writes how many leads each level has and would have; those that go come last. */
    private void levels(
        String name, DryRuns.Change change, Levels levels, Score score, JsonOut out) {
      Map<String, Level> all = new LinkedHashMap<>();
      levels.of(after).forEach(level -> all.put(level.name(), level));
      levels.of(before).forEach(level -> all.putIfAbsent(level.name(), level));
      all.putIfAbsent(
          Level.UNCLASSIFIED, new Level("", Level.UNCLASSIFIED, 0, null, Level.DEFAULT_COLOR, 0));
      Map<String, long[]> counts = new LinkedHashMap<>();
      all.keySet().forEach(level -> counts.put(level, new long[2]));
      for (DryRuns.LeadChange lead : change.leads()) {
        RulesTrial.Outcome outcome = lead.outcome();
        count(counts, Level.nameOf(levels.of(before), score.of(before, outcome.before())), 0);
        count(counts, Level.nameOf(levels.of(after), score.of(after, outcome.after())), 1);
      }
      out.beginArray(name);
      counts.forEach(
          (level, count) ->
              out.beginObject()
                  .field("name", level)
                  .field("color", Objects.requireNonNull(all.get(level)).color())
                  .field("before", count[0])
                  .field("after", count[1])
                  .endObject());
      out.endArray();
    }

    private static void count(Map<String, long[]> counts, String level, int side) {
      counts.computeIfAbsent(level, any -> new long[2])[side]++;
    }
  }
}
