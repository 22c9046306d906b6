package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Query;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.store.leads.LeadQuery;
import io.kenbun.lite.store.leads.LeadQuery.Band;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of {@code GET /leads} ({@code api.md} 6.1). {@code sort}, {@code order}, {@code
 * engagement_level}, {@code profile_level}, {@code q} and {@code watched} are ours: the product's
 * own list has such, under names that are not known.
 */
final class LeadFilters {
  private static final int MAX_TEXT_LENGTH = 200;

  private LeadFilters() {}

  static LeadQuery of(Call call, RuleSetup setup, InstantSource clock) {
    Query query = call.query();
    Span created = Span.of(query, clock);
    return new LeadQuery(
        query.page(),
        query.limit(),
        sort(query),
        ascending(query),
        scores(query, setup),
        bands("profile_level", query, setup.profileLevels()),
        query.text("event_type"),
        lastEventSince(query, clock),
        created == null ? null : created.fromMillis(),
        created == null ? null : created.toMillis(),
        text(query),
        query.bool("watched") ? call.caller().clientId() : null);
  }

  private static LeadQuery.Sort sort(Query query) {
    String sort = query.text("sort");
    if (sort == null) {
      return LeadQuery.Sort.LAST_EVENT_AT;
    }
    return switch (sort) {
      case "last_event_at" -> LeadQuery.Sort.LAST_EVENT_AT;
      case "score" -> LeadQuery.Sort.SCORE;
      case "created_at" -> LeadQuery.Sort.CREATED_AT;
      default ->
          throw Problem.invalidField(
              "sort", "sort is none of last_event_at, score, created_at: " + sort);
    };
  }

  private static boolean ascending(Query query) {
    String order = query.text("order");
    if (order != null && !order.equals("asc") && !order.equals("desc")) {
      throw Problem.invalidField("order", "order is none of asc, desc: " + order);
    }
    return "asc".equals(order);
  }

  private static @Nullable List<Band> scores(Query query, RuleSetup setup) {
    Long min = query.whole("min_score");
    Long max = query.whole("max_score");
    List<Band> level = bands("engagement_level", query, setup.engagementLevels());
    if (min == null && max == null) {
      return level;
    }
    Band asked = new Band(min == null ? Long.MIN_VALUE : min, max == null ? Long.MAX_VALUE : max);
    if (level == null) {
      return List.of(asked);
    }
    return level.stream()
        .map(
            band ->
                new Band(
                    /* min= */ Math.max(band.min(), asked.min()),
                    /* max= */ Math.min(band.max(), asked.max())))
        .toList();
  }

  /** Returns the scores that the level of that name holds, or those that none does. */
  private static @Nullable List<Band> bands(String name, Query query, List<Level> levels) {
    String wanted = query.text(name);
    if (wanted == null) {
      return null;
    }
    List<Band> bands = new ArrayList<>();
    if (wanted.equals(Level.UNCLASSIFIED)) {
      long next = Long.MIN_VALUE;
      for (Level level : byScore(levels)) {
        bands.add(new Band(next, level.minScore() - 1L));
        Integer max = level.maxScore();
        if (max == null) {
          return bands;
        }
        next = max + 1L;
      }
      bands.add(new Band(next, Long.MAX_VALUE));
      return bands;
    }
    for (Level level : byScore(levels)) {
      if (level.name().equals(wanted)) {
        Integer max = level.maxScore();
        bands.add(new Band(level.minScore(), max == null ? Long.MAX_VALUE : max));
      }
    }
    if (bands.isEmpty()) {
      TreeSet<String> names = new TreeSet<>(levels.stream().map(Level::name).toList());
      names.add(Level.UNCLASSIFIED);
      throw Problem.invalidField(
          name, name + " is none of " + String.join(", ", names) + ": " + wanted);
    }
    return bands;
  }

  private static List<Level> byScore(List<Level> levels) {
    return levels.stream().sorted(Comparator.comparingInt(Level::minScore)).toList();
  }

  private static @Nullable Long lastEventSince(Query query, InstantSource clock) {
    String lastActive = query.text("last_active");
    if (lastActive == null) {
      return null;
    }
    int days =
        switch (lastActive) {
          case "7d" -> 7;
          case "30d" -> 30;
          default ->
              throw Problem.invalidField(
                  "last_active", "last_active is none of 7d, 30d: " + lastActive);
        };
    return clock.millis() - Duration.ofDays(days).toMillis();
  }

  private static @Nullable String text(Query query) {
    String text = query.text("q");
    if (text != null && text.codePointCount(0, text.length()) > MAX_TEXT_LENGTH) {
      throw Problem.invalidField(
          "q",
          "q has more than "
              + MAX_TEXT_LENGTH
              + " characters: "
              + text.codePointCount(0, text.length()));
    }
    return text;
  }
}
