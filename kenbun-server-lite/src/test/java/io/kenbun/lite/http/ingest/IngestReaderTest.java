package io.kenbun.lite.http.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.RawEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestReaderTest {
  private static final long NOW = Instant.parse("2026-03-10T12:00:00Z").toEpochMilli();

  @Test
  void readsEveryField() {
    RawEvent event =
        read(
            "{\"lead_id\":\"ld_1\",\"alias_kind\":\"email\",\"alias\":\" A@b.example \","
                + "\"event_type\":\"  Page View \",\"timestamp\":\"2026-03-10T13:00:00.1234+01:00\","
                + "\"metadata\": { \"path\" : \"/pricing\" , \"n\":1.0 } ,"
                + "\"aliases\":[{\"alias_kind\":\"phone\",\"raw_value\":\"+1 2\",\"x\":[]}]}");
    assertEquals(7, event.unit());
    assertEquals("ld_1", event.leadId());
    assertEquals(
        List.of(new Alias(AliasKind.EMAIL, " A@b.example "), new Alias(AliasKind.PHONE, "+1 2")),
        event.aliases());
    assertEquals("Page View", event.eventType());
    assertEquals(NOW + 123, event.timestampMillis());
    assertEquals(NOW, event.receivedAtMillis());
    assertEquals("{ \"path\" : \"/pricing\" , \"n\":1.0 }", event.metadata());
  }

  @Test
  void nullCountsAsAbsent() {
    RawEvent event =
        read(
            "{\"lead_id\":\"ld_1\",\"event_type\":\"X\",\"alias_kind\":null,\"alias\":null,"
                + "\"aliases\":null,\"timestamp\":null,\"metadata\":null,\"unit_id\":null}");
    assertEquals(List.of(), event.aliases());
    assertEquals(NOW, event.timestampMillis());
    assertNull(event.metadata());
  }

  @Test
  void unknownFieldsAreIgnored() {
    read("{\"lead_id\":\"a\",\"event_type\":\"X\",\"idempotency_key\":{\"a\":[1]},\"new\":true}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        // body                                                       | code             | field
        "{}                                                           |missing_field     |event_type",
        "{\"event_type\":\"X\"}                                       |missing_identity  |-",
        "{\"event_type\":null,\"lead_id\":\"a\"}                      |missing_field     |event_type",
        "{\"event_type\":\"\",\"lead_id\":\"a\"}                      |invalid_field     |event_type",
        "{\"event_type\":\"  \",\"lead_id\":\"a\"}                    |invalid_field     |event_type",
        "{\"event_type\":1,\"lead_id\":\"a\"}                         |invalid_field     |event_type",
        "{\"event_type\":[\"X\"],\"lead_id\":\"a\"}                   |invalid_field     |event_type",
        "{\"event_type\":\"a\\u0000b\",\"lead_id\":\"a\"}             |invalid_field     |event_type",
        "{\"event_type\":\"X\",\"lead_id\":\"\"}                      |invalid_field     |lead_id",
        "{\"event_type\":\"X\",\"lead_id\":\" \"}                     |invalid_field     |lead_id",
        "{\"event_type\":\"X\",\"lead_id\":\"\\u0000\"}               |invalid_field     |lead_id",
        "{\"event_type\":\"X\",\"lead_id\":true}                      |invalid_field     |lead_id",
        "{\"event_type\":\"X\",\"alias\":\"a\"}                       |missing_field     |alias_kind",
        "{\"event_type\":\"X\",\"alias_kind\":\"email\"}              |missing_field     |alias",
        "{\"event_type\":\"X\",\"alias_kind\":\"email\",\"alias\":null}|missing_field    |alias",
        "{\"event_type\":\"X\",\"alias_kind\":\"email\",\"alias\":\"\"}|invalid_field    |alias",
        "{\"event_type\":\"X\",\"alias_kind\":\"email\",\"alias\":\"\\t\"}|invalid_field |alias",
        "{\"event_type\":\"X\",\"alias_kind\":\"email\",\"alias\":7}  |invalid_field     |alias",
        "{\"event_type\":\"X\",\"alias_kind\":\"Email\",\"alias\":\"a\"}|unknown_alias_kind|alias_kind",
        "{\"event_type\":\"X\",\"alias_kind\":\"\",\"alias\":\"a\"}   |unknown_alias_kind|alias_kind",
        "{\"event_type\":\"X\",\"alias_kind\":3,\"alias\":\"a\"}      |invalid_field     |alias_kind",
        "{\"event_type\":\"X\",\"aliases\":{}}                        |invalid_field     |aliases",
        "{\"event_type\":\"X\",\"aliases\":\"a\"}                     |invalid_field     |aliases",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"aliases\":[]}      |invalid_field     |aliases",
        "{\"event_type\":\"X\",\"aliases\":[1]}                       |invalid_field     |aliases[0]",
        "{\"event_type\":\"X\",\"aliases\":[null]}                    |invalid_field     |aliases[0]",
        "{\"event_type\":\"X\",\"aliases\":[{}]}                      |missing_field     |aliases[0].alias_kind",
        "{\"event_type\":\"X\",\"aliases\":[{\"alias_kind\":\"email\"}]}|missing_field   |aliases[0].raw_value",
        "{\"event_type\":\"X\",\"aliases\":[{\"alias_kind\":\"email\",\"raw_value\":1}]}|invalid_field|aliases[0].raw_value",
        "{\"event_type\":\"X\",\"aliases\":[{\"alias_kind\":\"email\",\"raw_value\":\"a\"},{\"alias_kind\":\"fax\",\"raw_value\":\"b\"}]}|unknown_alias_kind|aliases[1].alias_kind",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"timestamp\":\"yesterday\"}|invalid_field|timestamp",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"timestamp\":1757946600}|invalid_field |timestamp",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"timestamp\":\"\"}  |invalid_field     |timestamp",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"metadata\":[]}     |invalid_field     |metadata",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"metadata\":\"{}\"} |invalid_field     |metadata",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"unit_id\":\"u\"}   |invalid_field     |unit_id",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"unit_id\":{\"a\":1}}|invalid_field    |unit_id",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"lead_id\":\"a\"}   |invalid_field     |lead_id",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"metadata\":{\"a\":1,\"a\":1}}|invalid_field|metadata.a",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"metadata\":{\"l\":[{\"b\":1,\"b\":1}]}}|invalid_field|metadata.l[0].b",
        "{\"event_type\":\"X\",\"lead_id\":\"\\ud800\"}               |invalid_field     |lead_id",
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"metadata\":{\"k\":\"\\udfff\"}}|invalid_field|metadata.k",
        "[]                                                           |invalid_json      |-",
        "\"a\"                                                        |invalid_json      |-",
        "null                                                         |invalid_json      |-",
        "[\"\\ud800\"]                                                |invalid_json      |-",
        "{\"event_type\":\"X\",\"lead_id\":\"a\"}x                    |invalid_json      |-",
        "{\"event_type\":\"X\",\"lead_id\":\"a\"}{}                   |invalid_json      |-",
        "{\"event_type\":\"X\",\"lead_id\":\"a\"                      |invalid_json      |-",
        // Not JSON at all comes before what is wrong with a field of it.
        "{\"event_type\":1,\"lead_id\":\"a\"                          |invalid_json      |-",
        // Of two faults the first in the text.
        "{\"timestamp\":1,\"event_type\":2}                           |invalid_field     |timestamp",
      })
  void refuses(String body, String code, @Nullable String field) throws Exception {
    refused(400, code, field, body);
  }

  @Test
  void lengthsAreCountedInCodePointsOnBothSidesOfTheLimit() throws Exception {
    String smile = "😀";
    read(body("event_type", " " + smile.repeat(200) + " "));
    refused(400, "invalid_field", "event_type", body("event_type", smile.repeat(201)));
    read("{\"event_type\":\"X\",\"lead_id\":\"" + smile.repeat(128) + "\"}");
    refused(
        400,
        "invalid_field",
        "lead_id",
        "{\"event_type\":\"X\",\"lead_id\":\"" + smile.repeat(129) + "\"}");
    String alias = "{\"event_type\":\"X\",\"alias_kind\":\"social\",\"alias\":\"%s\"}";
    read(String.format(alias, smile.repeat(512)));
    refused(400, "invalid_field", "alias", String.format(alias, "é".repeat(513)));
  }

  @Test
  void takes16AliasesAndNot17() throws Exception {
    assertEquals(16, read(aliases(16, "")).aliases().size());
    refused(400, "invalid_field", "aliases", aliases(17, ""));
    // The plain form counts, unless it says what the list says.
    refused(
        400, "invalid_field", "aliases", aliases(16, ",\"alias_kind\":\"email\",\"alias\":\"z\""));
    assertEquals(
        "5",
        read(aliases(16, ",\"alias_kind\":\"cookie\",\"alias\":\"5\"")).aliases().get(0).value());
  }

  @Test
  void metadataMayTake102400BytesAndNotOneMore() throws Exception {
    assertEquals(102_400, read(metadata(102_400)).metadata().length());
    refused(413, "metadata_too_large", "metadata", metadata(102_401));
    // Bytes as sent, not characters: é takes two.
    String body =
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"metadata\":{\"k\":\""
            + "é".repeat(51_197)
            + "\"}}";
    refused(413, "metadata_too_large", "metadata", body);
  }

  @Test
  void aTimestampMayLie24HoursAheadAndNotAMillisecondMore() throws Exception {
    String body = "{\"event_type\":\"X\",\"lead_id\":\"a\",\"timestamp\":\"%s\"}";
    assertEquals(
        NOW + 86_400_000, read(String.format(body, "2026-03-11T12:00:00.000Z")).timestampMillis());
    Problem problem =
        refused(400, "invalid_field", "timestamp", String.format(body, "2026-03-11T12:00:00.001Z"));
    assertEquals(
        "timestamp is more than 24 hours ahead: \"2026-03-11T12:00:00.001Z\"",
        problem.getMessage());
    read(String.format(body, "1970-01-01T00:00:00Z"));
  }

  @Test
  void decayPostedByAClientSpeaksForTheSystem() {
    assertEquals(
        "{\"channel\":\"system\"}",
        read("{\"event_type\":\"DECAY\",\"lead_id\":\"a\"}").metadata());
    assertEquals(
        "{\"x\":1.0,\"channel\":\"system\"}",
        read("{\"event_type\":\"DECAY\",\"lead_id\":\"a\",\"metadata\":{\"channel\":\"web\",\"x\":1.0}}")
            .metadata());
    assertEquals(
        "{\"channel\":\"web\"}",
        read("{\"event_type\":\"Decay\",\"lead_id\":\"a\",\"metadata\":{\"channel\":\"web\"}}")
            .metadata());
  }

  @Test
  void deepNestingIsRefusedWithoutAStackOverflow() throws Exception {
    refused(
        400,
        "invalid_json",
        null,
        "{\"event_type\":\"X\",\"lead_id\":\"a\",\"metadata\":" + "{\"a\":".repeat(10_000));
    refused(400, "invalid_json", null, "[".repeat(10_000));
  }

  @Test
  void sayWhatIsWrong() throws Exception {
    assertEquals(
        "event_type is required", refused(400, "missing_field", "event_type", "{}").getMessage());
    assertEquals("body is empty", refused(400, "invalid_json", null, "").getMessage());
    assertEquals(
        "event_type is not a string: a number",
        refused(400, "invalid_field", "event_type", "{\"event_type\":1}").getMessage());
    assertEquals(
        "alias_kind is none of email, external_id, phone, cookie, social: \"fax\"",
        refused(400, "unknown_alias_kind", "alias_kind", "{\"alias_kind\":\"fax\"}").getMessage());
    assertEquals(
        "event_type has less than 1 or more than 200 characters: 0",
        refused(400, "invalid_field", "event_type", "{\"event_type\":\" \"}").getMessage());
    assertEquals(
        "lead_id: key repeated",
        refused(400, "invalid_field", "lead_id", "{\"lead_id\":1,\"lead_id\":1}").getMessage());
  }

  private static RawEvent read(String body) {
    return IngestReader.read(body.getBytes(StandardCharsets.UTF_8), 100, 7, NOW);
  }

  private static Problem refused(int status, String code, @Nullable String field, String body)
      throws Exception {
    Problem problem = assertThrows(Problem.class, () -> read(body));
    Map<?, ?> json = (Map<?, ?>) Json.readTree(problem.body());
    assertEquals(code, json.get("code"), problem.getMessage());
    assertEquals(field, json.get("field"), problem.getMessage());
    assertEquals(status, problem.status());
    return problem;
  }

  private static String body(String field, String value) {
    return "{\"lead_id\":\"a\",\"" + field + "\":\"" + value + "\"}";
  }

  private static String aliases(int count, String more) {
    StringBuilder body = new StringBuilder("{\"event_type\":\"X\",\"aliases\":[");
    for (int i = 0; i < count; i++) {
      body.append(i == 0 ? "" : ",")
          .append("{\"alias_kind\":\"cookie\",\"raw_value\":\"")
          .append(i)
          .append("\"}");
    }
    return body.append(']').append(more).append('}').toString();
  }

  private static String metadata(int bytes) {
    return "{\"event_type\":\"X\",\"lead_id\":\"a\",\"metadata\":{\"k\":\""
        + "x".repeat(bytes - 8)
        + "\"}}";
  }
}
