package io.kenbun.lite.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.lite.KenbunLite;
import io.kenbun.lite.TestLite;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The extension in a static field. */
class OneServerForTheClassTest {
  @RegisterExtension
  static final KenbunLiteExtension kenbun = KenbunLiteExtension.with(TestLite::onEngine);

  private static @Nullable URI url;

  private static void isTheSameAndEmpty() {
    url = url == null ? kenbun.url() : url;
    assertEquals(url, kenbun.url());
    kenbun.leads().hasCount(0);
    kenbun.client().track(Event.builder("Page View").email("ada@example.com").build());
    kenbun.leads().hasCount(1).email("ada@example.com").hasScore(1);
  }

  @RepeatedTest(3)
  void eachMethodFindsTheSameServerEmpty() {
    isTheSameAndEmpty();
  }

  @Test
  void parametersAreThoseOfTheServer(KenbunLiteKit kit, KenbunLite server, KenbunClient client) {
    assertSame(kenbun.kit(), kit);
    assertSame(kit.server(), server);
    assertSame(kit.client(), client);
  }

  @Nested
  class Inside {
    @Test
    void nestedClassesShareIt() {
      isTheSameAndEmpty();
    }
  }
}
