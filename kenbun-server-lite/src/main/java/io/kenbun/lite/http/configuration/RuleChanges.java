package io.kenbun.lite.http.configuration;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.time.InstantSource;
import java.util.List;

/**
 * The one way in which what is set up changes while events stream. Any thread.
 *
 * <pre>
 *   check against what is in force ──&gt; keep ──&gt; load everything ──&gt; replace the rules at once
 *   └───────────────── one at a time, over all nodes ─────────────────────────────────┘
 * </pre>
 *
 * <p>So no check is made against something that changes meanwhile, who has loaded earlier does not
 * come later, and an event sees the rules from before or after, whole.
 */
public final class RuleChanges {
  private final Rules rules;
  private final Configuration configuration;
  private final InstantSource clock;
  private final Object lock = new Object();
  private boolean stale; // Guarded by lock. What is kept may be newer than what is in force.

  public RuleChanges(Rules rules, Configuration configuration, InstantSource clock) {
    this.rules = rules;
    this.configuration = configuration;
    this.clock = clock;
  }

  /**
   * Checks and keeps one change; a {@link io.kenbun.lite.http.call.Problem} leaves everything as it
   * is.
   */
  public interface Change<T> {
    T make(RuleSetup before, Configuration kept, long nowMillis) throws StorageException;
  }

  /** Changes which units there are, or what they are called. */
  public interface UnitChange {
    void make(Configuration kept) throws StorageException;
  }

  /**
   * What a change came to.
   *
   * @param made what the change returned
   * @param setup the unit with the change and no later one
   */
  record Changed<T>(T made, RuleSetup setup, long atMillis) {}

  /** Returns what is in force in a unit. */
  public RuleSetup current(OrgUnit unit) {
    return rules.current().setup(unit.key());
  }

  /** Returns the same, compiled. */
  public Engine engine(OrgUnit unit) {
    return rules.current().engine(unit.key());
  }

  /** Returns the units that there are. */
  List<OrgUnit> units() {
    return rules.current().units();
  }

  /** Makes a change to one unit; it is in force when this returns. */
  public <T> Changed<T> make(OrgUnit unit, Change<T> change) throws StorageException {
    synchronized (lock) {
      return configuration.alone(
          mayBeOld -> {
            if (stale || mayBeOld) {
              load();
            }
            long nowMillis = clock.millis();
            T made = change.make(current(unit), configuration, nowMillis);
            load();
            return new Changed<>(made, current(unit), nowMillis);
          });
    }
  }

  /** Says what a change to one unit would come to; nothing of it is kept. */
  Configuration.Tried tried(OrgUnit unit, Change<?> change) throws StorageException {
    long nowMillis = clock.millis();
    return configuration.tried(unit, (before, draft) -> change.make(before, draft, nowMillis));
  }

  /** Makes a change to the units; returns everything with it and no later one. */
  public Rules.Snapshot makeToUnits(UnitChange change) throws StorageException {
    synchronized (lock) {
      return configuration.alone(
          mayBeOld -> {
            change.make(configuration);
            load();
            return rules.current();
          });
    }
  }

  private void load() throws StorageException {
    stale = true; // Until it has worked: the next change must not be checked against old rules.
    rules.reload(configuration::load);
    stale = false;
  }
}
