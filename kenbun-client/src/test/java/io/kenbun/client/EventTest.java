package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class EventTest {
  private static void refuses(String message, Executable code) {
    Exception e = assertThrows(Exception.class, code);
    assertEquals(message, e.getMessage());
  }

  private static String json(Event event) {
    return new String(EventCodec.encode(event), StandardCharsets.UTF_8);
  }

  private static Event.Builder event() {
    return Event.builder("T").leadId("ld_1").timestampMillis(0);
  }

  private static String x(int count) {
    return "x".repeat(count);
  }

  @Test
  void takesEachLimitAndRefusesOneMore() {
    event().build();
    Event.builder(x(200)).leadId("a").build();
    Event.builder(" " + x(200) + " ").leadId(x(128)).email(x(512)).build();
    refuses("eventType longer than 200 characters: 201", () -> Event.builder(x(201)));
    refuses("leadId longer than 128 characters: 129", () -> event().leadId(x(129)));
    refuses("email alias longer than 512 characters: 513", () -> event().email(x(513)));
    refuses("eventType is blank", () -> Event.builder(" \t"));
    refuses("leadId is blank", () -> event().leadId(" "));
    refuses("cookie alias is blank", () -> event().cookie(""));
    refuses("eventType == null", () -> Event.builder(null));
    refuses("phone alias == null", () -> event().phone(null));
  }

  @Test
  void takesSixteenAliasesAndRefusesOneMore() {
    Event.Builder builder = Event.builder("T");
    for (int i = 0; i < 16; i++) {
      builder.social("s" + i);
    }
    assertEquals(16, builder.build().aliases().size());
    refuses("aliases > 16: 17", () -> builder.social("s16"));
  }

  @Test
  void needsSomethingThatNamesTheLead() {
    refuses("leadId and aliases missing: nothing names the lead", () -> Event.builder("T").build());
  }

  @Test
  void refusesANameThatIsNoUnicodeText() {
    refuses(
        "email alias has an unpaired surrogate at index 1, which is no Unicode text",
        () -> event().email("a\ud800b"));
    refuses(
        "leadId has an unpaired surrogate at index 0, which is no Unicode text",
        () -> event().leadId("\udc00"));
    event().email("smile \ud83d\ude00").build();
  }

  @Test
  void sendsAnUnpairedSurrogateInMetadataAsAQuestionMark() {
    assertTrue(json(event().metadata("a\ud800", "b\udc00c").build()).contains("{\"a?\":\"b?c\"}"));
  }

  @Test
  void takesMetadataOf102400BytesAndRefusesOneMore() {
    int frame = "{\"k\":\"\"}".length();
    event().metadata("k", x(102_400 - frame)).build();
    refuses(
        "metadata larger than 102400 bytes as JSON: 102401",
        () -> event().metadata("k", x(102_400 - frame + 1)).build());
    String umlauts = "\u00fc".repeat((102_400 - frame) / 2);
    event().metadata("k", umlauts).build();
    refuses(
        "metadata larger than 102400 bytes as JSON: 102402",
        () -> event().metadata("k", umlauts + "\u00fc").build());
  }

  @Test
  void takesEveryKindOfValueThatJsonHas() {
    Map<String, Object> nested = new HashMap<>();
    nested.put("deep", Arrays.asList(1, null, "two", List.of(true)));
    Event event =
        event()
            .metadata("text", "a\"b\\c\n\u2028")
            .metadata("int", 1)
            .metadata("long", Long.MIN_VALUE)
            .metadata("double", 0.1)
            .metadata("big", new BigInteger("123456789012345678901234567890"))
            .metadata("decimal", new BigDecimal("1.10"))
            .metadata("atomic", new AtomicInteger(7))
            .metadata("yes", true)
            .metadata("null", null)
            .metadata("map", nested)
            .build();
    assertEquals(
        "{\"lead_id\":\"ld_1\",\"event_type\":\"T\",\"timestamp\":\"1970-01-01T00:00:00.000Z\","
            + "\"metadata\":{\"text\":\"a\\\"b\\\\c\\n\\u2028\",\"int\":1,"
            + "\"long\":-9223372036854775808,\"double\":0.1,"
            + "\"big\":123456789012345678901234567890,\"decimal\":1.10,\"atomic\":7,"
            + "\"yes\":true,\"null\":null,\"map\":{\"deep\":[1,null,\"two\",[true]]}}}",
        json(event));
  }

  @Test
  void refusesWhatJsonCannotSpellAndSaysWhere() {
    refuses("metadata.n is not a finite number: NaN", () -> event().metadata("n", Double.NaN));
    refuses(
        "metadata.a.b[1] is not a finite number: -Infinity",
        () -> event().metadata("a", Map.of("b", List.of(1, Double.NEGATIVE_INFINITY))));
    refuses(
        "metadata.d is no text, number, boolean, null, list or map: java.lang.Object",
        () -> event().metadata("d", new Object()));
    refuses(
        "metadata.m has a key that is no String: 1", () -> event().metadata("m", Map.of(1, "one")));
    refuses("metadata key == null", () -> event().metadata(null, 1));
  }

  @Test
  void refusesWhatNestsTooDeepOrContainsItself() {
    Object deep = "bottom";
    for (int i = 0; i < 32; i++) {
      deep = List.of(deep);
    }
    event().metadata("d", deep).build();
    Object deeper = List.of(deep);
    refuses(
        "metadata nests deeper than 32 levels, or contains itself, at metadata.d"
            + "[0]".repeat(20).substring(0, 60 - "metadata.d".length())
            + "...",
        () -> event().metadata("d", deeper));
    List<Object> self = new ArrayList<>();
    self.add(self);
    assertThrows(IllegalArgumentException.class, () -> event().metadata("s", self));
    Object bomb = "b";
    for (int i = 0; i < 31; i++) { // Two thousand million elements, if somebody unfolded them.
      bomb = List.of(bomb, bomb);
    }
    Object lit = bomb;
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> event().metadata("b", lit))
            .getMessage()
            .startsWith("metadata larger than 102400 bytes as JSON at metadata.b[0][0]"));
  }

  @Test
  void copiesWhatItIsGiven() {
    List<Object> list = new ArrayList<>(List.of(1));
    Event.Builder builder = event().metadata("l", list).metadata("k", 1);
    Event first = builder.build();
    list.add(2);
    Event second = builder.metadata("k", 2).metadata("n", 3).email("a@example.com").build();
    assertEquals("{l=[1], k=1}", first.metadata().toString());
    assertEquals("{l=[1], k=2, n=3}", second.metadata().toString());
    assertEquals(0, first.aliases().size());
    assertThrows(UnsupportedOperationException.class, () -> first.metadata().put("x", 1));
  }

  @Test
  void keepsTheLastOfEqualKeysHoweverMany() {
    Event.Builder builder = event();
    for (int i = 0; i < 100; i++) {
      builder.metadata("k" + i % 50, i);
    }
    assertEquals(50, builder.build().metadata().size());
    assertEquals(99, builder.build().metadata().get("k49"));
    assertEquals(50, builder.build().metadata().get("k0"));
  }

  @Test
  void writesOneAliasAsTheIngestPageDoesAndSeveralAsAList() {
    assertEquals(
        "{\"alias_kind\":\"external_id\",\"alias\":\"1\",\"event_type\":\"T\","
            + "\"timestamp\":\"1970-01-01T00:00:00.000Z\"}",
        json(Event.builder("T").externalId("1").timestampMillis(0).build()));
    assertEquals(
        "{\"lead_id\":\"l\",\"aliases\":[{\"alias_kind\":\"email\",\"raw_value\":\"a\"},"
            + "{\"alias_kind\":\"phone\",\"raw_value\":\"+1\"}],\"event_type\":\"T\","
            + "\"timestamp\":\"1970-01-01T00:00:00.000Z\"}",
        json(Event.builder("T").leadId("l").email("a").phone("+1").timestampMillis(0).build()));
  }

  @Test
  void isReadBackFromDiskAsItWas() throws Exception {
    Event event =
        Event.builder("T")
            .leadId("l")
            .email("a")
            .cookie("c")
            .timestampMillis(1234)
            .metadata("m", Map.of("list", Arrays.asList(1L, 2.5, null, true, "x")))
            .build();
    Event read = EventCodec.decode(EventCodec.encode(event));
    assertEquals(json(event), json(read));
    assertEquals(event.identities(), read.identities());
    assertEquals(event.metadata(), read.metadata());
  }

  @Test
  void hidesSecretsAndMetadataInToString() {
    assertEquals(
        "Event{T of ld_1 at 1970-01-01T00:00:00.000Z}",
        event().metadata("secret", "s3cret").build().toString());
    assertEquals("Credentials.basic(id, ***)", Credentials.basic("id", "s3cret").toString());
    assertEquals("Credentials.bearer(***)", Credentials.bearer("kbn_pat_x").toString());
  }
}
