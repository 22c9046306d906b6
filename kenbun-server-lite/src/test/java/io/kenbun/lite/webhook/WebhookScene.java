package io.kenbun.lite.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.TestReceiver;
import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.pipeline.MovableClock;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.TestFirings;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.firing.DeliveryReads.Shown;
import io.kenbun.lite.store.sqlite.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries from a transaction of the store to a real receiver, by a clock that is moved. */
abstract class WebhookScene {
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  static final Instant START = Instant.parse("2026-03-10T12:00:00Z");

  @TempDir Path data;

  final MovableClock clock = new MovableClock(InstantSource.fixed(START));
  final TestReceiver receiver = new TestReceiver();
  Store storage;
  TestFirings firings;
  @Nullable Webhooks webhooks;
  long unit;

  @BeforeEach
  void open() throws Exception {
    storage = TestStores.open(data, Durability.NORMAL, 1_000, clock, () -> "ld_1");
    OrgUnit wanted = new OrgUnit(0, "unit_default", "org", "Default", "default", null, true);
    storage.configuration().apply(List.of(RuleSetup.builder(wanted).build()), 0);
    unit = storage.configuration().load().get(0).unit().key();
    firings = new TestFirings(storage);
    start(true);
  }

  void start(boolean allowPrivate) {
    webhooks =
        new Webhooks(
            storage.deliveries(),
            storage.reads().deliveries(),
            new AddressGuard(allowPrivate),
            clock,
            InstantSource.system(),
            new Random(1),
            (outcome, nanos) -> {},
            "1.2.3",
            () -> true,
            null,
            Duration.ofDays(2));
    webhooks.start();
  }

  void stop() {
    if (webhooks != null) {
      webhooks.close();
      webhooks = null;
    }
  }

  @AfterEach
  void close() {
    stop();
    storage.close();
    receiver.close();
  }

  Fired milestone(String id, String url) {
    return TestFirings.milestone(id, unit, url, SECRET);
  }

  void fire(Fired... told) throws Exception {
    firings.fire(clock.millis(), told);
  }

  void advance(Duration by) {
    clock.set(now -> now + by.toMillis(), null);
  }

  /** Waits until everything that is due was tried and written down. */
  void settle() throws InterruptedException {
    CountDownLatch idle = new CountDownLatch(1);
    Objects.requireNonNull(webhooks).rounds().whenIdle(idle::countDown);
    assertTrue(idle.await(20, TimeUnit.SECONDS), "deliveries are not settled");
  }

  Shown shown(String id) throws Exception {
    return Objects.requireNonNull(storage.reads().deliveries().find(unit, id), id);
  }

  /** Waits until the delivery was tried that often. */
  Shown tried(String id, int tries) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    Shown now;
    do {
      settle();
      now = shown(id);
    } while (now.tries() < tries && System.nanoTime() < deadline);
    assertEquals(tries, now.tries());
    return now;
  }

  static Channel channel(Channel.Config config) {
    return new Channel(0, "", "Team", config, null, 0, 0);
  }
}
