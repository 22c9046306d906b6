package io.kenbun.lite.store;

import io.kenbun.lite.engine.DryRun;
import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Replay;
import io.kenbun.lite.engine.Windows;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.pipeline.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What triggers would have fired, worked out from stored events; nothing is kept or sent. Any
 * thread. A lead's newest {@value #MAX_EVENTS} events are looked at, and for a preview at most
 * {@value #MAX_PREVIEW_EVENTS} in all.
 */
public final class DryRuns {
  /** How many of a lead's events are looked at. */
  public static final int MAX_EVENTS = 10_000;

  /** How many events a preview looks at. */
  public static final int MAX_PREVIEW_EVENTS = 200_000;

  private static final int MAX_SAMPLES = 10;

  private final ReadConnections connections;

  DryRuns(ReadConnections connections) {
    this.connections = connections;
  }

  /** Runs a milestone over the lead's history until now. */
  public List<DryRun.Hit> run(
      Milestone milestone, Lead lead, RuleSetup setup, Engine engine, long nowMillis)
      throws StorageException {
    ProfileRuleset profile = setup.primaryProfileRuleset();
    long profileScore = profile == null ? 0 : lead.profileScores().getOrDefault(profile.key(), 0L);
    String profileLevel = Level.nameOf(setup.profileLevels(), profileScore);
    return connections.ask(
        connection -> {
          Map<Long, String> types = new HashMap<>();
          for (DryRun.Event event : events(connection, lead.key(), Long.MIN_VALUE, MAX_EVENTS)) {
            types.put(event.seq(), event.eventType());
          }
          List<Replay.Past> history = new ArrayList<>(History.of(connection, lead.key()));
          history.removeIf(past -> !types.containsKey(past.seq()));
          return DryRun.of(milestone, history, types, setup, engine, profileLevel, nowMillis);
        });
  }

  /** Runs a sequence over the lead's events. */
  public List<DryRun.Hit> run(Sequence sequence, Lead lead, Engine engine) throws StorageException {
    return connections.ask(
        connection ->
            DryRun.of(
                sequence,
                events(connection, lead.key(), Long.MIN_VALUE, MAX_EVENTS),
                engine.windows()));
  }

  /** Runs a surge over the lead's events. */
  public List<DryRun.Hit> run(Surge surge, Lead lead, Engine engine) throws StorageException {
    return connections.ask(
        connection ->
            DryRun.of(
                surge,
                events(connection, lead.key(), Long.MIN_VALUE, MAX_EVENTS),
                engine.windows()));
  }

  /**
   * What a surge would have fired in a unit.
   *
   * @param leads how many leads it would have fired for
   * @param sampleLeadIds some of them
   * @param events how many events were looked at
   * @param complete false when there were more
   */
  public record Preview(
      long firings, long leads, List<String> sampleLeadIds, long events, boolean complete) {
    public Preview {
      sampleLeadIds = List.copyOf(sampleLeadIds);
    }
  }

  private record LeadRow(long key, String leadId) {}

  /** Runs a surge over all leads of a unit that have done something since then. */
  public Preview preview(Surge surge, long unit, Engine engine, long fromMillis)
      throws StorageException {
    return connections.ask(
        connection -> {
          List<LeadRow> leads =
              new Sql(
                      """
                      SELECT key, lead_id FROM lead WHERE unit = ? AND last_event_at >= ?
                        AND merged_into IS NULL ORDER BY key""",
                      unit,
                      fromMillis)
                  .list(connection, row -> new LeadRow(row.getLong(1), row.getString(2)));
          return preview(connection, surge, leads, engine.windows(), fromMillis);
        });
  }

  private static Preview preview(
      Connection connection, Surge surge, List<LeadRow> leads, Windows windows, long fromMillis)
      throws SQLException {
    long firings = 0;
    long fired = 0;
    long looked = 0;
    List<String> samples = new ArrayList<>();
    long after = fromMillis - surge.windowSeconds() * 1_000 - 1;
    for (LeadRow lead : leads) {
      if (looked >= MAX_PREVIEW_EVENTS) {
        return new Preview(firings, fired, samples, looked, false);
      }
      List<DryRun.Event> events = events(connection, lead.key, after, MAX_EVENTS);
      looked += events.size();
      long hits =
          DryRun.of(surge, events, windows).stream()
              .filter(hit -> hit.atMillis() >= fromMillis)
              .count();
      firings += hits;
      if (hits > 0) {
        fired++;
        if (samples.size() < MAX_SAMPLES) {
          samples.add(lead.leadId);
        }
      }
    }
    return new Preview(firings, fired, samples, looked, true);
  }

  /** Returns the lead's newest events after a time, oldest first. */
  private static List<DryRun.Event> events(
      Connection connection, long lead, long afterMillis, int max) throws SQLException {
    List<DryRun.Event> events =
        new ArrayList<>(
            new Sql(
                    """
                    SELECT e.ts, e.seq, t.name FROM event e JOIN event_type t ON t.key = e.event_type
                    WHERE e.lead = ? AND e.ts > ? AND e.suppression_reason IS NULL
                    ORDER BY e.ts DESC, e.seq DESC LIMIT ?""",
                    lead,
                    afterMillis,
                    max)
                .list(
                    connection,
                    row -> new DryRun.Event(row.getLong(1), row.getLong(2), row.getString(3))));
    Collections.reverse(events);
    return events;
  }
}
