package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.EventReads;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The catalogue of event types, and which of them are hidden ({@code api.md} 5.4). On workers. */
final class EventTypeApi {
  /** Whose metadata is looked at for keys; all of them could be millions. */
  private static final int MAX_EVENTS = 10_000;

  // Of two spellings of one type the newer convention is shown: Page View, not page_view.
  private static final Comparator<String> NEWER_SPELLING =
      Comparator.comparing((String name) -> name.indexOf('_') >= 0)
          .thenComparing(name -> -name.chars().filter(Character::isUpperCase).count())
          .thenComparing(Comparator.naturalOrder());

  private final EventReads events;
  private final RuleChanges changes;

  EventTypeApi(EventReads events, RuleChanges changes) {
    this.events = events;
    this.changes = changes;
  }

  /**
   * {@code GET /event-types}: of events that came in and of rules; hidden ones left out, of several
   * spellings of one type one.
   */
  void list(Call call) throws StorageException {
    RuleSetup setup = changes.current(call.unit());
    Map<String, String> shown = new HashMap<>();
    for (EventReads.TypeCount type : events.types(call.unit().key())) {
      add(setup, type.eventType(), shown);
    }
    for (Ruleset ruleset : setup.rulesets()) {
      for (Rule rule : ruleset.rules()) {
        add(setup, rule.eventType(), shown);
      }
    }
    JsonOut out = new JsonOut().beginArray();
    for (String type : new TreeSet<>(shown.values())) {
      out.element(type);
    }
    call.answer(200, out.endArray());
  }

  private static void add(RuleSetup setup, String type, Map<String, String> shown) {
    if (!setup.hiddenEventTypes().contains(type)) {
      shown.merge(spelling(type), type, (a, b) -> NEWER_SPELLING.compare(a, b) <= 0 ? a : b);
    }
  }

  /** Returns what {@code Page View}, {@code page_view} and {@code page-view} have in common. */
  private static String spelling(String type) {
    return type.toLowerCase(Locale.ROOT).replace('_', ' ').replace('-', ' ');
  }

  /** {@code GET /event-types/{eventType}/properties}: the keys seen in its newest events. */
  void properties(Call call) throws StorageException {
    String type = call.pathValue("eventType");
    long unit = call.unit().key();
    if (!events.isType(unit, type) && !isNamed(changes.current(call.unit()), type)) {
      throw Problem.notFound("no such event type");
    }
    List<String> keys = events.metadataKeys(unit, type, MAX_EVENTS);
    JsonOut out = new JsonOut().beginObject().field("event_type", type).beginArray("properties");
    keys.forEach(out::element);
    call.answer(200, out.endArray().endObject());
  }

  private static boolean isNamed(RuleSetup setup, String type) {
    return setup.rulesets().stream()
        .flatMap(ruleset -> ruleset.rules().stream())
        .anyMatch(rule -> rule.eventType().equals(type));
  }

  /** {@code GET /settings/ou/event-types}: a bare array by name, hidden types too. */
  void settings(Call call) throws StorageException {
    RuleSetup setup = changes.current(call.unit());
    JsonOut out = new JsonOut().beginArray();
    for (Map.Entry<String, Long> type : counted(setup).entrySet()) {
      boolean isProtected = LeadChangeApi.PROTECTED_TYPES.contains(type.getKey());
      out.beginObject()
          .field("name", type.getKey())
          .field("hidden", setup.hiddenEventTypes().contains(type.getKey()))
          .field("ou_event_count", type.getValue())
          .field("protected", isProtected)
          .field("deletable", !isProtected)
          .endObject();
    }
    call.answer(200, out.endArray());
  }

  /** Returns how many events of each type there are; a rule or a hidden mark makes a type too. */
  private Map<String, Long> counted(RuleSetup setup) throws StorageException {
    Map<String, Long> counted = new TreeMap<>();
    for (EventReads.TypeCount type : events.types(setup.unit().key())) {
      counted.put(type.eventType(), type.count());
    }
    setup.rulesets().stream()
        .flatMap(ruleset -> ruleset.rules().stream())
        .forEach(rule -> counted.putIfAbsent(rule.eventType(), 0L));
    setup.hiddenEventTypes().forEach(name -> counted.putIfAbsent(name, 0L));
    return counted;
  }

  /** {@code PUT /settings/ou/event-types/{name}}: hides a type, or shows it again. Ours. */
  void hide(Call call) throws Exception {
    String name = call.pathValue("name");
    JsonBody.readForWorker(
        call,
        body -> {
          boolean hidden = body.bool("hidden");
          Map<String, Long> there = counted(changes.current(call.unit()));
          if (!there.containsKey(name)) {
            throw Problem.notFound("no such event type");
          }
          changes.make(
              call.unit(),
              (before, kept, now) -> {
                kept.hideEventType(call.unit().key(), name, hidden);
                return hidden;
              });
          call.answerNothing();
        });
  }
}
