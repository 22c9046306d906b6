package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link KillTest} sets up, and what must come of it, worked out from the events alone: every
 * window is longer than the test, and all events have one timestamp, so that only their order
 * counts.
 */
final class KillModel {
  private static final Map<String, Integer> POINTS =
      Map.of("Page View", 1, "Email Open", 1, "Unsubscribe", -20); // As in starter.json.
  private static final List<Integer> ONCE = List.of(1, 10, 25, 100, 400);
  private static final int ALWAYS = 15;
  private static final int SURGE = 40;
  private static final List<String> ORDERED = List.of("Email Open", "Unsubscribe");
  private static final List<String> UNORDERED = List.of("Email Open", "Page View", "Email Open");

  private final Map<String, List<String>> events = new HashMap<>();
  private final Map<String, Long> scores = new HashMap<>();
  private final Map<String, Integer> fired = new HashMap<>();
  private final Map<String, List<String>> sinceOrdered = new HashMap<>();
  private final Map<String, List<String>> sinceUnordered = new HashMap<>();

  /** Returns the type of the test's event of that number. */
  static String type(int n) {
    int dice = ((n * 0x9E3779B1) >>> 8) % 30;
    return dice == 0 ? "Unsubscribe" : dice < 8 ? "Email Open" : "Page View";
  }

  /** Makes triggers of each kind, which all tell {@code url}, signed with {@code secret}. */
  void makeTriggers(Api api, String url, String secret) throws Exception {
    String end = ",\"webhook_url\":\"" + url + "\",\"signing_secret\":\"" + secret + "\"}";
    for (int threshold : ONCE) {
      String name = "\"name\":\"once" + threshold + "\"";
      make(api, "/triggers", "{" + name + ",\"score_threshold\":" + threshold + end);
    }
    make(
        api,
        "/triggers",
        "{\"name\":\"always\",\"score_threshold\":"
            + ALWAYS
            + ",\"fire_mode\":\"always\",\"notify_on_exit\":true"
            + end);
    String year = ",\"window_seconds\":31536000";
    String steps = ",\"event_types\":[\"" + String.join("\",\"", ORDERED) + "\"]";
    make(api, "/sequences", "{\"name\":\"ordered\",\"ordered\":true" + steps + year + end);
    steps = ",\"event_types\":[\"" + String.join("\",\"", UNORDERED) + "\"]";
    make(api, "/sequences", "{\"name\":\"unordered\"" + steps + year + end);
    make(api, "/surge-triggers", "{\"name\":\"surge\",\"threshold\":" + SURGE + year + end);
  }

  private static void make(Api api, String path, String body) throws Exception {
    HttpResponse<String> answer = api.post(path, body);
    assertEquals(201, answer.statusCode(), answer.body());
  }

  /** Takes the next event. */
  void event(String lead, String type) {
    long before = scores.getOrDefault(lead, 0L);
    long after = Math.max(0, before + POINTS.getOrDefault(type, 0));
    scores.put(lead, after);
    for (int threshold : ONCE) {
      String name = "once" + threshold + " " + lead;
      if (before < threshold && after >= threshold && !fired.containsKey(name)) {
        fired.put(name, 1);
      }
    }
    if (before < ALWAYS && after >= ALWAYS) {
      fire("always " + lead);
    } else if (before >= ALWAYS && after < ALWAYS) {
      fire("-always " + lead);
    }
    sequences(lead, type);
    List<String> all = events.computeIfAbsent(lead, key -> new ArrayList<>());
    all.add(type);
    if (all.size() == SURGE) {
      fire("surge " + lead);
    }
  }

  private void sequences(String lead, String type) {
    List<String> ordered = sinceOrdered.computeIfAbsent(lead, key -> new ArrayList<>());
    if (type.equals(ORDERED.get(1)) && ordered.contains(ORDERED.get(0))) {
      fire("ordered " + lead);
      ordered.clear();
    } else {
      ordered.add(type);
    }
    List<String> unordered = sinceUnordered.computeIfAbsent(lead, key -> new ArrayList<>());
    unordered.add(type);
    List<String> left = new ArrayList<>(UNORDERED);
    unordered.forEach(left::remove);
    if (left.isEmpty() && UNORDERED.contains(type)) {
      fire("unordered " + lead);
      unordered.clear();
    }
  }

  private void fire(String what) {
    fired.merge(what, 1, Integer::sum);
  }

  /** Returns each lead's score. */
  Map<String, Long> scores() {
    return scores;
  }

  /** Returns how often a trigger fired for a lead, by "name lead", "-name lead" for leaving. */
  Map<String, Integer> fired() {
    return fired;
  }
}
