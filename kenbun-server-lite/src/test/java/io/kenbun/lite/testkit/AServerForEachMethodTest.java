package io.kenbun.lite.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.client.Event;
import io.kenbun.lite.TestLite;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The extension in a field of the instance; four methods may run at the same time. */
@Execution(ExecutionMode.CONCURRENT)
class AServerForEachMethodTest {
  private static final Set<URI> urls = ConcurrentHashMap.newKeySet();

  @RegisterExtension
  final KenbunLiteExtension kenbun =
      KenbunLiteExtension.with(
          server -> TestLite.onEngine(server.template("none").durability("normal")));

  @RepeatedTest(4)
  void eachMethodFindsAServerOfItsOwn() {
    assertTrue(urls.add(kenbun.url()), () -> urls + " " + kenbun.url());
    kenbun.leads().hasCount(0);
    kenbun.client().track(Event.builder("Page View").email("ada@example.com").build());
    kenbun.received("Page View").once();
    kenbun.leads().email("ada@example.com").hasScore(0); // There are no rules.
  }
}
