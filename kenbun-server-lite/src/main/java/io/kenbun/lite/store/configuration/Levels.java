package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.Level;
import io.kenbun.lite.store.row.KeyedRow;
import io.kenbun.lite.store.row.Matching;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The table of levels, of both surfaces. */
enum Levels {
  ENGAGEMENT("engagement"),
  PROFILE("profile");

  private final String surface;

  Levels(String surface) {
    this.surface = surface;
  }

  static Levels of(boolean profile) {
    return profile ? PROFILE : ENGAGEMENT;
  }

  /** Returns the unit's levels in the order in which they are shown. */
  List<Level> all(Connection connection, long unit) throws SQLException {
    return new Sql(
            """
            SELECT id, name, min_score, max_score, color, position FROM level
            WHERE unit = ? AND surface = ? ORDER BY position, min_score""",
            unit,
            surface)
        .list(
            connection,
            row ->
                new Level(
                    row.getString(1),
                    row.getString(2),
                    row.getInt(3),
                    Sql.optionalInt(row, 4),
                    row.getString(5),
                    row.getInt(6)));
  }

  /** Keeps a level, a new one when its id is empty; returns the id. */
  String save(Connection connection, long unit, Level level, long nowMillis) throws SQLException {
    if (level.id().isEmpty()) {
      return write(connection, unit, 0, level, nowMillis);
    }
    long known = key(connection, unit, level.id());
    return known == 0 ? level.id() : write(connection, unit, known, level, nowMillis);
  }

  /** Returns 0 when there is none. */
  private long key(Connection connection, long unit, String id) throws SQLException {
    return new Sql(
            "SELECT coalesce(max(key), 0) FROM level WHERE unit = ? AND surface = ? AND id = ?",
            unit,
            surface,
            id)
        .number(connection);
  }

  private String write(Connection connection, long unit, long known, Level level, long nowMillis)
      throws SQLException {
    if (known == 0) {
      KeyedRow.requireFree(connection, "level", level.id());
    }
    long key =
        KeyedRow.ofUnit(connection, "level", unit, level.id(), known)
            .once("surface", surface)
            .set("name", level.name())
            .set("min_score", level.minScore())
            .set("max_score", level.maxScore())
            .set("color", level.color())
            .set("position", level.order())
            .changedAt(nowMillis, false)
            .save();
    return new Sql("SELECT id FROM level WHERE key = ?", key)
        .list(connection, row -> row.getString(1))
        .get(0);
  }

  int delete(Connection connection, long unit, String id) throws SQLException {
    return new Sql("DELETE FROM level WHERE unit = ? AND surface = ? AND id = ?", unit, surface, id)
        .run(connection);
  }

  /** Leaves the unit with exactly the levels given; none given changes nothing. */
  void apply(Connection connection, long unit, List<Level> wanted, long nowMillis)
      throws SQLException {
    if (wanted.isEmpty()) {
      return;
    }
    Matching<Level> kept = new Matching<>(all(connection, unit), Level::id, Level::name);
    for (Level level : wanted) {
      Level known = kept.take(level);
      long key = known == null ? 0 : key(connection, unit, known.id());
      write(connection, unit, key, level, nowMillis);
    }
    for (Level gone : kept.left()) {
      delete(connection, unit, gone.id());
    }
  }
}
