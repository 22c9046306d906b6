package io.kenbun.lite.store.leads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kenbun.lite.engine.Ledger;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.LeadBook.AliasKey;
import io.kenbun.lite.pipeline.LeadBook.LeadKey;
import io.kenbun.lite.pipeline.LeadState;
import io.kenbun.lite.store.Scene;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadCacheTest {
  private final LeadCache cache = new LeadCache(3);

  @Test
  void oneLeadIsFoundByEachOfItsNames() {
    LeadState lead = put(1);
    cache.put(alias("a"), lead);
    assertSame(lead, cache.lead(1L));
    assertSame(lead, cache.lead(new LeadKey(1, "ld_1")));
    assertSame(lead, cache.lead(alias("a")));
    assertNull(cache.lead(alias("b")));
    assertNull(cache.lead(new LeadKey(2, "ld_1")));
  }

  @Test
  void keepsAsManyAsFitAndNoMore() {
    put(1);
    put(2);
    put(3);
    assertNotNull(cache.lead(1L));
    assertNotNull(cache.lead(2L));
    assertNotNull(cache.lead(3L));
    put(4);
    int kept = 0;
    for (long key = 1; key <= 4; key++) {
      kept += cache.lead(key) == null ? 0 : 1;
    }
    assertEquals(3, kept);
  }

  @Test
  void whatWasAskedForStaysBeforeWhatWasNot() {
    for (long key = 1; key <= 4; key++) {
      put(key);
    }
    assertNull(cache.lead(1L));
    cache.lead(2L);
    put(5);
    assertNotNull(cache.lead(2L));
    assertNull(cache.lead(3L));
    assertNotNull(cache.lead(4L));
  }

  @Test
  void whatIsPutStaysWhileLessThanTheRestIsPutAfterIt() {
    for (long key = 1; key <= 20; key++) {
      put(key);
      assertNotNull(cache.lead(Math.max(1, key - 1)), "put before " + key);
    }
  }

  @Test
  void whatIsPutAgainTakesThePlaceOfWhatItWas() {
    put(1);
    LeadState again = put(1);
    assertSame(again, cache.lead(1L));
    put(2);
    put(3);
    assertSame(again, cache.lead(1L));
  }

  @Test
  void isEmptyOnceCleared() {
    LeadState lead = put(1);
    cache.put(alias("a"), lead);
    cache.clear();
    assertNull(cache.lead(1L));
    assertNull(cache.lead(alias("a")));
    for (long key = 1; key <= 5; key++) {
      put(key);
    }
    assertNotNull(cache.lead(5L));
  }

  @Test
  void aLeadThatWasForgottenWithinABatchIsOneLeadAllTheSame(@TempDir Path data) throws Exception {
    try (Scene scene = new Scene(data, 2)) {
      scene.rules(setup -> setup.rulesets(List.of(Scene.ruleset(1, Scene.rule(1, "View", 5)))));
      List<String> names = List.of("a", "b", "c", "d", "e", "f");
      for (String name : names) {
        scene.score(name, "View", Scene.T0);
      }
      for (int batch = 1; batch <= 3; batch++) {
        for (String name : names) {
          scene.accept(name, "View", Scene.T0 + batch, null);
        }
        for (String name : names) {
          String leadId = scene.lead(name).leadId();
          scene.accept(
              new RawEvent(
                  scene.unit.key(), leadId, List.of(), "View", Scene.T0 + batch, Scene.T0, null));
        }
        scene.drain();
        for (String name : names) {
          assertEquals(5 + 10 * batch, scene.scoreOf(name), name);
          assertEquals(5 + 10 * batch, scene.listedScoreOf(name), name);
        }
      }
      assertEquals(names.size(), scene.number("SELECT count(*) FROM lead"));
    }
  }

  private LeadState put(long key) {
    LeadState lead = new LeadState(key, 1, "ld_" + key, 0, 0, null, new Ledger(), 0);
    cache.put(lead);
    return lead;
  }

  private static AliasKey alias(String name) {
    return new AliasKey(1, AliasKind.COOKIE, name);
  }
}
