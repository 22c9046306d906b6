package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RegexTest {
  @Test
  void aPartThatMatchesIsEnough() {
    assertTrue(Regex.of("b+").isIn("abbc"));
    assertFalse(Regex.of("^b+$").isIn("abbc"));
  }

  @Test
  void aSearchEndsAfterSoManySteps() {
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> Regex.of("(.*a){12}b").isIn("a".repeat(40)));
    assertEquals("regex took more than 2000000 steps on 40 characters: (.*a){12}b", e.getMessage());
  }

  @Test
  void aDeepSearchIsAnErrorOfTheSameKind() {
    assertThrows(IllegalStateException.class, () -> Regex.of("(a|b)*c").isIn("ab".repeat(50_000)));
  }

  @Test
  void theLastStepThatIsAllowedIsTaken() {
    assertFalse(Regex.of("[b]").isIn("a".repeat(Regex.MAX_STEPS)));
    assertThrows(
        IllegalStateException.class, () -> Regex.of("[b]").isIn("a".repeat(Regex.MAX_STEPS + 1)));
  }

  @Test
  void aRepeatMayBeWrittenWithNineDigits() {
    assertTrue(Regex.of("a{000000002}").isIn("aa"));
    assertEquals("regex repeats > 10000, multiplied: a{0000000002}", refused("a{0000000002}"));
  }

  @Test
  void whatIsNoPatternIsRefused() {
    assertEquals("no regex: Unclosed group: (a", refused("(a"));
  }

  @Test
  void aPatternHasAThousandCharactersAtMost() {
    assertTrue(Regex.of("a".repeat(1_000)).isIn("a".repeat(1_000)));
    assertEquals("regex > 1000 characters: 1001", refused("a".repeat(1_001)));
  }

  @Test
  void repeatsMultiplyToTenThousandAtMost() {
    assertTrue(Regex.of("((){100}){100}").isIn(""));
    assertEquals("regex repeats > 10000, multiplied: ((){100}){101}", refused("((){100}){101}"));
    assertEquals(
        "regex repeats > 10000, multiplied: a{1,99999999999}", refused("a{1,99999999999}"));
  }

  private static String refused(String pattern) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Regex.of(pattern)).getMessage());
  }
}
