package io.kenbun.lite.store;

import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.pipeline.StorageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fires as a trigger does: deliveries are inserted in a transaction on the store's own file. */
public final class TestFirings implements AutoCloseable {
  private final SqliteStorage storage;
  private final SqliteDatabase database;

  /** Opens a further connection to the files of {@code storage}, which must be open. */
  public TestFirings(SqliteStorage storage) throws StorageException {
    this.storage = storage;
    this.database =
        SqliteDatabase.open(
            storage.path().resolve("kenbun.db"),
            "kenbun",
            SqliteStorage.KENBUN_SCHEMA,
            Durability.FULL,
            24_000,
            2_048);
  }

  /** Writes the deliveries of {@code told} and wakes who sends them. */
  public void fire(long nowMillis, Fired... told) throws StorageException {
    fire(nowMillis, List.of(told));
  }

  public void fire(long nowMillis, List<Fired> told) throws StorageException {
    database.inTransaction(
        connection -> {
          new DeliveryRows(connection, new Statements()).insert(told, nowMillis);
          return told;
        });
    storage.deliveries().wake();
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

  @Override
  public void close() {
    database.close();
  }
}
