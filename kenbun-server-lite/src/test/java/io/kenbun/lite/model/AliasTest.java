package io.kenbun.lite.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliasTest {
  @ParameterizedTest
  @CsvSource({
    "EMAIL, ' Ada@Example.COM ', ada@example.com",
    "PHONE, '+49 (0)30 / 12-34', +490301234",
    "PHONE, ' 030 1234', 0301234",
    "PHONE, 1+2, 12",
    "PHONE, n/a, n/a",
    "PHONE, +, +",
    "EXTERNAL_ID, ' A1 ', ' A1 '",
    "COOKIE, AbC, AbC",
    "SOCIAL, @Ada, @Ada"
  })
  void keyIsWhatTwoSpellingsHaveInCommon(AliasKind kind, String value, String key) {
    assertEquals(key, new Alias(kind, value).key());
  }
}
