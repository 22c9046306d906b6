package io.kenbun.lite.store.postgres;

import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.store.queue.IdempotencyKeys;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The idempotency keys that all nodes enter, as {@link IdempotencyKeys} keeps those of one. Who
 * enters a key that another transaction has entered a moment ago waits for that one's end. Confined
 * to the writer.
 */
final class SharedKeys {
  /** A key and the place of its event. */
  private static final class Asked {
    final long unit;
    final byte[] column;
    final int index;
    final int append;
    final int event;

    Asked(long unit, byte[] column, int index, int append, int event) {
      this.unit = unit;
      this.column = column;
      this.index = index;
      this.append = append;
      this.event = event;
    }

    String text() {
      return unit + ":" + Arrays.toString(column);
    }
  }

  /**
   * Enters the keys of {@code appends}.
   *
   * @param seqs the seq of each append's events; an event whose key was seen gets that of the first
   * @return whether each event, counted over all appends, is new
   */
  boolean[] enter(Connection connection, List<Append> appends, List<long[]> seqs, int count)
      throws SQLException {
    boolean[] fresh = new boolean[count];
    Arrays.fill(fresh, true);
    List<Asked> asked = asked(appends);
    if (asked.isEmpty()) {
      return fresh;
    }
    Set<Long> entered = insert(connection, asked, appends, seqs);
    Map<String, Long> first = new HashMap<>();
    for (Asked one : asked) {
      long seq = seqs.get(one.append)[one.event];
      if (entered.contains(seq)) {
        first.put(one.text(), seq);
      }
    }
    for (Asked one : asked) {
      if (!entered.contains(seqs.get(one.append)[one.event])) {
        fresh[one.index] = false;
        Long known = first.get(one.text());
        seqs.get(one.append)[one.event] =
            known != null
                ? known
                : new Sql("SELECT seq FROM seen WHERE unit = ? AND key = ?", one.unit, one.column)
                    .number(connection);
      }
    }
    return fresh;
  }

  private static List<Asked> asked(List<Append> appends) {
    List<Asked> asked = new ArrayList<>();
    int index = 0;
    for (int i = 0; i < appends.size(); i++) {
      Append append = appends.get(i);
      for (int j = 0; j < append.events().size(); j++) {
        if (!append.key(j).isEmpty()) {
          byte[] column = IdempotencyKeys.column(append.key(j));
          asked.add(new Asked(append.events().get(j).unit(), column, index, i, j));
        }
        index++;
      }
    }
    return asked;
  }

  /** Returns the seqs of those that nobody had entered. */
  private static Set<Long> insert(
      Connection connection, List<Asked> asked, List<Append> appends, List<long[]> seqs)
      throws SQLException {
    // In one order, so that of two nodes neither waits for the other's next key. Equal keys stay in
    // the order of their events: the first is entered.
    List<Asked> ordered =
        asked.stream()
            .sorted(
                Comparator.comparingLong((Asked one) -> one.unit)
                    .thenComparing(one -> one.column, Arrays::compareUnsigned))
            .toList();
    Object[] units = new Object[ordered.size()];
    byte[][] columns = new byte[ordered.size()][]; // Of nothing else the driver makes bytea[].
    Object[] numbers = new Object[ordered.size()];
    Object[] times = new Object[ordered.size()];
    for (int i = 0; i < ordered.size(); i++) {
      Asked one = ordered.get(i);
      units[i] = one.unit;
      columns[i] = one.column;
      numbers[i] = seqs.get(one.append)[one.event];
      times[i] = appends.get(one.append).events().get(one.event).receivedAtMillis();
    }
    Set<Long> entered = new HashSet<>();
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO seen (unit, key, seq, at)
            SELECT * FROM unnest(?::bigint[], ?::bytea[], ?::bigint[], ?::bigint[])
            ON CONFLICT DO NOTHING RETURNING seq""")) {
      insert.setArray(1, connection.createArrayOf("bigint", units));
      insert.setArray(2, connection.createArrayOf("bytea", columns));
      insert.setArray(3, connection.createArrayOf("bigint", numbers));
      insert.setArray(4, connection.createArrayOf("bigint", times));
      try (ResultSet rows = insert.executeQuery()) {
        while (rows.next()) {
          entered.add(rows.getLong(1));
        }
      }
    }
    return entered;
  }

  /** Forgets at most {@code max} keys older than the window; returns how many. */
  int sweep(Connection connection, long nowMillis, int max) throws SQLException {
    return new Sql(
            """
            DELETE FROM seen WHERE ctid = ANY (ARRAY(
              SELECT ctid FROM seen WHERE at < ? LIMIT ? FOR UPDATE SKIP LOCKED))""",
            nowMillis - IdempotencyKeys.WINDOW.toMillis(),
            max)
        .run(connection);
  }
}
