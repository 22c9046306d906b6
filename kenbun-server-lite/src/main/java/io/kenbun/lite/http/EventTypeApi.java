package io.kenbun.lite.http;

import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.EventReads;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** The catalogue of event types ({@code api.md} 5.4). Runs on workers. */
final class EventTypeApi {
  /** Whose metadata is looked at for keys; all of them could be millions. */
  private static final int MAX_EVENTS = 10_000;

  // Of two spellings of one type the newer convention is shown: Page View, not page_view.
  private static final Comparator<String> NEWER_SPELLING =
      Comparator.comparing((String name) -> name.indexOf('_') >= 0)
          .thenComparing(name -> -name.chars().filter(Character::isUpperCase).count())
          .thenComparing(Comparator.naturalOrder());

  private final EventReads events;
  private final Rules rules;

  EventTypeApi(EventReads events, Rules rules) {
    this.events = events;
    this.rules = rules;
  }

  /**
   * {@code GET /event-types}: of events that came in and of rules; hidden ones left out, of several
   * spellings of one type one.
   */
  void list(Call call) throws StorageException {
    RuleSetup setup = rules.current().setup(call.unit().key());
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
    if (!events.isType(unit, type) && !isNamed(rules.current().setup(unit), type)) {
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
}
