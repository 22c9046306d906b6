package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Query;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.EventReads;
import io.kenbun.lite.store.reads.FigureReads;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Figures about events ({@code api.md} 5.5). Every stored event counts, suppressed ones too, by
 * when it happened; those of hidden types do not. Runs on workers.
 */
final class FigureApi {
  private static final int MAX_TOP_TYPES = 10;

  private final EventReads events;
  private final FigureReads figures;
  private final Rules rules;
  private final InstantSource clock;

  FigureApi(EventReads events, FigureReads figures, Rules rules, InstantSource clock) {
    this.events = events;
    this.figures = figures;
    this.rules = rules;
    this.clock = clock;
  }

  /** {@code GET /event-stats?range=}: of all time when no range is given. */
  void stats(Call call) throws StorageException {
    Span span = Span.of(call.query(), clock);
    long unit = call.unit().key();
    LocalDate today = Instant.ofEpochMilli(clock.millis()).atZone(ZoneOffset.UTC).toLocalDate();
    LocalDate monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    long todays = 0;
    long thisWeeks = 0;
    Map<String, Long> byType = new HashMap<>();
    long fromDay = monday.toEpochDay();
    long toDay = today.toEpochDay() + 1;
    if (span == null) {
      for (EventReads.TypeCount type : events.types(unit)) {
        byType.put(type.eventType(), type.count());
      }
    } else {
      fromDay = Math.min(fromDay, span.fromDay());
    }
    for (FigureReads.DayCount count :
        figures.days(unit, null, fromDay * Span.DAY_MILLIS, toDay * Span.DAY_MILLIS)) {
      boolean hidden = isHidden(unit, count.eventType());
      if (span != null && count.day() >= span.fromDay() && count.day() < span.toDay()) {
        byType.merge(count.eventType(), count.count(), Long::sum);
      }
      todays += count.day() == today.toEpochDay() && !hidden ? count.count() : 0;
      thisWeeks += count.day() >= monday.toEpochDay() && !hidden ? count.count() : 0;
    }
    byType.entrySet().removeIf(type -> type.getValue() == 0 || isHidden(unit, type.getKey()));
    long total = byType.values().stream().mapToLong(Long::longValue).sum();
    JsonOut out =
        new JsonOut()
            .beginObject()
            .field("total_events", total)
            .field("total_leads", figures.leads(unit))
            .field("events_today", todays)
            .field("events_this_week", thisWeeks)
            .beginArray("top_event_types");
    for (Map.Entry<String, Long> type : mostFirst(byType).stream().limit(MAX_TOP_TYPES).toList()) {
      out.beginObject()
          .field("event_type", type.getKey())
          .field("count", type.getValue())
          .endObject();
    }
    call.answer(200, out.endArray().endObject());
  }

  /**
   * {@code GET /events-analytics?range=&event_type=}: of the last 30 days when no range is given.
   */
  void analytics(Call call) throws StorageException {
    Query query = call.query();
    Span asked = Span.of(query, clock);
    Span span = asked == null ? Span.lastDays(30, clock) : asked;
    String eventType = query.text("event_type");
    long unit = call.unit().key();
    Set<String> hidden = rules.current().setup(unit).hiddenEventTypes();
    long total = 0;
    Map<String, Long> byType = new HashMap<>();
    Map<Long, Long> byDay = new HashMap<>();
    for (FigureReads.DayCount count :
        figures.days(unit, eventType, span.fromMillis(), span.toMillis())) {
      if (hidden.contains(count.eventType())) {
        continue;
      }
      total += count.count();
      byType.merge(count.eventType(), count.count(), Long::sum);
      byDay.merge(count.day(), count.count(), Long::sum);
    }
    long leads =
        total == 0
            ? 0
            : figures.leadsWithEvents(
                unit, eventType, hidden, span.fromMillis(), span.toMillis(), total);
    JsonOut out =
        new JsonOut()
            .beginObject()
            .field("total_events", total)
            .field("unique_leads", leads)
            .beginObject("events_by_type");
    for (Map.Entry<String, Long> type : mostFirst(byType)) {
      out.field(type.getKey(), type.getValue());
    }
    out.endObject().beginArray("daily_counts");
    for (long day = span.toDay() - 1; day >= span.fromDay(); day--) {
      out.beginObject()
          .field("date", LocalDate.ofEpochDay(day).toString())
          .field("count", byDay.getOrDefault(day, 0L))
          .endObject();
    }
    call.answer(200, out.endArray().endObject());
  }

  private boolean isHidden(long unit, String eventType) {
    return rules.current().setup(unit).hiddenEventTypes().contains(eventType);
  }

  private static List<Map.Entry<String, Long>> mostFirst(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Long> entry) -> -entry.getValue())
                .thenComparing(Map.Entry::getKey))
        .toList();
  }
}
