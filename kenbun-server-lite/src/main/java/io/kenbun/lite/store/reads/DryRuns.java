package io.kenbun.lite.store.reads;

import io.kenbun.lite.engine.DryRun;
import io.kenbun.lite.engine.Profile;
import io.kenbun.lite.engine.RulesTrial;
import io.kenbun.lite.engine.Standing;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.pipeline.MetadataReader;
import io.kenbun.lite.pipeline.ProfileText;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.leads.History;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What sequences and surges would have fired, and what a change of rules would do to scores, worked
 * out from stored events; nothing is kept or sent. More than so many events would keep a worker and
 * a connection busy for long: of a lead the newest {@value #MAX_EVENTS} are looked at for firings,
 * for a preview at most {@value #MAX_PREVIEW_EVENTS} in all. Any thread.
 */
public final class DryRuns {
  private static final int MAX_EVENTS = 10_000;
  private static final int MAX_PREVIEW_EVENTS = 200_000;
  private static final int MAX_SAMPLES = 10;

  /** Returns what asks for the newest events after a time, of a lead, after the time, at most. */
  public static String events(Dialect dialect) {
    return "SELECT e.ts, (SELECT t.name FROM event_type t WHERE t.key = e.event_type) FROM"
        + dialect.eventsSince(">")
        + " AND e.lead = ? AND e.ts > ? AND e.suppression_reason IS NULL"
        + " ORDER BY e.ts DESC, e.seq DESC LIMIT ?";
  }

  private static final String LEADS =
      """
      SELECT key, lead_id FROM lead
      WHERE unit = ? AND last_event_at >= ? AND merged_into IS NULL
      ORDER BY last_event_at DESC, key LIMIT ?""";

  private final ReadConnections connections;
  private final int maxEvents;
  private final int maxPreviewEvents;

  DryRuns(ReadConnections connections) {
    this(connections, MAX_EVENTS, MAX_PREVIEW_EVENTS);
  }

  DryRuns(ReadConnections connections, int maxEvents, int maxPreviewEvents) {
    this.connections = connections;
    this.maxEvents = maxEvents;
    this.maxPreviewEvents = maxPreviewEvents;
  }

  /**
   * What would have fired for one lead.
   *
   * @param firedAtMillis oldest first
   * @param events how many events were looked at
   * @param complete false when there were more, which were older
   */
  public record Run(List<Long> firedAtMillis, int events, boolean complete) {
    public Run {
      firedAtMillis = List.copyOf(firedAtMillis);
    }
  }

  /**
   * What would have fired in a unit.
   *
   * @param leads how many leads it would have fired for
   * @param most the leads with most firings
   * @param events how many events were looked at
   * @param complete false when there were more
   */
  public record Preview(
      long firings, int leads, List<LeadFirings> most, int events, boolean complete) {
    public Preview {
      most = List.copyOf(most);
    }
  }

  /**
   * What a change of rules would do.
   *
   * @param leads those that were looked at, in the order they were given
   * @param events how many events were looked at
   * @param complete false when leads were left out because they have too many events
   */
  public record Change(List<LeadChange> leads, int events, boolean complete) {
    public Change {
      leads = List.copyOf(leads);
    }
  }

  /** What it would do to one lead. */
  public record LeadChange(Lead lead, RulesTrial.Outcome outcome) {}

  /** How often it would have fired for a lead. */
  public record LeadFirings(String leadId, int firings) {}

  /**
   * Tries a trigger on what a lead has done since then, and on one window before, which counts for
   * the first firings.
   *
   * @param lead the lead's key
   */
  public Run run(DryRun trial, long lead, long fromMillis) throws StorageException {
    return connections.ask(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(events(Dialect.of(connection)))) {
            return run(select, trial, lead, fromMillis, maxEvents);
          }
        });
  }

  private static Run run(
      PreparedStatement select, DryRun trial, long lead, long fromMillis, int max)
      throws SQLException {
    select.setLong(1, fromMillis - trial.windowMillis() - 1);
    select.setLong(2, lead);
    select.setLong(3, fromMillis - trial.windowMillis() - 1);
    select.setInt(4, max + 1);
    List<DryRun.Event> events = new ArrayList<>();
    boolean complete = true;
    try (ResultSet rows = select.executeQuery()) {
      while (complete && rows.next()) {
        if (events.size() == max) {
          complete = false;
        } else {
          events.add(new DryRun.Event(rows.getLong(1), rows.getString(2)));
        }
      }
    }
    Collections.reverse(events);
    List<Long> fired = trial.firings(events).stream().filter(at -> at >= fromMillis).toList();
    return new Run(fired, events.size(), complete);
  }

  /**
   * Tries a trigger in the same way on all leads of a unit that have done something since then;
   * those that did so last come first.
   */
  public Preview preview(DryRun trial, long unit, long fromMillis) throws StorageException {
    return connections.ask(connection -> preview(connection, trial, unit, fromMillis));
  }

  private Preview preview(Connection connection, DryRun trial, long unit, long fromMillis)
      throws SQLException {
    List<LeadFirings> fired = new ArrayList<>();
    long firings = 0;
    int looked = 0;
    boolean complete = true;
    // A lead has events as a rule; that none is left of many leads' must not make this longer.
    Sql leads = new Sql(LEADS, unit, fromMillis, maxPreviewEvents + 1);
    try (PreparedStatement selectLeads = leads.in(connection);
        PreparedStatement selectEvents =
            connection.prepareStatement(events(Dialect.of(connection)));
        ResultSet rows = selectLeads.executeQuery()) {
      for (int tried = 0; looked < maxPreviewEvents && rows.next(); tried++) {
        int max = Math.min(maxEvents, maxPreviewEvents - looked);
        Run run = run(selectEvents, trial, rows.getLong(1), fromMillis, max);
        looked += run.events;
        complete &= run.complete && tried < maxPreviewEvents;
        if (!run.firedAtMillis.isEmpty()) {
          firings += run.firedAtMillis.size();
          fired.add(new LeadFirings(rows.getString(2), run.firedAtMillis.size()));
        }
      }
      complete &= looked < maxPreviewEvents || !rows.next();
    }
    fired.sort(
        Comparator.comparingInt(LeadFirings::firings)
            .reversed()
            .thenComparing(LeadFirings::leadId));
    List<LeadFirings> most = fired.subList(0, Math.min(MAX_SAMPLES, fired.size()));
    return new Preview(firings, fired.size(), most, looked, complete);
  }

  /**
   * Tries a change of rules on leads; one whose events are more than are left of {@value
   * #MAX_PREVIEW_EVENTS} is left out, since a score comes of all of them.
   */
  public Change change(RulesTrial trial, List<Lead> leads, MetadataReader reader, long nowMillis)
      throws StorageException {
    return connections.ask(connection -> change(connection, trial, leads, reader, nowMillis));
  }

  private Change change(
      Connection connection,
      RulesTrial trial,
      List<Lead> leads,
      MetadataReader reader,
      long nowMillis)
      throws SQLException {
    List<LeadChange> changes = new ArrayList<>();
    int looked = 0;
    for (Lead lead : leads) {
      int left = maxPreviewEvents - looked;
      List<RulesTrial.Past> events = History.tried(connection, lead.key(), left, reader);
      if (events.size() <= left) {
        looked += events.size();
        changes.add(
            new LeadChange(lead, trial.on(subject(connection, lead, events, reader), nowMillis)));
      }
    }
    return new Change(changes, looked, changes.size() == leads.size());
  }

  private static RulesTrial.Subject subject(
      Connection connection, Lead lead, List<RulesTrial.Past> events, MetadataReader reader)
      throws SQLException {
    List<Map<String, Profile.Field>> profile =
        new Sql("SELECT profile FROM lead WHERE key = ?", lead.key())
            .list(connection, row -> ProfileText.read(row.getString(1), reader));
    Long reset = lead.scoreResetAtMillis();
    return new RulesTrial.Subject(
        events,
        reset == null ? Standing.NEVER : reset,
        profile.isEmpty() ? Map.of() : profile.get(0),
        lead.profileScores());
  }
}
