package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The table of units. */
final class OrgUnits {
  private OrgUnits() {}

  /** Returns every unit, in the order they were made. */
  static List<OrgUnit> all(Connection connection) throws SQLException {
    List<OrgUnit> units = new ArrayList<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT key, unit_id, org_id, name, slug, external_ref, is_default FROM org_unit ORDER BY key");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        units.add(
            new OrgUnit(
                rows.getLong(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                rows.getString(6),
                rows.getBoolean(7)));
      }
    }
    return units;
  }

  /** Brings the unit of that {@code unit_id} in line, or makes it; returns its key. */
  static long save(Connection connection, OrgUnit unit) throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            """
            INSERT INTO org_unit (unit_id, org_id, name, slug, external_ref, is_default) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (unit_id) DO UPDATE SET name = excluded.name, slug = excluded.slug,
              external_ref = excluded.external_ref RETURNING key""")) {
      upsert.setString(1, unit.unitId());
      upsert.setString(2, unit.orgId());
      upsert.setString(3, unit.name());
      upsert.setString(4, unit.slug());
      upsert.setString(5, unit.externalRef());
      upsert.setInt(6, unit.isDefault() ? 1 : 0);
      return Sql.number(upsert);
    }
  }

  static int rename(Connection connection, long unit, String name) throws SQLException {
    String slug = OrgUnit.slug(name);
    return new Sql("UPDATE org_unit SET name = ?, slug = ? WHERE key = ?", name, slug, unit)
        .run(connection);
  }
}
