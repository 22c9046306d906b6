package io.kenbun.lite.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EventIdTest {
  @Test
  void spellsItsSeq() {
    assertEquals("evt_0000000000001", new EventId(1).toString());
    assertEquals("evt_7zzzzzzzzzzzz", new EventId(Long.MAX_VALUE).toString());
    for (long seq : new long[] {1, 31, 32, 1_048_575, Long.MAX_VALUE}) {
      assertEquals(seq, EventId.seqOf(new EventId(seq).toString()));
    }
  }

  @Test
  void otherTextIsNoEventId() {
    assertEquals(-1, EventId.seqOf("evt_000000000001"));
    assertEquals(-1, EventId.seqOf("evt_000000000000u"));
    assertEquals(-1, EventId.seqOf("ld__0000000000001"));
    assertEquals(-1, EventId.seqOf(""));
  }
}
