package io.kenbun.lite.store;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.StoredEvent;
import io.kenbun.lite.pipeline.StorageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The questions that the HTTP API asks. Any thread; each call waits for one of a few query-only
 * connections.
 */
public final class Reads {
  /** Returns the lead, or null when the unit has none of that id. */
  public @Nullable Lead lead(long unit, String leadId) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Returns the lead that {@code alias} belongs to, or null. */
  public @Nullable Lead leadByAlias(long unit, Alias alias) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Returns the lead's aliases as they were first spelled, oldest first. */
  public List<Alias> aliases(Lead lead) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns one page of the unit's leads; the score of {@code setup}'s primary ruleset filters and
   * sorts.
   */
  public Page<Lead> leads(RuleSetup setup, LeadQuery query) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns one page of the unit's events, the last to arrive first; of one lead, the last to
   * happen first.
   */
  public Page<StoredEvent> events(long unit, EventQuery query) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns what active rulesets' rules gave the lead for events with a timestamp from {@code
   * fromMillis} on, the largest absolute total first.
   */
  public List<Driver> drivers(Lead lead, long fromMillis) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns how many of the lead's events from {@code fromMillis} on a velocity filter suppressed.
   */
  public long inorganicCount(Lead lead, long fromMillis) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Returns the counts that {@code /lite/status} shows. */
  public Totals totals() throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** What the store holds, over all units. */
  public record Totals(long leads, long events, long failed) {}
}
