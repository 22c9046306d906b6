package io.kenbun.lite;

import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.json.JsonException;
import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.store.row.TakenIdException;
import io.kenbun.lite.webhook.AddressGuard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a configuration file says.
 *
 * <pre>
 *   {"credentials": [{"client_id", "client_secret", "name"?, "unit_ids"?: [...]}],
 *    "org_units":   [see ConfigUnit]}
 * </pre>
 *
 * @param channels by {@code unit_id}
 * @param withoutSettings the {@code unit_id}s of units of which the file says no settings
 * @param paths where the file has the ids of rules and levels
 */
record ConfigFile(
    List<Credential> credentials,
    List<RuleSetup> setups,
    Map<String, List<Channel>> channels,
    Set<String> withoutSettings,
    Map<String, String> paths) {
  private static final String STARTER = "starter.json";

  /**
   * Reads {@code file}.
   *
   * @param guard says where webhooks may go
   */
  static ConfigFile read(Path file, AddressGuard guard) {
    try {
      return parse(Files.readAllBytes(file), guard);
    } catch (JsonException e) {
      throw new ConfigException(file + ": " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + " is not there; --config names a JSON file", e);
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage(), e);
    } catch (ConfigException e) {
      throw new ConfigException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns what a first start without a file sets up: one unit, with {@code starter} rules and
   * levels or with none.
   */
  static ConfigFile template(String name) {
    ConfigFile starter;
    try (InputStream in = ConfigFile.class.getResourceAsStream(STARTER)) {
      if (in == null) {
        throw new IllegalStateException("no " + STARTER);
      }
      starter = parse(in.readAllBytes(), new AddressGuard(false));
    } catch (IOException e) {
      throw new IllegalStateException(STARTER, e);
    }
    if (name.equals("starter")) {
      return starter;
    }
    List<RuleSetup> bare = new ArrayList<>();
    for (RuleSetup setup : starter.setups()) {
      bare.add(RuleSetup.builder(setup.unit()).build());
    }
    return new ConfigFile(List.of(), bare, Map.of(), Set.of(), Map.of());
  }

  /** Returns the complaint about an id that something has that the file does not speak of. */
  ConfigException taken(TakenIdException taken) {
    String path = paths.get(taken.kind() + " " + taken.id());
    return new ConfigException(taken.getMessage() + " at " + path, taken);
  }

  static ConfigFile parse(byte[] json, AddressGuard guard) throws JsonException {
    ConfigNode root = ConfigNode.of(Json.readTree(json), "$").only("credentials", "org_units");
    List<Credential> credentials = new ArrayList<>();
    Set<String> clientIds = new HashSet<>();
    for (ConfigNode node : root.list("credentials")) {
      node.only("client_id", "client_secret", "name", "unit_ids");
      String clientId = node.text("client_id", RuleSetup.MAX_NAME_LENGTH);
      if (clientId.indexOf(':') >= 0 || !clientIds.add(clientId)) {
        throw node.problem(
            "an id of its own, without a colon, expected: \"" + clientId + '"', "client_id");
      }
      List<String> unitIds = node.texts("unit_ids", RuleSetup.MAX_NAME_LENGTH);
      credentials.add(
          Credential.of(
              clientId,
              node.text("name", RuleSetup.MAX_NAME_LENGTH, clientId),
              node.secret("client_secret", 500),
              Set.copyOf(unitIds)));
    }
    List<RuleSetup> setups = new ArrayList<>();
    Set<String> unitIds = new HashSet<>();
    Map<String, List<Channel>> channels = new HashMap<>();
    Set<String> withoutSettings = new HashSet<>();
    Map<String, String> paths = new HashMap<>();
    ConfigSettings settings = ConfigSettings.read(root.list("org_units"));
    for (ConfigNode node : root.list("org_units")) {
      List<Channel> ofUnit = ConfigChannels.read(node, guard);
      RuleSetup setup = ConfigUnit.read(node, settings, ofUnit, paths);
      String unitId = setup.unit().unitId();
      if (!unitIds.add(unitId)) {
        throw node.problem("twice in the file: \"" + unitId + '"', "unit_id");
      }
      if (!node.has("settings")) {
        withoutSettings.add(unitId);
      }
      channels.put(unitId, ofUnit);
      setups.add(setup);
    }
    return new ConfigFile(credentials, setups, channels, withoutSettings, paths);
  }
}
