package io.kenbun.lite;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.store.Durability;
import io.kenbun.lite.store.SqliteStorage;
import io.kenbun.lite.store.TestFirings;
import io.kenbun.lite.webhook.AddressGuard;
import io.kenbun.lite.webhook.Webhooks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Fires and sends in a process of its own, which {@link WebhookKillTest} kills.
 *
 * <pre>
 *   DIR URL PREFIX N    fires N times, a few in each transaction, and says so after each commit
 *   DIR URL PREFIX 0    sends what is left, then says "drained"
 * </pre>
 */
public final class WebhookSubject {
  private WebhookSubject() {}

  public static void main(String[] args) throws Exception {
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.SEVERE);
    int count = Integer.parseInt(args[3]);
    // Ahead of the time that an earlier process went by, so that its retries are due at once.
    Duration ahead = Duration.ofHours(Long.parseLong(args[4]));
    InstantSource clock = () -> java.time.Instant.now().plus(ahead);
    try (SqliteStorage storage =
        new SqliteStorage(Path.of(args[0]), Durability.FULL, 1_000, clock, () -> "ld_1")) {
      OrgUnit wanted = new OrgUnit(0, "unit_default", "org", "Default", "default", null, true);
      storage.configuration().apply(List.of(RuleSetup.builder(wanted).build()), 0);
      long unit = storage.configuration().load().get(0).unit().key();
      Webhooks webhooks =
          new Webhooks(
              storage.deliveries(),
              storage.reads().deliveries(),
              new AddressGuard(true),
              clock,
              clock,
              new Random(),
              (outcome, nanos) -> {},
              "test");
      webhooks.start();
      try (TestFirings firings = new TestFirings(storage)) {
        Random random = new Random();
        for (int i = 0; i < count; ) {
          List<Fired> told = new ArrayList<>();
          for (int n = 1 + random.nextInt(5); n > 0; n--) {
            String url = args[1] + random.nextInt(4);
            told.add(TestFirings.milestone(args[2] + "_" + i++, unit, url, null));
          }
          firings.fire(clock.millis(), told);
          told.forEach(one -> System.out.println(one.firing().id()));
          System.out.flush();
        }
      }
      while (count == 0 && storage.reads().deliveries().pending() > 0) {
        Thread.onSpinWait();
      }
      System.out.println("drained");
      System.out.flush();
      webhooks.close();
    }
  }
}
