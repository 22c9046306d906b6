package io.kenbun.lite.store;

import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.firing.DeliveryRows;
import io.kenbun.lite.store.sql.Statements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fires as a trigger does: deliveries are inserted in a transaction of the store's. */
public final class TestFirings {
  private final Store storage;

  /** Begins, on a store that is open. */
  public TestFirings(Store storage) {
    this.storage = storage;
  }

  /** Writes the deliveries of {@code told} and wakes who sends them. */
  public void fire(long nowMillis, Fired... told) throws StorageException {
    fire(nowMillis, List.of(told));
  }

  public void fire(long nowMillis, List<Fired> told) throws StorageException {
    DeliveryRows[] written = new DeliveryRows[1];
    storage
        .database()
        .inTransaction(
            connection -> {
              try (Statements statements = new Statements()) {
                written[0] = new DeliveryRows(connection, statements);
                written[0].insert(told, nowMillis);
                return told;
              }
            });
    storage.deliveries().committed(written[0]);
  }

  /** Makes a milestone's firing for the unit's first lead, told to one webhook. */
  public static Fired milestone(String id, long unit, String url, @Nullable String secret) {
    return new Fired(
        firing(id, unit, NotificationType.MILESTONE_ENTERED),
        new Destinations(url, secret, null, false, List.of(), null, null, null));
  }

  /** Makes a firing of a milestone of 80 points. */
  public static Firing firing(String id, long unit, NotificationType type) {
    return new Firing(
        id,
        unit,
        type,
        7,
        "milestone_7",
        "Hot \"lead\"",
        80,
        1,
        "ld_1",
        1_773_144_000_000L,
        82,
        74,
        "rs_main",
        "Very Hot",
        "Demo Request",
        "evt_0000000000001",
        List.of(),
        null,
        null);
  }
}
