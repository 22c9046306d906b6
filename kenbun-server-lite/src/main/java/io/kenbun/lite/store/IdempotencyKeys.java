package io.kenbun.lite.store;

import io.kenbun.lite.model.RawEvent;
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
final class IdempotencyKeys {
  /** How long a key is remembered at least ({@code lite.md} 2). */
  static final Duration WINDOW = Duration.ofHours(24);

  private static final int MAX_PLAIN_BYTES = 64;
  private static final int MAX_SWEPT_PER_STEP = 2_000;

  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(10);

  private final Prepared insertion =
      new Prepared(
          "INSERT INTO seen (unit, key, seq, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
  private final Prepared selection =
      new Prepared("SELECT seq FROM seen WHERE unit = ? AND key = ?");

  // Where the sweep goes on; it walks through the keys a slice at a time, and begins anew when the
  // oldest that it left
  // has come of age.
  private long sweptUnit = Long.MIN_VALUE;
  private byte[] sweptKey = new byte[0];
  private long oldestLeftMillis = Long.MAX_VALUE;
  private long nextSweepMillis = Long.MIN_VALUE;

  /**
   * Enters the keys of {@code appends}, whose events are numbered from {@code first} on.
   *
   * @param seqs the seq of each append's events; that of an event whose key was seen becomes the
   *     first one's
   * @return whether each event, counted over all appends, is new
   */
  boolean[] enter(Connection connection, List<Append> appends, List<long[]> seqs)
      throws SQLException {
    List<Asked> asked = new ArrayList<>();
    int count = 0;
    for (int i = 0; i < appends.size(); i++) {
      Append append = appends.get(i);
      for (int j = 0; j < append.events().size(); j++) {
        if (!append.key(j).isEmpty()) {
          asked.add(new Asked(count, i, j, column(append.key(j))));
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
      RawEvent event = appends.get(one.append).events().get(one.event);
      insert.setLong(1, event.unit());
      insert.setBytes(2, one.column);
      insert.setLong(3, seqs.get(one.append)[one.event]);
      insert.setLong(4, event.receivedAtMillis());
      insert.addBatch();
    }
    int[] changes = insert.executeBatch();
    for (int i = 0; i < changes.length; i++) {
      if (changes[i] == 0) {
        Asked one = asked.get(i);
        RawEvent event = appends.get(one.append).events().get(one.event);
        seqs.get(one.append)[one.event] = first(connection, event.unit(), one.column);
        fresh[one.index] = false;
      }
    }
    return fresh;
  }

  /** Returns the seq of the first event with a key. */
  private long first(Connection connection, long unit, byte[] column) throws SQLException {
    PreparedStatement select = selection.on(connection);
    select.setLong(1, unit);
    select.setBytes(2, column);
    try (ResultSet row = select.executeQuery()) {
      return row.getLong(1);
    }
  }

  /** Says whether a slice should be swept now. */
  boolean isSweepDue(long nowMillis) {
    return nowMillis >= nextSweepMillis;
  }

  /** Forgets keys older than the window among the next slice of them. */
  void sweep(Connection connection, long nowMillis) throws SQLException {
    long oldest = nowMillis - WINDOW.toMillis();
    int looked = 0;
    List<Asked> expired = new ArrayList<>();
    List<Long> units = new ArrayList<>();
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
            expired.add(new Asked(looked, 0, 0, sweptKey));
            units.add(sweptUnit);
          } else {
            oldestLeftMillis = Math.min(oldestLeftMillis, at);
          }
          looked++;
        }
      }
    }
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM seen WHERE unit = ? AND key = ?")) {
      for (int i = 0; i < expired.size(); i++) {
        delete.setLong(1, units.get(i));
        delete.setBytes(2, expired.get(i).column);
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

  private static byte[] column(String key) {
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

  private static final class Asked {
    final int index;
    final int append;
    final int event;
    final byte[] column;

    Asked(int index, int append, int event, byte[] column) {
      this.index = index;
      this.append = append;
      this.event = event;
      this.column = column;
    }
  }
}
