package io.kenbun.lite.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the server has seen, for a test that failed: whoever reads it should not have to run
 * it again.
 *
 * <pre>
 *   email ada@example.com has score 11, expected 40
 *   lead ld_01h…, score 11 (Cold), scores {ruleset_default=11}
 *   its rules gave, times matched:
 *     +10  rule_pricing_view  Page View, path contains /pricing  1 x 10
 *   its events, the last first:
 *     2026-01-15T10:00:00Z  Page View  {path=/pricing}
 *     2026-01-15T09:59:59Z  Page View  suppressed: inorganic
 *   refused requests, the last first:
 *     400 missing_field  event_type is required  {"lead_id":"ld_1"}
 * </pre>
 */
final class Story {
  private static final int MAX_LINES = 20;
  private static final int MAX_TEXT = 200;

  private final LiteApi api;
  private final String where;

  /**
   * Makes it.
   *
   * @param where what an application needs to send something here
   */
  Story(LiteApi api, String where) {
    this.api = api;
    this.where = where;
  }

  /** Returns {@code 1 lead}, {@code 2 leads}. */
  static String counted(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }

  /** Returns the items, a line each, under a heading that begins with a line break; "" of none. */
  static String lines(String heading, List<Map<?, ?>> items) {
    if (items.isEmpty()) {
      return "";
    }
    List<String> out = new ArrayList<>();
    items.stream().limit(MAX_LINES).map(item -> "  " + cut(String.valueOf(item))).forEach(out::add);
    more(items.size(), out);
    return "\n" + heading + "\n" + String.join("\n", out);
  }

  /** Tells, beginning with a line break, which triggers there are. */
  String triggers() {
    List<String> out = new ArrayList<>();
    for (Map<?, ?> one : api.list("/triggers", "triggers")) {
      out.add(trigger("milestone", one, "at score " + text(one, "score_threshold")));
    }
    for (Map<?, ?> one : api.list("/sequences", "sequences")) {
      out.add(trigger("sequence", one, "of " + text(one, "event_types")));
    }
    for (Map<?, ?> one : api.list("/surge-triggers", "surge_triggers")) {
      out.add(trigger("surge", one, "of " + text(one, "threshold") + " events"));
    }
    return out.isEmpty()
        ? "\nthere is no trigger, sequence or surge"
        : "\nthe triggers that there are:" + String.join("", out);
  }

  private static String trigger(String kind, Map<?, ?> one, String what) {
    boolean isOff = Boolean.FALSE.equals(one.get("active"));
    return "\n  " + kind + " \"" + text(one, "name") + "\" " + what + (isOff ? ", inactive" : "");
  }

  /** Returns the engagement levels with their bands, on one line. */
  String levels() {
    return String.join(
        ", ",
        api.list("/engagement-levels", "levels").stream()
            .map(
                one ->
                    text(one, "name")
                        + " from "
                        + text(one, "min_score")
                        + (one.get("max_score") == null ? "" : " to " + text(one, "max_score")))
            .toList());
  }

  static boolean isSuppressed(Map<?, ?> event) {
    return event.get("suppression_reason") != null;
  }

  /** Says whether the server did not make the event itself; its own are numbered below zero. */
  static boolean cameIn(Map<?, ?> event) {
    String type = text(event, "event_type");
    return !type.equals("score_reset")
        && !type.equals("lead_merged")
        && !(type.equals("DECAY") && text(event, "id").compareTo("evt_8") > 0);
  }

  List<Map<?, ?>> events(Map<?, ?> lead) {
    return api.all("/events/" + LiteApi.encoded(text(lead, "lead_id")), "events");
  }

  /** Returns the firings of all triggers of that name. */
  List<Map<?, ?>> firings(String triggerName) {
    List<Map<?, ?>> firings = new ArrayList<>();
    for (String kind : List.of("trigger", "sequence", "surge_trigger")) {
      String list = kind.equals("trigger") ? "milestone" : kind.replace("_trigger", "");
      for (Map<?, ?> firing : api.all("/" + list + "-events", "events")) {
        if (triggerName.equals(firing.get(kind + "_name"))) {
          firings.add(firing);
        }
      }
    }
    return firings;
  }

  /** Returns the last refusals, without those of reads: a test looks up what is not there. */
  List<Map<?, ?>> rejected(int limit) {
    return api.list("/lite/rejected?limit=" + limit, "rejected").stream()
        .filter(one -> !"GET".equals(one.get("method")))
        .toList();
  }

  /** Tells of a lead, beginning with a line break. */
  String ofLead(Map<?, ?> lead) {
    List<String> out = new ArrayList<>();
    out.add(
        "lead "
            + text(lead, "lead_id")
            + ", score "
            + text(lead, "score")
            + " ("
            + text(lead, "engagement_level")
            + "), scores "
            + scores(lead));
    List<Map<?, ?>> drivers =
        api.list(
            "/lead/" + LiteApi.encoded(text(lead, "lead_id")) + "/score-explain?hours=8760",
            "top_drivers");
    out.add(drivers.isEmpty() ? nothingGiven() : "its rules gave, times matched:");
    for (Map<?, ?> driver : drivers) {
      Object label = driver.get("filter_label");
      out.add(
          "  "
              + signed(driver.get("total"))
              + "  "
              + text(driver, "rule_id")
              + "  "
              + text(driver, "event_type")
              + (label == null ? "" : ", " + label)
              + "  "
              + text(driver, "count")
              + " x "
              + text(driver, "weight"));
    }
    faded(lead, drivers, out);
    out.add("its events, the last first:");
    List<Map<?, ?>> events = events(lead);
    events.stream().limit(MAX_LINES).map(Story::event).forEach(out::add);
    more(events.size(), out);
    unit(out);
    return told(out);
  }

  private String nothingGiven() {
    List<String> types =
        api.list("/rules", "rules").stream()
            .filter(rule -> !Boolean.FALSE.equals(rule.get("active")))
            .map(rule -> text(rule, "event_type"))
            .distinct()
            .sorted()
            .toList();
    return types.isEmpty()
        ? "no rule gave it anything: there is no active rule"
        : "no rule gave it anything; there are rules for " + String.join(", ", types);
  }

  /** Says that what rules gave is no longer all there: at which time the score was looked at. */
  private void faded(Map<?, ?> lead, List<Map<?, ?>> drivers, List<String> out) {
    long given = 0;
    for (Map<?, ?> driver : drivers) {
      given += driver.get("total") instanceof Number total ? total.longValue() : 0;
    }
    boolean isSum = lead.get("score") instanceof Number score && score.longValue() == given;
    if (!isSum && !drivers.isEmpty() && scores(lead).size() == 1) {
      out.add(
          "that is "
              + given
              + ", and "
              + text(lead, "score")
              + " at "
              + text(api.get("/lite/clock"), "now")
              + " on the server: half-lives, inactivity, resets and the floor at 0 did the rest");
    }
  }

  /** Tells of the whole unit, beginning with a line break. */
  String ofUnit() {
    List<String> out = new ArrayList<>();
    List<Map<?, ?>> leads = api.list("/leads?limit=" + MAX_LINES, "leads");
    out.add(leads.isEmpty() ? "there is no lead at all" : "the leads that there are:");
    for (Map<?, ?> lead : leads) {
      out.add("  " + text(lead, "lead_id") + "  score " + text(lead, "score") + aliases(lead));
    }
    Map<?, ?> page = api.get("/events?limit=" + MAX_LINES);
    List<Map<?, ?>> events = LiteApi.maps(page.get("events"));
    out.add(events.isEmpty() ? "no event came in" : "the events, the last first:");
    for (Map<?, ?> event : events) {
      out.add(event(event) + "  of " + event.get("lead_id"));
    }
    more(page.get("total") instanceof Number total ? total.intValue() : events.size(), out);
    unit(out);
    if (events.isEmpty() && rejected(1).isEmpty()) {
      out.add("nothing has reached this server: " + where);
    }
    return told(out);
  }

  private static String told(List<String> lines) {
    StringBuilder out = new StringBuilder();
    lines.forEach(line -> out.append('\n').append(line));
    return out.append('\n').toString();
  }

  /** Returns the lead's engagement scores by id of the ruleset. */
  Map<?, ?> scores(Map<?, ?> lead) {
    Object scores =
        api.get("/score/" + LiteApi.encoded(text(lead, "lead_id"))).get("engagement_scores");
    return scores instanceof Map<?, ?> map ? map : Map.of();
  }

  private String aliases(Map<?, ?> lead) {
    LiteApi.Answer answer =
        api.call("GET", "/lead/" + LiteApi.encoded(text(lead, "lead_id")) + "/aliases", null);
    StringBuilder out = new StringBuilder();
    Object aliases = answer.body() instanceof Map<?, ?> map ? map.get("aliases") : null;
    for (Map<?, ?> alias : LiteApi.maps(aliases)) {
      out.append("  ").append(alias.get("kind")).append(' ').append(alias.get("value"));
    }
    return out.toString();
  }

  /** Tells what belongs to no lead: what was refused, and what could not be scored. */
  private void unit(List<String> out) {
    List<Map<?, ?>> rejected = rejected(MAX_LINES);
    out.add(rejected.isEmpty() ? "no request was refused" : "refused requests, the last first:");
    for (Map<?, ?> one : rejected) {
      out.add(
          "  "
              + text(one, "status")
              + " "
              + text(one, "code")
              + "  "
              + text(one, "error")
              + "  "
              + cut(text(one, "body")));
    }
    List<Map<?, ?>> failed = api.list("/lite/failed?limit=" + MAX_LINES, "failed");
    if (!failed.isEmpty()) {
      out.add("events that could not be scored:");
    }
    for (Map<?, ?> one : failed) {
      out.add("  " + text(one, "event_type") + "  " + text(one, "reason"));
    }
  }

  private static String event(Map<?, ?> event) {
    Object metadata = event.get("metadata");
    boolean isPlain = !(metadata instanceof Map<?, ?> map) || map.isEmpty();
    return "  "
        + text(event, "created_at")
        + "  "
        + text(event, "event_type")
        + (isPlain ? "" : "  " + cut(String.valueOf(metadata)))
        + (isSuppressed(event) ? "  suppressed: " + event.get("suppression_reason") : "");
  }

  private static void more(int count, List<String> out) {
    if (count > MAX_LINES) {
      out.add("  and " + (count - MAX_LINES) + " more");
    }
  }

  private static String signed(@Nullable Object number) {
    String text = String.valueOf(number);
    return text.startsWith("-") ? text : "+" + text;
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  private static String text(Map<?, ?> of, String name) {
    return String.valueOf(of.get(name));
  }
}
