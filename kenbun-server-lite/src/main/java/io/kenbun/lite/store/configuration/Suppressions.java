package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.store.row.KeyedRow;
import io.kenbun.lite.store.row.Matching;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The tables of attribute filters and velocity filters. */
final class Suppressions {
  private Suppressions() {}

  /** Returns the unit's attribute filters, in the order they were made. */
  static List<MetadataFilter> metadataFilters(Connection connection, long unit)
      throws SQLException {
    Map<Long, List<Condition>> conditions = Conditions.OF_METADATA_FILTER.all(connection, unit);
    return new Sql(
            """
            SELECT key, id, name, event_type, enabled, created_at, updated_at, created_by, updated_by
            FROM metadata_filter WHERE unit = ? ORDER BY key""",
            unit)
        .list(
            connection,
            row ->
                new MetadataFilter(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    conditions.getOrDefault(row.getLong(1), List.of()),
                    row.getBoolean(5),
                    row.getLong(6),
                    row.getLong(7),
                    row.getString(8),
                    row.getString(9)));
  }

  /** Returns the unit's velocity filters, in the order they were made. */
  static List<VelocityFilter> velocityFilters(Connection connection, long unit)
      throws SQLException {
    return new Sql(
            """
            SELECT key, id, event_type, count_threshold, window_ms, keep_first, enabled, created_at, updated_at
            FROM velocity_filter WHERE unit = ? ORDER BY key""",
            unit)
        .list(
            connection,
            row ->
                new VelocityFilter(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getLong(5),
                    row.getBoolean(6),
                    row.getBoolean(7),
                    row.getLong(8),
                    row.getLong(9)));
  }

  static long save(
      Connection connection, long unit, long known, MetadataFilter filter, long nowMillis)
      throws SQLException {
    boolean differs =
        !Conditions.OF_METADATA_FILTER.list(connection, known).equals(filter.conditions());
    long key =
        KeyedRow.ofUnit(connection, "metadata_filter", unit, filter.id(), known)
            .set("name", filter.name())
            .set("event_type", filter.eventType())
            .set("enabled", filter.enabled())
            .changedAt(nowMillis, differs)
            .set("updated_by", filter.updatedBy())
            .once("created_by", filter.createdBy())
            .once("created_at", nowMillis)
            .save();
    if (differs) {
      Conditions.OF_METADATA_FILTER.replace(connection, key, filter.conditions());
    }
    return key;
  }

  static long save(
      Connection connection, long unit, long known, VelocityFilter filter, long nowMillis)
      throws SQLException {
    return KeyedRow.ofUnit(connection, "velocity_filter", unit, filter.id(), known)
        .set("event_type", filter.eventType())
        .set("count_threshold", filter.countThreshold())
        .set("window_ms", filter.windowMillis())
        .set("keep_first", filter.keepFirst())
        .set("enabled", filter.enabled())
        .changedAt(nowMillis, false)
        .once("created_at", nowMillis)
        .save();
  }

  static int deleteMetadataFilter(Connection connection, long unit, long key) throws SQLException {
    int deleted = KeyedRow.delete(connection, "metadata_filter", unit, key);
    if (deleted > 0) {
      Conditions.OF_METADATA_FILTER.delete(connection, key);
    }
    return deleted;
  }

  static int deleteVelocityFilter(Connection connection, long unit, long key) throws SQLException {
    return KeyedRow.delete(connection, "velocity_filter", unit, key);
  }

  /** Brings those attribute filters that are named in line. */
  static void applyMetadataFilters(
      Connection connection, long unit, List<MetadataFilter> wanted, long nowMillis)
      throws SQLException {
    Matching<MetadataFilter> kept =
        new Matching<>(metadataFilters(connection, unit), MetadataFilter::id, MetadataFilter::name);
    for (MetadataFilter filter : wanted) {
      long known = kept.takeKey(filter, MetadataFilter::key);
      save(connection, unit, known, filter, nowMillis);
    }
  }

  /** Brings those velocity filters that are named in line; without an id the type names them. */
  static void applyVelocityFilters(
      Connection connection, long unit, List<VelocityFilter> wanted, long nowMillis)
      throws SQLException {
    Matching<VelocityFilter> kept =
        new Matching<>(
            velocityFilters(connection, unit), VelocityFilter::id, VelocityFilter::eventType);
    for (VelocityFilter filter : wanted) {
      long known = kept.takeKey(filter, VelocityFilter::key);
      save(connection, unit, known, filter, nowMillis);
    }
  }
}
