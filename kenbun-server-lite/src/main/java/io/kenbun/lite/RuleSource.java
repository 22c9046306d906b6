package io.kenbun.lite;

import io.kenbun.lite.http.ops.ResetApi;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.configuration.Baseline;
import io.kenbun.lite.store.configuration.Configuration;
import io.kenbun.lite.store.row.TakenIdException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where units and their rules come from: what is kept, what the configuration file says, what a
 * first start without either begins with.
 */
final class RuleSource {
  private final Store storage;
  private final @Nullable Path path;
  private final @Nullable ConfigFile file;
  private final String template;

  /**
   * Makes it.
   *
   * @param path where {@code file} was read, for what is said about it
   */
  RuleSource(Store storage, @Nullable Path path, @Nullable ConfigFile file, String template) {
    this.storage = storage;
    this.path = path;
    this.file = file;
    this.template = template;
  }

  /**
   * Applies the file, or the template where there is nothing yet; returns what is in force.
   *
   * @param defaultOu a unit that must be there; null: none is asked for
   */
  Rules load(@Nullable String defaultOu, long nowMillis) throws StorageException {
    Configuration configuration = storage.configuration();
    configuration.alone(
        mayBeOld -> {
          setUp(configuration, nowMillis);
          return mayBeOld;
        });
    Rules rules = new Rules();
    rules.reload(configuration::load);
    storage.onRules(() -> rules.reload(configuration::load));
    if (defaultOu != null && rules.current().unit(defaultOu) == null) {
      throw new ConfigException(
          "--default-ou: no such unit: \""
              + defaultOu
              + "\", there are "
              + String.join(", ", rules.current().units().stream().map(OrgUnit::unitId).toList()));
    }
    return rules;
  }

  private void setUp(Configuration configuration, long nowMillis) throws StorageException {
    if (file != null) {
      try {
        configuration.apply(file.setups(), file.channels(), file.withoutSettings(), nowMillis);
      } catch (TakenIdException e) {
        throw new ConfigException(path + ": " + file.taken(e).getMessage(), e);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(path + ": " + e.getMessage(), e);
      }
    }
    if (configuration.load().isEmpty()) {
      configuration.apply(ConfigFile.template(template).setups(), nowMillis);
    }
  }

  /** Returns what empties a unit, and with its rules puts those in force that it began with. */
  ResetApi.Reset reset(Rules rules) {
    ConfigFile first = file == null ? ConfigFile.template(template) : file;
    Baseline baseline = new Baseline(first.setups(), first.channels(), first.withoutSettings());
    return (unit, configuration) ->
        storage.reset(unit, configuration ? baseline : null, rules::replace);
  }
}
