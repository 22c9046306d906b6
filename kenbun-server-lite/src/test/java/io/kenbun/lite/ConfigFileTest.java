package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kenbun.lite.http.JsonException;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
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
          "weight":1,"active":"yes" | true or false expected: "yes" at R.active
          "weight":1,"start_date":"2026-13-01" | a day such as 2026-03-31 expected: "2026-13-01" at R.start_date
          "weight":1,"start_date":"2026-03-02","end_date":"2026-03-01" | not before start_date 2026-03-02 expected: 2026-03-01 at R.end_date
          "weight":1,"attribute_filters":[{"field":"a","operator":"like","value":"b"}] | one of equals, not_equals, contains, not_contains, starts_with, ends_with, gt, greater_than, gte, lt, less_than, lte, is_empty, is_not_empty, regex expected: "like" at R.attribute_filters[0].operator
          "weight":1,"attribute_filters":[{"field":"a","operator":"equals"}] | text of 1 to 1000 characters expected: nothing at R.attribute_filters[0].value
          "weight":1,"attribute_filters":[{"field":"a","operator":"regex","value":"("}] | a regular expression expected: Unclosed group at R.attribute_filters[0].value
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

  @Test
  void fourRulesetsMayBeActiveAndNoFifth() throws Exception {
    assertEquals(4, parse(rulesets(4)).setups().get(0).rulesets().size());
    assertMessage("at most 4 active rulesets expected at $.org_units[0].rulesets", rulesets(5));
  }

  @Test
  void theFileIsNamed() throws Exception {
    Path file = directory.resolve("kenbun.json");
    Files.writeString(file, "{\"org_units\":[{\"unit_id\":5}]}");
    ConfigException wrong = assertThrows(ConfigException.class, () -> ConfigFile.read(file));
    assertEquals(
        file + ": text of 1 to 200 characters expected: 5 at $.org_units[0].unit_id",
        wrong.getMessage());
    Path missing = directory.resolve("missing.json");
    ConfigException absent = assertThrows(ConfigException.class, () -> ConfigFile.read(missing));
    assertEquals(missing + " cannot be read: " + missing, absent.getMessage());
  }

  @Test
  void slugsAreFitForUrls() {
    assertEquals("emea-sales", OrgUnit.slug("EMEA Sales"));
    assertEquals("a-b", OrgUnit.slug("  A & B! "));
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
    return ConfigFile.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
