package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kenbun.lite.http.json.JsonException;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.ScoringSettings;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.webhook.AddressGuard;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  private static final AddressGuard GUARD = new AddressGuard(false);

  @TempDir Path directory;

  @Test
  void theStarterHasRulesAndLevels() {
    RuleSetup starter = ConfigFile.template("starter").setups().get(0);
    assertEquals("unit_default", starter.unit().unitId());
    assertEquals("Starter", starter.primaryRuleset().name());
    assertEquals("Warm", starter.engagementLevel(49));
    assertEquals("Hot", starter.engagementLevel(50));
    assertEquals("Very Hot", starter.engagementLevel(1_000));
    assertEquals("Unclassified", starter.engagementLevel(-1));
  }

  @Test
  void theTemplateNoneIsAnEmptyUnit() {
    RuleSetup none = ConfigFile.template("none").setups().get(0);
    assertEquals("unit_default", none.unit().unitId());
    assertEquals(0, none.rulesets().size() + none.engagementLevels().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                                   | an object expected: a list at $
          {"unit":1}                           | unknown key, allowed are credentials, org_units at $.unit
          {"org_units":{}}                     | a list expected: an object at $.org_units
          {"org_units":[{}]}                   | text of 1 to 200 characters expected: nothing at $.org_units[0].unit_id
          {"org_units":[{"unit_id":" "}]}      | text of 1 to 200 characters expected: " " at $.org_units[0].unit_id
          {"org_units":[{"unit_id":"a"},{"unit_id":"a"}]} | twice in the file: "a" at $.org_units[1].unit_id
          {"credentials":[{"client_id":"a:b","client_secret":"s"}]} | an id of its own, without a colon, expected: "a:b" at $.credentials[0].client_id
          {"credentials":[{"client_id":"a","client_secret":["top"]}]} | text of 1 to 500 characters expected at $.credentials[0].client_secret
          """)
  void namesThePathAndWhatIsAllowed(String json, String message) {
    assertMessage(message, json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "weight":1.5    | a whole number from -2147483648 to 2147483647 expected: 1.5 at R.weight
          "weight":"5"    | a whole number from -2147483648 to 2147483647 expected: "5" at R.weight
          "weight":2147483648 | a whole number from -2147483648 to 2147483647 expected: 2147483648 at R.weight
          "weight":1,"half_life_days":0 | a whole number from 1 to 36500 expected: 0 at R.half_life_days
          "weight":1,"half_life_days":36501 | a whole number from 1 to 36500 expected: 36501 at R.half_life_days
          "weight":1,"half_life_days":1.5 | a whole number from 1 to 36500 expected: 1.5 at R.half_life_days
          "weight":1,"active":"yes" | true or false expected: "yes" at R.active
          "weight":1,"start_date":"2026-13-01" | a day such as 2026-03-31 expected: "2026-13-01" at R.start_date
          "weight":1,"start_date":"2026-03-02","end_date":"2026-03-01" | not before start_date 2026-03-02 expected: 2026-03-01 at R.end_date
          "weight":1,"attribute_filters":[{"field":"a","operator":"like","value":"b"}] | one of equals, not_equals, contains, not_contains, starts_with, ends_with, gt, greater_than, gte, lt, less_than, lte, is_empty, is_not_empty, regex expected: "like" at R.attribute_filters[0].operator
          "weight":1,"attribute_filters":[{"field":"a","operator":"equals"}] | text of 1 to 1000 characters expected: nothing at R.attribute_filters[0].value
          "weight":1,"attribute_filters":[{"field":"a","operator":"regex","value":"("}] | a regular expression expected: no regex: Unclosed group: ( at R.attribute_filters[0].value
          """)
  void checksEachFieldOfARule(String fields, String message) {
    String json =
        "{\"org_units\":[{\"unit_id\":\"a\",\"rulesets\":[{\"name\":\"r\",\"rules\":[{\"event_type\":\"E\","
            + fields
            + "}]}]}]}";
    assertMessage(message.replace("R.", "$.org_units[0].rulesets[0].rules[0]."), json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "decays":[{"points":-5,"interval_days":7}] | text of 1 to 200 characters expected: nothing at U.decays[0].name
          "decays":[{"name":"a","interval_days":7}] | a whole number from -1000000 to 1000000 expected: nothing at U.decays[0].points
          "decays":[{"name":"a","points":-1000001,"interval_days":7}] | a whole number from -1000000 to 1000000 expected: -1000001 at U.decays[0].points
          "decays":[{"name":"a","points":1000001,"interval_days":7}] | a whole number from -1000000 to 1000000 expected: 1000001 at U.decays[0].points
          "decays":[{"name":"a","points":-5,"interval_days":0}] | a whole number from 1 to 36500 expected: 0 at U.decays[0].interval_days
          "decays":[{"name":"a","points":-5,"interval_days":36501}] | a whole number from 1 to 36500 expected: 36501 at U.decays[0].interval_days
          "decays":[{"name":"a","points":-5,"interval_days":7,"ruleset_id":"x"}] | the id of one of the unit's rulesets in the file expected: "x" at U.decays[0].ruleset_id
          "decays":[{"name":"a","points":-5,"interval_days":7},{"name":"a","points":-5,"interval_days":7}] | twice in the list: "a" at U.decays[1].name
          "decays":[{"name":"a","days":7}] | unknown key, allowed are id, name, points, interval_days, active, ruleset_id at U.decays[0].days
          "triggers":[{"name":"a"}] | a whole number from -1000000000 to 1000000000 expected: nothing at U.triggers[0].score_threshold
          "triggers":[{"name":"a","score_threshold":1000000001}] | a whole number from -1000000000 to 1000000000 expected: 1000000001 at U.triggers[0].score_threshold
          "triggers":[{"name":"a","score_threshold":1,"fire_mode":"twice"}] | once or always expected at U.triggers[0].fire_mode
          "triggers":[{"name":"a","score_threshold":1,"cooldown_seconds":-1}] | a whole number from 0 to 31536000 expected: -1 at U.triggers[0].cooldown_seconds
          "sequences":[{"name":"a","event_types":[],"window_seconds":1}] | 1 to 20 event types expected: 0 at U.sequences[0].event_types
          "sequences":[{"name":"a","event_types":["A"],"window_seconds":0}] | a whole number from 1 to 31536000 expected: 0 at U.sequences[0].window_seconds
          "surge_triggers":[{"name":"a","threshold":0,"window_seconds":1}] | a whole number from 1 to 10000 expected: 0 at U.surge_triggers[0].threshold
          "surge_triggers":[{"name":"a","threshold":1,"window_seconds":31536001}] | a whole number from 1 to 31536000 expected: 31536001 at U.surge_triggers[0].window_seconds
          "metadata_filters":[{"name":"a"}] | at least one condition expected: nothing at U.metadata_filters[0].conditions
          "metadata_filters":[{"name":"a","conditions":[{"field":"a"}]}] | unknown key, allowed are key, operator, value at U.metadata_filters[0].conditions[0].field
          "metadata_filters":[{"name":"a","conditions":[{"key":"a","operator":"equals"}]}] | text of 1 to 1000 characters expected: nothing at U.metadata_filters[0].conditions[0].value
          "metadata_filters":[{"conditions":[{"key":"a","operator":"is_empty"}]}] | text of 1 to 200 characters expected: nothing at U.metadata_filters[0].name
          "inorganic_filters":[{"event_type":"E","window_ms":1}] | a whole number from 0 to 1000000 expected: nothing at U.inorganic_filters[0].count_threshold
          "inorganic_filters":[{"event_type":"E","count_threshold":-1,"window_ms":1}] | a whole number from 0 to 1000000 expected: -1 at U.inorganic_filters[0].count_threshold
          "inorganic_filters":[{"event_type":"E","count_threshold":1000001,"window_ms":1}] | a whole number from 0 to 1000000 expected: 1000001 at U.inorganic_filters[0].count_threshold
          "inorganic_filters":[{"event_type":"E","count_threshold":1,"window_ms":0}] | a whole number from 1 to 31536000000 expected: 0 at U.inorganic_filters[0].window_ms
          "inorganic_filters":[{"event_type":"E","count_threshold":1,"window_ms":31536000001}] | a whole number from 1 to 31536000000 expected: 31536000001 at U.inorganic_filters[0].window_ms
          "inorganic_filters":[{"id":"i","event_type":"E","count_threshold":1,"window_ms":1},{"id":"i","event_type":"F","count_threshold":1,"window_ms":1}] | twice in the list: "i" at U.inorganic_filters[1].id
          "profile_mappings":[{"metadata_key":"a"}] | text of 1 to 200 characters expected: nothing at U.profile_mappings[0].profile_field
          "profile_mappings":[{"metadata_key":"a","profile_field":"b","update_behavior":"never"}] | one of always_latest, only_if_empty expected: "never" at U.profile_mappings[0].update_behavior
          "profile_mappings":[{"metadata_key":"a","profile_field":"b"},{"metadata_key":"a","profile_field":"b"}] | twice in the list: "a" at U.profile_mappings[1].metadata_key
          "profile_rulesets":[{"name":"r","rules":[{"profile_field":"f","operator":"equals","value":"v"}]}] | a whole number from -2147483648 to 2147483647 expected: nothing at U.profile_rulesets[0].rules[0].weight
          "profile_rulesets":[{"name":"r","rules":[{"profile_field":"f","operator":"is_empty","weight":1},{"profile_field":"f","operator":"is_empty","weight":2}]}] | twice in the list: "f" at U.profile_rulesets[0].rules[1].profile_field
          "profile_rulesets":[{"name":"a","is_primary":true},{"name":"b","is_primary":true}] | one ruleset may be primary at U.profile_rulesets
          "profile_rulesets":[{"name":"a"},{"name":"b"},{"name":"c"},{"name":"d"},{"name":"e"}] | at most 4 active rulesets expected at U.profile_rulesets
          "settings":[] | an object expected: a list at U.settings
          "settings":{"session_timeout_minutes":0} | a whole number from 1 to 1440 expected: 0 at U.settings.session_timeout_minutes
          "settings":{"session_timeout_minutes":1441} | a whole number from 1 to 1440 expected: 1441 at U.settings.session_timeout_minutes
          "settings":{"fan_out_window_ms":-1} | a whole number from 0 to 86400000 expected: -1 at U.settings.fan_out_window_ms
          "settings":{"fan_out_window_ms":86400001} | a whole number from 0 to 86400000 expected: 86400001 at U.settings.fan_out_window_ms
          "hidden_event_types":[" "] | text of 1 to 200 characters expected: " " at U.hidden_event_types[0]
          "rulesets":[{"name":"a"},{"name":"a"}] | twice in the list: "a" at U.rulesets[1].name
          """)
  void checksEachFieldOfAUnit(String fields, String message) {
    assertMessage(
        message.replace("U.", "$.org_units[0]."),
        "{\"org_units\":[{\"unit_id\":\"a\"," + fields + "}]}");
  }

  @Test
  void takesWhatLiesOnTheLimits() throws Exception {
    RuleSetup lowest =
        unit(
            """
            "rulesets":[{"id":"rs","name":"r","rules":[{"event_type":"E","weight":1,"half_life_days":1}]}],
            "decays":[{"name":"a","points":1000000,"interval_days":1,"ruleset_id":"rs"}],
            "metadata_filters":[{"name":"a","conditions":[{"key":"k","operator":"is_empty"}]}],
            "inorganic_filters":[{"event_type":"E","count_threshold":0,"window_ms":1}],
            "profile_mappings":[{"metadata_key":"a","profile_field":"b"}],
            "settings":{"session_timeout_minutes":1,"fan_out_window_ms":0}""");
    Ruleset ruleset = lowest.rulesets().get(0);
    assertEquals(1, ruleset.rules().get(0).halfLifeDays());
    assertEquals(
        List.of(new DecayRule(0, "", "a", -1_000_000, 1, true, ruleset.key(), 0)),
        lowest.decayRules());
    Condition empty = new Condition("k", Operator.IS_EMPTY, "");
    assertEquals(
        List.of(new MetadataFilter(0, "", "a", "", List.of(empty), true, 0, 0, "", "")),
        lowest.metadataFilters());
    assertEquals(
        List.of(new VelocityFilter(0, "", "E", 0, 1, false, true, 0, 0)), lowest.velocityFilters());
    assertEquals(
        List.of(new ProfileMapping(0, "", "a", "b", UpdateBehavior.ALWAYS_LATEST, 0)),
        lowest.profileMappings());
    assertEquals(new ScoringSettings(false, false, 1, 0), lowest.settings());
    RuleSetup highest =
        unit(
            """
            "rulesets":[{"name":"r","rules":[{"event_type":"E","weight":2147483647,"half_life_days":36500}]}],
            "decays":[{"name":"a","points":-1000000,"interval_days":36500,"active":false}],
            "inorganic_filters":[{"event_type":"E","count_threshold":1000000,"window_ms":31536000000,
              "keep_first":true,"enabled":false}],
            "profile_mappings":[{"metadata_key":"a","profile_field":"b","update_behavior":"only_if_empty"}],
            "profile_rulesets":[{"name":"p","is_primary":true,
              "rules":[{"profile_field":"b","operator":"greater_than","value":"1","weight":-2147483648}]}],
            "settings":{"session_timeout_minutes":1440,"fan_out_window_ms":86400000,
              "allow_negative_scores":true,"abm_enabled":true},
            "hidden_event_types":["Noise"]""");
    assertEquals(36_500, highest.rulesets().get(0).rules().get(0).halfLifeDays());
    assertEquals(
        List.of(new DecayRule(0, "", "a", -1_000_000, 36_500, false, null, 0)),
        highest.decayRules());
    assertEquals(
        List.of(new VelocityFilter(0, "", "E", 1_000_000, 31_536_000_000L, true, false, 0, 0)),
        highest.velocityFilters());
    Condition more = new Condition("b", Operator.GREATER_THAN, "1");
    assertEquals(
        List.of(new ProfileRule(0, "", more, Integer.MIN_VALUE, true, 0, 0)),
        highest.profileRulesets().get(0).rules());
    assertEquals(UpdateBehavior.ONLY_IF_EMPTY, highest.profileMappings().get(0).updateBehavior());
    assertEquals(new ScoringSettings(true, true, 1_440, 86_400_000), highest.settings());
    assertEquals(Set.of("Noise"), highest.hiddenEventTypes());
  }

  @Test
  void theDocumentedExampleIsTaken() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "configuration.md"));
    int start = page.indexOf("```json") + "```json".length();
    RuleSetup setup = parse(page.substring(start, page.indexOf("```", start))).setups().get(0);
    assertEquals(setup.rulesets().get(0).key(), setup.decayRules().get(0).ruleset());
    assertEquals(
        2, ConfigFile.read(Path.of("..", "examples", "oulad-config.json"), GUARD).setups().size());
  }

  @Test
  void settingsOfTheOrganizationAreSaidByAnyOfItsUnits() throws Exception {
    ConfigFile file =
        parse(
            "{\"org_units\":[{\"unit_id\":\"a\",\"settings\":{\"session_timeout_minutes\":5}},"
                + "{\"unit_id\":\"b\",\"settings\":{\"fan_out_window_ms\":7}},"
                + "{\"unit_id\":\"c\",\"org_id\":\"o\",\"settings\":{\"fan_out_window_ms\":8}}]}");
    assertEquals(new ScoringSettings(false, false, 5, 7), file.setups().get(0).settings());
    assertEquals(new ScoringSettings(false, false, 30, 7), file.setups().get(1).settings());
    assertEquals(new ScoringSettings(false, false, 30, 8), file.setups().get(2).settings());
  }

  @ParameterizedTest
  @CsvSource({
    "allow_negative_scores, true, false",
    "abm_enabled, false, true",
    "fan_out_window_ms, 1, 2"
  })
  void unitsCannotSayTwoThingsOfTheirOrganization(String key, String one, String other) {
    String unit = "{\"unit_id\":\"%s\",\"settings\":{\"%s\":%s}}";
    assertMessage(
        "the same in every unit of the organization expected: "
            + other
            + " at $.org_units[1].settings."
            + key,
        "{\"org_units\":["
            + unit.formatted("a", key, one)
            + ","
            + unit.formatted("b", key, other)
            + "]}");
  }

  @Test
  void aUnitWithoutSettingsIsSaidToHaveNone() throws Exception {
    ConfigFile file =
        parse("{\"org_units\":[{\"unit_id\":\"a\"},{\"unit_id\":\"b\",\"settings\":{}}]}");
    assertEquals(Set.of("a"), file.withoutSettings());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"name":"a","min_score":0,"max_score":24},{"name":"b","min_score":24} | overlaps level "a" at $.org_units[0].levels[1].min_score
          {"name":"a","min_score":10},{"name":"b","min_score":5} | overlaps level "a" at $.org_units[0].levels[1].min_score
          {"name":"a","min_score":10,"max_score":9} | not below min_score 10 expected: 9 at $.org_units[0].levels[0].max_score
          """)
  void levelsDoNotOverlap(String levels, String message) {
    assertMessage(message, "{\"org_units\":[{\"unit_id\":\"a\",\"levels\":[" + levels + "]}]}");
  }

  @Test
  void levelsMayTouch() throws Exception {
    ConfigFile file =
        parse(
            "{\"org_units\":[{\"unit_id\":\"a\",\"levels\":[{\"name\":\"a\",\"min_score\":0,\"max_score\":24},"
                + "{\"name\":\"b\",\"min_score\":25}]}]}");
    assertEquals(2, file.setups().get(0).engagementLevels().size());
  }

  @Test
  void twoRulesOfOneTypeNeedDifferentFilters() {
    assertMessage(
        "an event type and filters that no other rule of the ruleset has expected: \"E\""
            + " at $.org_units[0].rulesets[0].rules[1].event_type",
        "{\"org_units\":[{\"unit_id\":\"a\",\"rulesets\":[{\"name\":\"r\",\"rules\":["
            + "{\"event_type\":\"E\",\"weight\":1},{\"event_type\":\"E\",\"weight\":2}]}]}]}");
  }

  private static final String TWO_UNITS =
      "{'org_units':[{'unit_id':'a',%s},{'unit_id':'b',%s}]}".replace('\'', '"');

  @Test
  void anIdOfARuleIsTheOnlyOneOfAllUnits() {
    String rule =
        "'rulesets':[{'id':'rs','name':'r','rules':[{'id':'r1','event_type':'%s','weight':1}]}]";
    String one = rule.formatted("A").replace('\'', '"');
    String other = rule.formatted("B").replace('\'', '"');
    assertMessage(
        "an id that no other rule has expected: \"r1\" at $.org_units[1].rulesets[0].rules[0].id",
        TWO_UNITS.formatted(one, other));
    String two =
        one.substring(0, one.length() - 1)
            + ","
            + other
                .substring(other.indexOf('[') + 1)
                .replace("\"rs\"", "\"rs2\"")
                .replace("\"r\"", "\"q\"");
    assertMessage(
        "an id that no other rule has expected: \"r1\" at $.org_units[0].rulesets[1].rules[0].id",
        TWO_UNITS.formatted(two, "\"name\":\"B\""));
  }

  @Test
  void anIdOfALevelIsTheOnlyOneOfBothSurfacesAndAllUnits() {
    String level = "[{\"id\":\"l1\",\"name\":\"a\",\"min_score\":0}]";
    assertMessage(
        "an id that no other level has expected: \"l1\" at $.org_units[1].profile_levels[0].id",
        TWO_UNITS.formatted("\"levels\":" + level, "\"profile_levels\":" + level));
    assertMessage(
        "an id that no other level has expected: \"l1\" at $.org_units[0].profile_levels[0].id",
        TWO_UNITS.formatted(
            "\"levels\":" + level + ",\"profile_levels\":" + level, "\"name\":\"B\""));
  }

  @Test
  void rulesetsOfTwoUnitsMayHaveOneId() throws Exception {
    String ruleset = "\"rulesets\":[{\"id\":\"rs\",\"name\":\"r\"}]";
    assertEquals(2, parse(TWO_UNITS.formatted(ruleset, ruleset)).setups().size());
  }

  @Test
  void anIdThatIsTakenInTheDataIsRefusedWithFileAndPath() throws Exception {
    Path data = directory.resolve("data");
    Path file = directory.resolve("kenbun.json");
    String rule =
        "{\"org_units\":[{\"unit_id\":\"%s\",\"rulesets\":[{\"name\":\"r\",\"rules\":"
            + "[{\"id\":\"r1\",\"event_type\":\"A\",\"weight\":1}]}]}]}";
    Files.writeString(file, rule.formatted("a"));
    TestLite.at(data).config(file).start().close();
    TestLite.at(data).config(file).start().close();
    Files.writeString(file, rule.formatted("b"));
    ConfigException refused =
        assertThrows(ConfigException.class, () -> TestLite.at(data).config(file).start().close());
    assertEquals(
        file
            + ": an id that no other rule has expected: \"r1\""
            + " at $.org_units[0].rulesets[0].rules[0].id",
        refused.getMessage());
  }

  @Test
  void fourRulesetsMayBeActiveAndNoFifth() throws Exception {
    assertEquals(4, parse(rulesets(4)).setups().get(0).rulesets().size());
    assertMessage("at most 4 active rulesets expected at $.org_units[0].rulesets", rulesets(5));
  }

  @Test
  void theFileIsNamed() throws Exception {
    Path file = directory.resolve("kenbun.json");
    Files.writeString(file, "{\"org_units\":[{\"unit_id\":5}]}");
    ConfigException wrong = assertThrows(ConfigException.class, () -> ConfigFile.read(file, GUARD));
    assertEquals(
        file + ": text of 1 to 200 characters expected: 5 at $.org_units[0].unit_id",
        wrong.getMessage());
    Path missing = directory.resolve("missing.json");
    ConfigException absent =
        assertThrows(ConfigException.class, () -> ConfigFile.read(missing, GUARD));
    assertEquals(missing + " is not there; --config names a JSON file", absent.getMessage());
  }

  @Test
  void slugsAreFitForUrls() {
    assertEquals("emea-sales", OrgUnit.slug("EMEA Sales"));
    assertEquals("a-b", OrgUnit.slug("  A & B! "));
  }

  private static RuleSetup unit(String fields) throws JsonException {
    return parse("{\"org_units\":[{\"unit_id\":\"a\"," + fields + "}]}").setups().get(0);
  }

  private static String rulesets(int count) {
    StringBuilder json = new StringBuilder("{\"org_units\":[{\"unit_id\":\"a\",\"rulesets\":[");
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "" : ",").append("{\"name\":\"r").append(i).append("\"}");
    }
    return json.append("]}]}").toString();
  }

  private static void assertMessage(String message, String json) {
    ConfigException wrong = assertThrows(ConfigException.class, () -> parse(json));
    assertEquals(message, wrong.getMessage());
  }

  private static ConfigFile parse(String json) throws JsonException {
    return ConfigFile.parse(json.getBytes(StandardCharsets.UTF_8), GUARD);
  }
}
