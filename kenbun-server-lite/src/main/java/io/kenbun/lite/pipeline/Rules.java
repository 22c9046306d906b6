package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The units and their rules in force, compiled. Any thread; a change replaces the whole at once, so
 * that a batch that took {@link #current} before sees nothing of it.
 */
public final class Rules {
  private volatile Snapshot current = new Snapshot(List.of());

  public Snapshot current() {
    return current;
  }

  public void replace(Collection<RuleSetup> setups) {
    current = new Snapshot(setups);
  }

  /** Reads what is kept. */
  public interface Loader {
    Collection<RuleSetup> load() throws StorageException;
  }

  /** Replaces the whole by what is kept now; who has read earlier does not come later. */
  public synchronized void reload(Loader loader) throws StorageException {
    replace(loader.load());
  }

  /** The rules of all units at one moment. */
  public static final class Snapshot {
    private final Map<Long, RuleSetup> setups = new LinkedHashMap<>();
    private final Map<Long, Engine> engines = new LinkedHashMap<>();
    private final Map<String, OrgUnit> unitsById = new LinkedHashMap<>();

    Snapshot(Collection<RuleSetup> setups) {
      for (RuleSetup setup : setups) {
        this.setups.put(setup.unit().key(), setup);
        this.engines.put(setup.unit().key(), new Engine(setup));
        this.unitsById.put(setup.unit().unitId(), setup.unit());
      }
    }

    /** Returns every unit, in the order they were made. */
    public List<OrgUnit> units() {
      return new ArrayList<>(unitsById.values());
    }

    /** Returns the unit of that {@code unit_id}, or null. */
    public @Nullable OrgUnit unit(String unitId) {
      return unitsById.get(unitId);
    }

    /** Returns the rules of the unit of that {@link OrgUnit#key() key}. */
    public RuleSetup setup(long unit) {
      return known(setups.get(unit), unit);
    }

    /** Returns the same rules, compiled. */
    public Engine engine(long unit) {
      return known(engines.get(unit), unit);
    }

    private static <T> T known(@Nullable T value, long unit) {
      if (value == null) {
        throw new IllegalStateException("no unit of key " + unit);
      }
      return value;
    }
  }
}
