package io.kenbun.lite.store.reads;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.model.StoredEvent;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.firing.DeliveryReads;
import io.kenbun.lite.store.firing.FiringReads;
import io.kenbun.lite.store.leads.History;
import io.kenbun.lite.store.sql.ReadConnections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The questions that the HTTP API asks, by what they are about. Any thread; each call waits for one
 * of a few query-only connections.
 */
public final class Reads implements AutoCloseable {
  private final ReadConnections connections;
  private final LeadReads leads;
  private final LeadLists leadLists;
  private final EventReads events;
  private final ScoreReads scores;
  private final FigureReads figures;
  private final DeliveryReads deliveries;
  private final FiringReads firings;
  private final DryRuns dryRuns;

  public Reads(ReadConnections connections, LeadLists leadLists) {
    this.connections = connections;
    this.leadLists = leadLists;
    this.leads = new LeadReads(connections);
    this.events = new EventReads(connections);
    this.scores = new ScoreReads(connections);
    this.figures = new FigureReads(connections);
    this.deliveries = new DeliveryReads(connections);
    this.firings = new FiringReads(connections);
    this.dryRuns = new DryRuns(connections);
  }

  public LeadReads leads() {
    return leads;
  }

  public LeadLists leadLists() {
    return leadLists;
  }

  public EventReads events() {
    return events;
  }

  public ScoreReads scores() {
    return scores;
  }

  public FigureReads figures() {
    return figures;
  }

  public DeliveryReads deliveries() {
    return deliveries;
  }

  public FiringReads firings() {
    return firings;
  }

  public DryRuns dryRuns() {
    return dryRuns;
  }

  /** Returns the lead with its scores as they were last written, or null. */
  public @Nullable Lead lead(long unit, String leadId) throws StorageException {
    return leads.lead(unit, null, 0, leadId);
  }

  /**
   * Returns the lead that {@code alias} belongs to, the scores as they were last written, or null.
   */
  public @Nullable Lead leadByAlias(long unit, Alias alias) throws StorageException {
    return leads.leadByAlias(unit, null, 0, alias);
  }

  /** Returns the lead's aliases as they were first spelled, oldest first. */
  public List<Alias> aliases(Lead lead) throws StorageException {
    return leads.aliases(lead);
  }

  /** Returns one page of the unit's events. */
  public Page<StoredEvent> events(long unit, EventQuery query) throws StorageException {
    return events.page(unit, query);
  }

  /** Returns which rules gave the lead what since then. */
  public List<Driver> drivers(Lead lead, long fromMillis) throws StorageException {
    return scores.explanation(lead, fromMillis).drivers();
  }

  /** Returns the lead's scores at a time, rounded, by ruleset key. */
  public Map<Long, Long> scoresAt(Lead lead, Engine engine, long timeMillis)
      throws StorageException {
    return connections.ask(
        connection -> History.scoresAt(connection, lead.key(), engine, timeMillis));
  }

  /** Returns the counts that {@code /lite/status} shows. */
  public Totals totals() throws StorageException {
    return figures.totals();
  }

  /** What the store holds, over all units. */
  public record Totals(long leads, long events, long failed) {}

  @Override
  public void close() {
    connections.close();
  }
}
