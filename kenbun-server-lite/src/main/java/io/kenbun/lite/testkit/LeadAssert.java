package io.kenbun.lite.testkit;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a test expects of one lead. Each call waits until everything that was sent is scored, and
 * asks the server anew, at the time that its clock shows. What fails tells the lead's story: its
 * events, what they gave and why, and what was refused.
 */
public final class LeadAssert {
  private final LiteApi api;
  private final Story story;
  private final Runnable drain;
  private final String who;
  private final String missing;
  private final String path;

  /**
   * Makes it.
   *
   * @param who it is about, such as {@code email ada@example.com}
   * @param missing what is said when there is none, such as {@code no lead has the email …}
   */
  LeadAssert(LiteApi api, Story story, Runnable drain, String who, String missing, String path) {
    this.api = api;
    this.story = story;
    this.drain = drain;
    this.who = who;
    this.missing = missing;
    this.path = path;
  }

  /** Returns the lead as {@code GET /leads/{id}} shows it, or null. */
  private @Nullable Map<?, ?> find() {
    drain.run();
    LiteApi.Answer found = api.call("GET", path, null);
    if (found.status() == 404) {
      return null;
    }
    if (!(found.body() instanceof Map<?, ?> lead) || found.status() != 200) {
      throw new IllegalStateException("GET " + path + ": " + found);
    }
    return api.get("/leads/" + LiteApi.encoded(String.valueOf(lead.get("lead_id"))));
  }

  private Map<?, ?> known() {
    Map<?, ?> lead = find();
    if (lead == null) {
      throw new AssertionError(missing + story.ofUnit());
    }
    return lead;
  }

  private AssertionError failure(Map<?, ?> lead, String what) {
    return new AssertionError(who + " " + what + story.ofLead(lead));
  }

  /** Returns its {@code lead_id}; there must be such a lead. */
  public String id() {
    return String.valueOf(known().get("lead_id"));
  }

  /** Returns its headline score, that of the primary ruleset. */
  public long score() {
    return score(known());
  }

  private static long score(Map<?, ?> lead) {
    return lead.get("score") instanceof Number number ? number.longValue() : 0;
  }

  /** Asserts that there is such a lead. */
  public LeadAssert exists() {
    known();
    return this;
  }

  /** Asserts that there is no such lead. */
  public LeadAssert doesNotExist() {
    Map<?, ?> lead = find();
    if (lead != null) {
      throw failure(lead, "is a lead, expected none");
    }
    return this;
  }

  /** Asserts its headline score, that of the primary ruleset. */
  public LeadAssert hasScore(long expected) {
    Map<?, ?> lead = known();
    if (score(lead) != expected) {
      throw failure(lead, "has score " + score(lead) + ", expected " + expected);
    }
    return this;
  }

  /** Asserts its score in a ruleset. */
  public LeadAssert hasScore(String rulesetId, long expected) {
    Map<?, ?> lead = known();
    Object found = story.scores(lead).get(rulesetId);
    if (found == null) {
      throw failure(
          lead,
          "has no score in "
              + rulesetId
              + ", expected "
              + expected
              + "; rulesets with a score: "
              + String.join(
                  ", ", story.scores(lead).keySet().stream().map(String::valueOf).toList()));
    }
    if (!(found instanceof Number number) || number.longValue() != expected) {
      throw failure(lead, "has score " + found + " in " + rulesetId + ", expected " + expected);
    }
    return this;
  }

  /** Asserts that its headline score lies between two, both included. */
  public LeadAssert hasScoreBetween(long least, long most) {
    Map<?, ?> lead = known();
    if (score(lead) < least || score(lead) > most) {
      throw failure(lead, "has score " + score(lead) + ", expected " + least + " to " + most);
    }
    return this;
  }

  /** Asserts the name of its engagement level. */
  public LeadAssert hasLevel(String expected) {
    Map<?, ?> lead = known();
    Object found = lead.get("engagement_level");
    if (!expected.equals(found)) {
      throw failure(
          lead,
          "has level \"" + found + "\", expected \"" + expected + "\"; levels: " + story.levels());
    }
    return this;
  }

  /** Asserts how many events it has that came in, suppressed ones too. */
  public LeadAssert hasEvents(int expected) {
    Map<?, ?> lead = known();
    long found = story.events(lead).stream().filter(Story::cameIn).count();
    if (found != expected) {
      throw failure(
          lead, "has " + Story.counted(found, "event", "events") + ", expected " + expected);
    }
    return this;
  }

  /** Asserts that it has an event of that type. */
  public LeadAssert hasEvent(String eventType) {
    Map<?, ?> lead = known();
    if (ofType(lead, eventType).isEmpty()) {
      throw failure(lead, "has no event \"" + eventType + '"');
    }
    return this;
  }

  /**
   * Asserts that all its events of that type, at least one, were suppressed: kept without a score.
   * An event that is suppressed makes no lead, so that there must be another of it.
   */
  public LeadAssert hasSuppressed(String eventType) {
    Map<?, ?> lead = known();
    List<Map<?, ?>> events = ofType(lead, eventType);
    if (events.isEmpty()) {
      throw failure(lead, "has no event \"" + eventType + "\", expected a suppressed one");
    }
    long counted = events.stream().filter(event -> !Story.isSuppressed(event)).count();
    if (counted > 0) {
      throw failure(
          lead,
          "has "
              + Story.counted(counted, "event", "events")
              + " \""
              + eventType
              + "\" that counted, expected all to be suppressed");
    }
    return this;
  }

  private List<Map<?, ?>> ofType(Map<?, ?> lead, String eventType) {
    return story.events(lead).stream()
        .filter(event -> Objects.equals(event.get("event_type"), eventType))
        .toList();
  }

  /** Returns everything that is known of it, as a failed assertion tells it. */
  public String explain() {
    return who + story.ofLead(known());
  }
}
