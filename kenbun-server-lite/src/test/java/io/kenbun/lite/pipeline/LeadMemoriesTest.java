package io.kenbun.lite.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.model.TriggerKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeadMemoriesTest {
  private static final List<TriggerKind> KINDS = List.of(TriggerKind.values());
  private final LeadState lead = new LeadState(7, 1, "a", 0);

  private static Remembered.Key key(TriggerKind kind, long trigger) {
    return new Remembered.Key(kind, trigger);
  }

  private Map<Remembered.Key, TriggerMemory> changed(LeadMemories memories) {
    List<Remembered> taken = new ArrayList<>();
    memories.takeChanged(lead, taken);
    Map<Remembered.Key, TriggerMemory> all = new HashMap<>();
    taken.forEach(one -> assertEquals(null, all.put(one.trigger(), one.memory())));
    return all;
  }

  @Test
  void remembersWhatAMapDoes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<Remembered.Key, TriggerMemory> known = new HashMap<>();
    known.put(key(TriggerKind.SURGE, 3), new TriggerMemory(-1, Long.MIN_VALUE, 0));
    LeadMemories memories = new LeadMemories(known);
    assertEquals(Map.of(), changed(memories), "what the store has is not to be written");
    for (int i = 0; i < 2_000; i++) {
      TriggerKind kind = KINDS.get(random.nextInt(KINDS.size()));
      Remembered.Key trigger = key(kind, 1 + random.nextInt(40));
      TriggerMemory memory =
          new TriggerMemory(random.nextLong(), random.nextLong(), random.nextInt(4));
      assertEquals(known.getOrDefault(trigger, TriggerMemory.NONE), memories.get(trigger));
      memories.put(trigger, memory);
      known.put(trigger, memory);
    }
    known.forEach((trigger, memory) -> assertEquals(memory, memories.get(trigger), "seed " + seed));
  }

  @Test
  void whatWasPutIsTakenOnce() {
    LeadMemories memories = new LeadMemories();
    assertFalse(memories.isChanged());
    TriggerMemory first = new TriggerMemory(5, 6, TriggerMemory.ENTERED);
    TriggerMemory second = new TriggerMemory(7, 8, TriggerMemory.EXITED);
    memories.put(key(TriggerKind.MILESTONE, 2), first);
    memories.put(key(TriggerKind.SEQUENCE, 2), first);
    memories.put(key(TriggerKind.SEQUENCE, 2), second);
    assertTrue(memories.isChanged());
    assertEquals(
        Map.of(key(TriggerKind.MILESTONE, 2), first, key(TriggerKind.SEQUENCE, 2), second),
        changed(memories));
    assertFalse(memories.isChanged());
    assertEquals(Map.of(), changed(memories));
    memories.put(key(TriggerKind.MILESTONE, 2), second);
    assertEquals(Map.of(key(TriggerKind.MILESTONE, 2), second), changed(memories));
  }

  @Test
  void twoLeadsRememberWhatEitherDid() {
    LeadMemories into = new LeadMemories();
    into.put(key(TriggerKind.MILESTONE, 1), new TriggerMemory(5, 0, TriggerMemory.ENTERED));
    into.put(key(TriggerKind.SURGE, 1), new TriggerMemory(9, 0, 0));
    changed(into);
    LeadMemories source = new LeadMemories();
    source.put(key(TriggerKind.MILESTONE, 1), new TriggerMemory(8, 0, TriggerMemory.EXITED));
    source.put(key(TriggerKind.SEQUENCE, 4), new TriggerMemory(3, 2, 0));
    into.merge(source);
    assertEquals(
        Map.of(
            key(TriggerKind.MILESTONE, 1),
            new TriggerMemory(8, 0, TriggerMemory.ENTERED | TriggerMemory.EXITED),
            key(TriggerKind.SEQUENCE, 4),
            new TriggerMemory(3, 2, 0)),
        changed(into));
    assertEquals(new TriggerMemory(9, 0, 0), into.get(key(TriggerKind.SURGE, 1)));
  }
}
