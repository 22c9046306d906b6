package io.kenbun.lite.store.leads;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a lead is known by, and whose it is. Stateless; for a connection of the caller's. */
public final class LeadNames {
  private LeadNames() {}

  /** An alias of a lead, and since when it is. */
  public record AliasSince(Alias alias, long createdAtMillis) {}

  /** Returns the lead's aliases as they were first spelled, oldest first. */
  public static List<Alias> aliases(Connection connection, long lead) throws SQLException {
    return aliasesSince(connection, lead).stream().map(AliasSince::alias).toList();
  }

  /** Returns the lead's aliases, each with when it came, oldest first. */
  public static List<AliasSince> aliasesSince(Connection connection, long lead)
      throws SQLException {
    List<AliasSince> aliases = new ArrayList<>();
    Sql sql = new Sql("SELECT kind, raw_value, created_at FROM alias").where("lead = ?", lead);
    try (PreparedStatement select = sql.end(" ORDER BY created_at, kind, value").in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        AliasKind kind = AliasKind.of(rows.getString(1));
        if (kind != null) {
          aliases.add(new AliasSince(new Alias(kind, rows.getString(2)), rows.getLong(3)));
        }
      }
    }
    return aliases;
  }

  /** Returns whose the lead of that key is, or null. */
  public static @Nullable String ownerName(Connection connection, long lead) throws SQLException {
    Sql sql = new Sql("SELECT owner_name FROM lead").where("key = ?", lead);
    try (PreparedStatement select = sql.in(connection);
        ResultSet row = select.executeQuery()) {
      return row.next() ? row.getString(1) : null;
    }
  }
}
