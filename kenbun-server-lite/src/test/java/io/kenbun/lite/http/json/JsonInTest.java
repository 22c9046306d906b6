package io.kenbun.lite.http.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonInTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "[1,]",
        "[,1]",
        "[1;2]",
        "{\"a\"=1}",
        "{\"a\"=>1}",
        "{'a':1}",
        "{a:1}",
        "['a']",
        "[a]",
        "TRUE",
        "True",
        "truE",
        "nUll",
        "NULL",
        "tru",
        "truee",
        "nan",
        "NaN",
        "Infinity",
        "[-]",
        "[+1]",
        "[01]",
        "[-01]",
        "[1.]",
        "[.5]",
        "[1e]",
        "[1e+]",
        "[0x10]",
        "[1 2]",
        "{} {}",
        "{}x",
        "{}]",
        "[]}",
        "{\"a\":1]",
        "[1}",
        "// a\n{}",
        "/* a */{}",
        "# a\n{}",
        "{}//",
        "[\"a\nb\"]",
        "[\"a\tb\"]",
        "[\"\u0000\"]",
        "[\"\\x41\"]",
        "[\"\\'\"]",
        "[\"\\\n\"]",
        "[\"\\u12\"]",
        "[\"\\u12g4\"]",
        "[\"\\u",
        "[\"\\",
        "[\"abc",
        "\uFEFF{}",
        "\u00A0{}",
        "{\"a\":\u0001}",
        "[1\f]",
        "[E]",
        "[1eE1]",
      })
  void refusesWhatIsNotJson(String text) {
    JsonException e = assertThrows(JsonException.class, () -> Json.readTree(bytes(text)));
    assertEquals(JsonException.Kind.SYNTAX, e.kind());
    assertEquals("$", e.path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " [ ] \r\n\t",
        "1",
        "\"a\"",
        "null",
        "true",
        "[-0,0,-1,1.5,1E5,1e-5,1.0E+5]",
        "{\"\":{\"\":[]}}",
        "[\"\\u0000\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
        "[\"é😀\u2028\u007f\"]",
        "[{\"a\":1},{\"a\":1}]",
        "{\"a\":{\"a\":1},\"b\":{\"a\":1}}",
      })
  void takesWhatIsJson(String text) throws Exception {
    Json.readTree(bytes(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"a\":2}|$.a",
        "{\"a\":1,\"\\u0061\":2}|$.a",
        "{\"a\":{\"b\":[0,{\"c\":1,\"c\":1}]}}|$.a.b[1].c",
        "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,\"l\":1,\"m\":1,\"m\":1}|$.m",
        "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,\"l\":1,\"m\":1,\"a\":1}|$.a",
      })
  void refusesAKeyThatRepeats(String text, String path) {
    JsonException e = assertThrows(JsonException.class, () -> Json.readTree(bytes(text)));
    assertEquals("key repeated at " + path, e.getMessage());
    assertEquals(JsonException.Kind.CONTENT, e.kind());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":\"\\ud800\"}|$.a",
        "{\"a\":\"\\udc00\"}|$.a",
        "{\"a\":\"x\\ud800\\u0041\"}|$.a",
        "{\"a\":\"\\ud800\\ud800\\udc00\"}|$.a",
        "{\"a\":\"\\ud83d\\ude00\",\"b\":[1,{\"c\":\"\\ude00\"}]}|$.b[1].c",
        "[0,\"\\ud800\"]|$[1]",
      })
  void refusesHalfASurrogatePair(String text, String path) {
    JsonException e = assertThrows(JsonException.class, () -> Json.readTree(bytes(text)));
    assertEquals("half a surrogate pair at " + path, e.getMessage());
    assertEquals(JsonException.Kind.CONTENT, e.kind());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0 80",
        "c1 bf",
        "c3",
        "c3 28",
        "e0 80 80",
        "e0 9f bf",
        "e2 82",
        "ed a0 80",
        "ed bf bf",
        "f0 80 80 80",
        "f0 8f bf bf",
        "f0 9f 98",
        "f4 90 80 80",
        "f5 80 80 80",
        "fe",
        "ff",
      })
  void refusesBytesThatAreNotUtf8(String hex) {
    byte[] bad = hexed(hex);
    JsonException e =
        assertThrows(
            JsonException.class, () -> Json.readTree(join("{\"a\":{\"b\":\"x", bad, "\"}}")));
    assertEquals("not UTF-8 at byte 12 at $.a.b", e.getMessage());
    e = assertThrows(JsonException.class, () -> Json.readTree(join("{\"a\":", bad, "}")));
    assertEquals(JsonException.Kind.SYNTAX, e.kind());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c2 80",
        "df bf",
        "e0 a0 80",
        "ed 9f bf",
        "ee 80 80",
        "ef bf bf",
        "f0 90 80 80",
        "f4 8f bf bf",
      })
  void takesTheEdgesOfUtf8(String hex) throws Exception {
    byte[] good = hexed(hex);
    assertEquals(
        List.of(new String(good, StandardCharsets.UTF_8)), Json.readTree(join("[\"", good, "\"]")));
  }

  @Test
  void takes100LevelsAndNot101() throws Exception {
    Json.readTree(bytes("[".repeat(100) + "]".repeat(100)));
    JsonException e =
        assertThrows(
            JsonException.class, () -> Json.readTree(bytes("[".repeat(101) + "]".repeat(101))));
    assertEquals("nested deeper than 100 levels", e.getMessage());
    assertThrows(JsonException.class, () -> Json.readTree(bytes("{\"a\":".repeat(10_000))));
  }

  @Test
  void namesTheByteNearWhichItFails() {
    JsonException e =
        assertThrows(JsonException.class, () -> Json.readTree(bytes("{\"a\":\"\u0001\"}")));
    assertEquals("not JSON near byte 6", e.getMessage());
    e = assertThrows(JsonException.class, () -> Json.readTree(new byte[0]));
    assertEquals("empty", e.getMessage());
  }

  @Test
  void slicesObjectsAsTheyAreSpelled() throws Exception {
    String json = " { \"a\" : {\"x\": [1 , 2]} , \"b\":{}, \"c\"  :\n[ {\"é\" :1.50} ]} ";
    List<String> slices = new ArrayList<>();
    JsonIn.read(
        bytes(json),
        in -> {
          in.beginObject();
          while (in.hasNext()) {
            in.name();
            in.peek();
            JsonIn.Slice slice = in.skipSlice();
            slices.add(
                new String(bytes(json), slice.start(), slice.length(), StandardCharsets.UTF_8));
          }
          in.endObject();
          return true;
        });
    assertEquals(List.of("{\"x\": [1 , 2]}", "{}", "[ {\"é\" :1.50} ]"), slices);
  }

  @Test
  void slicesAcrossTheSegmentsOfItsBuffer() throws Exception {
    for (int padding = 8150; padding < 8200; padding++) {
      String json =
          "{\"p\":\"" + "x".repeat(padding) + "\",\"m\":{\"k\":\"" + "é".repeat(9000) + "\"}}";
      String[] metadata = new String[1];
      JsonIn.read(
          bytes(json),
          in -> {
            in.beginObject();
            in.name();
            in.skip();
            in.name();
            in.peek();
            JsonIn.Slice slice = in.skipSlice();
            metadata[0] =
                new String(bytes(json), slice.start(), slice.length(), StandardCharsets.UTF_8);
            in.endObject();
            return true;
          });
      assertEquals("{\"k\":\"" + "é".repeat(9000) + "\"}", metadata[0]);
    }
  }

  @Test
  void aPathIsFoundForAFaultInAKey() {
    JsonException e =
        assertThrows(
            JsonException.class, () -> Json.readTree(bytes("{\"a\":1,\"b\\ud800\":{\"c\":2}}")));
    assertEquals("$.b\ud800", e.path());
    assertNull(JsonText.check(bytes("{\"a\":1}")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] hexed(String hex) {
    String[] parts = hex.split(" ", -1);
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i], 16);
    }
    return bytes;
  }

  private static byte[] join(String before, byte[] middle, String after) {
    byte[] all = new byte[before.length() + middle.length + after.length()];
    System.arraycopy(bytes(before), 0, all, 0, before.length());
    System.arraycopy(middle, 0, all, before.length(), middle.length);
    System.arraycopy(bytes(after), 0, all, before.length() + middle.length, after.length());
    return all;
  }
}
