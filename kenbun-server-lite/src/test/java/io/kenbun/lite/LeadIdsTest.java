package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeadIdsTest {
  @Test
  void spellsTimeThenChance() {
    LeadIds ids = new LeadIds(() -> Instant.ofEpochMilli(33), new SecureRandom());
    Set<String> seen = new HashSet<>();
    Set<Character> lastCharacters = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      String id = ids.next();
      assertTrue(id.matches("ld_0000000011[0-9a-hjkmnp-tv-z]{16}"), id);
      assertTrue(seen.add(id), id);
      lastCharacters.add(id.charAt(id.length() - 1));
    }
    assertEquals(32, lastCharacters.size());
  }
}
