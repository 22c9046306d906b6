package io.kenbun.lite.store;

import io.kenbun.lite.model.AccessToken;
import io.kenbun.lite.model.ServiceAccount;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Sql;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Service accounts and access tokens as they are kept. Any thread; writes wait for the scoring
 * transaction.
 */
public final class Accounts {
  private final Database database;
  private volatile Store.Reload onChanged = () -> {};

  Accounts(Database database) {
    this.database = database;
  }

  /** Has {@code load} run whenever somebody else may have changed what is kept here. */
  public void onChanged(Store.Reload load) {
    onChanged = load;
  }

  /** Has who holds something of this in memory load it anew. */
  public void changed() throws StorageException {
    onChanged.run();
  }

  /** Returns every service account of every unit, in the order they were made. */
  public List<ServiceAccount> secrets() throws StorageException {
    return database.read(
        connection -> {
          List<ServiceAccount> secrets = new ArrayList<>();
          try (PreparedStatement select =
                  connection.prepareStatement(
                      """
                      SELECT secret_id, unit, client_id, name, trust_upstream_consent, hash, created_at
                      FROM secret ORDER BY created_at, secret_id""");
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              secrets.add(
                  new ServiceAccount(
                      rows.getString(1),
                      rows.getLong(2),
                      rows.getString(3),
                      rows.getString(4),
                      rows.getBoolean(5),
                      rows.getString(6),
                      rows.getLong(7)));
            }
          }
          return secrets;
        });
  }

  public void add(ServiceAccount secret) throws StorageException {
    database.inTransaction(
        connection ->
            new Sql(
                    """
                    INSERT INTO secret (secret_id, unit, client_id, name, trust_upstream_consent, hash, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)""",
                    secret.secretId(),
                    secret.unit(),
                    secret.clientId(),
                    secret.name(),
                    secret.trustUpstreamConsent(),
                    secret.hash(),
                    secret.createdAtMillis())
                .run(connection));
  }

  /** Sets whether the account's word on consent is taken; says whether there is such an account. */
  public boolean trustUpstreamConsent(String secretId, boolean trust) throws StorageException {
    return database.inTransaction(
            connection ->
                new Sql(
                        "UPDATE secret SET trust_upstream_consent = ? WHERE secret_id = ?",
                        trust,
                        secretId)
                    .run(connection))
        > 0;
  }

  /** Forgets the account and the tokens that were made with it. */
  public void delete(ServiceAccount secret) throws StorageException {
    database.inTransaction(
        connection -> {
          new Sql("DELETE FROM token WHERE owner = ?", secret.clientId()).run(connection);
          return new Sql("DELETE FROM secret WHERE secret_id = ?", secret.secretId())
              .run(connection);
        });
  }

  /** Returns every token of everybody, in the order they were made. */
  public List<AccessToken> tokens() throws StorageException {
    return database.read(
        connection -> {
          List<AccessToken> tokens = new ArrayList<>();
          try (PreparedStatement select =
                  connection.prepareStatement(
                      """
                      SELECT id, owner, name, hash, expires_at, created_at
                      FROM token ORDER BY created_at, id""");
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              long expiresAt = rows.getLong(5);
              tokens.add(
                  new AccessToken(
                      rows.getString(1),
                      rows.getString(2),
                      rows.getString(3),
                      rows.getString(4),
                      rows.wasNull() ? null : expiresAt,
                      rows.getLong(6)));
            }
          }
          return tokens;
        });
  }

  public void add(AccessToken token) throws StorageException {
    database.inTransaction(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  """
                  INSERT INTO token (id, owner, name, hash, expires_at, created_at)
                  VALUES (?, ?, ?, ?, ?, ?)""")) {
            insert.setString(1, token.id());
            insert.setString(2, token.owner());
            insert.setString(3, token.name());
            insert.setString(4, token.hash());
            insert.setObject(5, token.expiresAtMillis());
            insert.setLong(6, token.createdAtMillis());
            return insert.executeUpdate();
          }
        });
  }

  public void delete(AccessToken token) throws StorageException {
    database.inTransaction(
        connection -> new Sql("DELETE FROM token WHERE id = ?", token.id()).run(connection));
  }
}
