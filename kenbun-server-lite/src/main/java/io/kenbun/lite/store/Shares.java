package io.kenbun.lite.store;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which explanations are shared with whom has the link ({@code scoring.md} 10.3). Any thread;
 * writes wait for the scoring transaction.
 */
public final class Shares {
  private final Database database;
  private final ReadConnections connections;

  Shares(Database database, ReadConnections connections) {
    this.database = database;
    this.connections = connections;
  }

  /** What a link shows. */
  public record Share(long unit, String leadId, long expiresAtMillis) {}

  /**
   * Keeps a share, and forgets those that are over.
   *
   * @param tokenHash what the token is found by again; the token itself is not kept
   */
  public void add(byte[] tokenHash, Share share, long nowMillis) throws StorageException {
    database.inTransaction(
        connection -> {
          new Sql("DELETE FROM share").where("expires_at <= ?", nowMillis).run(connection);
          return new Sql(
                  "INSERT INTO share (token, unit, lead_id, expires_at) VALUES (?, ?, ?, ?)",
                  tokenHash,
                  share.unit(),
                  share.leadId(),
                  share.expiresAtMillis())
              .run(connection);
        });
  }

  /** Returns the share of that token unless it is over, else null. */
  public @Nullable Share find(byte[] tokenHash, long nowMillis) throws StorageException {
    List<Share> found = new ArrayList<>(1);
    connections.ask(
        connection -> {
          Sql sql =
              new Sql("SELECT unit, lead_id, expires_at FROM share")
                  .where("token = ?", tokenHash)
                  .where("expires_at > ?", nowMillis);
          try (PreparedStatement select = sql.in(connection);
              ResultSet row = select.executeQuery()) {
            return row.next()
                && found.add(new Share(row.getLong(1), row.getString(2), row.getLong(3)));
          }
        });
    return found.isEmpty() ? null : found.get(0);
  }
}
