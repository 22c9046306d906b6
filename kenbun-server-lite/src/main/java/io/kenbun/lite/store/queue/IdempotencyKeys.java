package io.kenbun.lite.store.queue;

import io.kenbun.lite.pipeline.Append;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which idempotency keys each unit has seen. One index look-up an event, within the transaction
 * that queues it, so that a key and its event are kept together or not at all. Used by the outbox's
 * writer alone.
 *
 * <pre>
 *   key column := the key itself, up to 64 bytes of visible ASCII
 *               | 0x00 and the SHA-256 of a longer one; no visible character is 0x00, so the two cannot meet
 * </pre>
 *
 * Keys that come in the order of time, as our client makes them, are neighbours in the index and
 * cost almost nothing; random ones touch a page each.
 */
public final class IdempotencyKeys {
  /** How long a key is remembered at least ({@code lite.md} 2). */
  public static final Duration WINDOW = Duration.ofHours(24);

  private static final int MAX_PLAIN_BYTES = 64;
  private static final int MAX_SWEPT_PER_STEP = 2_000;

  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(10);

  private final Prepared insertion =
      new Prepared(
          "INSERT INTO seen (unit, key, seq, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
  private final Prepared selection =
      new Prepared("SELECT seq FROM seen WHERE unit = ? AND key = ?");
  private final Prepared renumbering =
      new Prepared("UPDATE seen SET seq = ? WHERE unit = ? AND key = ?");

  // Where the sweep goes on; it walks through the keys a slice at a time, and begins anew when the
  // oldest that it left has come of age.
  private long sweptUnit = Long.MIN_VALUE;
  private byte[] sweptKey = new byte[0];
  private long oldestLeftMillis = Long.MAX_VALUE;
  private long nextSweepMillis = Long.MIN_VALUE;

  /**
   * Enters the keys of {@code appends} and numbers their events.
   *
   * @param seqs the seq of each append's events, one after the other as if all were new. Those of
   *     new events are moved down over those that are not, so that no number is left out; an event
   *     whose key was seen gets the seq of the first with it
   * @return whether each event, counted over all appends, is new
   */
  public boolean[] enter(Connection connection, List<Append> appends, List<long[]> seqs)
      throws SQLException {
    List<Asked> asked = new ArrayList<>();
    int count = 0;
    for (int i = 0; i < appends.size(); i++) {
      Append append = appends.get(i);
      for (int j = 0; j < append.events().size(); j++) {
        if (!append.key(j).isEmpty()) {
          Key key = new Key(append.events().get(j).unit(), column(append.key(j)));
          asked.add(new Asked(count, i, j, key));
        }
        count++;
      }
    }
    boolean[] fresh = new boolean[count];
    Arrays.fill(fresh, true);
    if (asked.isEmpty()) {
      return fresh;
    }
    PreparedStatement insert = insertion.on(connection);
    for (Asked one : asked) {
      insert.setLong(1, one.key.unit);
      insert.setBytes(2, one.key.column);
      insert.setLong(3, seqs.get(one.append)[one.event]);
      insert.setLong(4, appends.get(one.append).events().get(one.event).receivedAtMillis());
      insert.addBatch();
    }
    int[] changes = insert.executeBatch();
    boolean anySeen = false;
    for (int i = 0; i < changes.length; i++) {
      if (changes[i] == 0) {
        fresh[asked.get(i).index] = false;
        anySeen = true;
      }
    }
    if (anySeen) {
      closeUp(connection, asked, fresh, seqs);
      for (Asked one : asked) {
        if (!fresh[one.index]) {
          seqs.get(one.append)[one.event] = first(connection, one.key);
        }
      }
    }
    return fresh;
  }

  /** Numbers the new events anew, without gaps, as the length of the queue is told by numbers. */
  private void closeUp(Connection connection, List<Asked> asked, boolean[] fresh, List<long[]> seqs)
      throws SQLException {
    long next = seqs.get(0)[0];
    int index = 0;
    for (long[] own : seqs) {
      for (int i = 0; i < own.length; i++) {
        if (fresh[index++]) {
          own[i] = next++;
        }
      }
    }
    PreparedStatement update = renumbering.on(connection);
    for (Asked one : asked) {
      if (fresh[one.index]) {
        update.setLong(1, seqs.get(one.append)[one.event]);
        update.setLong(2, one.key.unit);
        update.setBytes(3, one.key.column);
        update.addBatch();
      }
    }
    update.executeBatch();
  }

  /** Returns the seq of the first event with a key. */
  private long first(Connection connection, Key key) throws SQLException {
    PreparedStatement select = selection.on(connection);
    select.setLong(1, key.unit);
    select.setBytes(2, key.column);
    try (ResultSet row = select.executeQuery()) {
      return row.getLong(1);
    }
  }

  /** Says whether a slice should be swept now. */
  public boolean isSweepDue(long nowMillis) {
    return nowMillis >= nextSweepMillis;
  }

  /** Forgets keys older than the window among the next slice of them. */
  public void sweep(Connection connection, long nowMillis) throws SQLException {
    long oldest = nowMillis - WINDOW.toMillis();
    int looked = 0;
    List<Key> expired = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT unit, key, at FROM seen WHERE (unit, key) > (?, ?) ORDER BY unit, key LIMIT ?")) {
      select.setLong(1, sweptUnit);
      select.setBytes(2, sweptKey);
      select.setInt(3, MAX_SWEPT_PER_STEP);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          sweptUnit = rows.getLong(1);
          sweptKey = rows.getBytes(2);
          long at = rows.getLong(3);
          if (at < oldest) {
            expired.add(new Key(sweptUnit, sweptKey));
          } else {
            oldestLeftMillis = Math.min(oldestLeftMillis, at);
          }
          looked++;
        }
      }
    }
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM seen WHERE unit = ? AND key = ?")) {
      for (Key key : expired) {
        delete.setLong(1, key.unit);
        delete.setBytes(2, key.column);
        delete.addBatch();
      }
      delete.executeBatch();
    }
    if (looked < MAX_SWEPT_PER_STEP) {
      long ofAge = Math.min(oldestLeftMillis, nowMillis) + WINDOW.toMillis();
      nextSweepMillis = Math.max(ofAge, nowMillis + BETWEEN_SWEEPS.toMillis());
      sweptUnit = Long.MIN_VALUE;
      sweptKey = new byte[0];
      oldestLeftMillis = Long.MAX_VALUE;
    }
  }

  /** Returns a key as the column has it. */
  public static byte[] column(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_PLAIN_BYTES) {
      return bytes;
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      byte[] column = new byte[hash.length + 1];
      System.arraycopy(hash, 0, column, 1, hash.length);
      return column;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** A row's primary key. */
  private static final class Key {
    final long unit;
    final byte[] column;

    Key(long unit, byte[] column) {
      this.unit = unit;
      this.column = column;
    }
  }

  /** An event that came with a key: its place among all of them, and in which append. */
  private static final class Asked {
    final int index;
    final int append;
    final int event;
    final Key key;

    Asked(int index, int append, int event, Key key) {
      this.index = index;
      this.append = append;
      this.event = event;
      this.key = key;
    }
  }
}
