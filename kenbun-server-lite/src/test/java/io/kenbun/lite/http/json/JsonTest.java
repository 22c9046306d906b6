package io.kenbun.lite.http.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void aTreeHoldsPlainValues() throws Exception {
    Object tree =
        Json.readTree(
            "{\"b\":[1,-2.50,1e2,9223372036854775807,9223372036854775808,true,null,\"x\"],\"a\":{}}"
                .getBytes(StandardCharsets.UTF_8));
    assertEquals(
        Map.of(
            "b",
            Arrays.asList(
                1L,
                new BigDecimal("-2.50"),
                new BigDecimal("1e2"),
                Long.MAX_VALUE,
                new BigDecimal("9223372036854775808"),
                true,
                null,
                "x"),
            "a",
            Map.of()),
        tree);
    assertEquals(List.of("b", "a"), List.copyOf(((Map<?, ?>) tree).keySet()));
  }

  @Test
  void metadataComesAsTheTextOfItsScalars() {
    Map<String, Object> metadata =
        Json.readMetadata(
            "{\"s\":\"a\\u0062\",\"n\":42,\"d\":1.50,\"e\":1E5,\"big\":123456789012345678901,"
                + "\"t\":true,\"z\":null,\"l\":[1,\"b\",[false]],\"o\":{\"k\":-0}}");
    assertEquals("ab", metadata.get("s"));
    assertEquals("42", metadata.get("n"));
    assertEquals("1.50", metadata.get("d"));
    assertEquals("1E5", metadata.get("e"));
    assertEquals("123456789012345678901", metadata.get("big"));
    assertEquals("true", metadata.get("t"));
    assertEquals(null, metadata.get("z"));
    assertEquals(List.of("1", "b", List.of("false")), metadata.get("l"));
    assertEquals(Map.of("k", "-0"), metadata.get("o"));
  }

  @Test
  void withSetsOneKeyAndKeepsTheSpellingOfTheOthers() {
    assertEquals("{\"channel\":\"system\"}", Json.with("{}", "channel", "system"));
    assertEquals(
        "{\"a\":[1.50, {\"x\" : null}],\"b\":\"\\u0041\",\"channel\":\"system\"}",
        Json.with(
            "{ \"a\" : [1.50, {\"x\" : null}], \"channel\": {\"was\":1}, \"b\":\"\\u0041\" }",
            "channel",
            "system"));
  }
}
