package io.kenbun.lite.store.sql;

import io.kenbun.lite.pipeline.StorageException.Fault;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** Tells a fault of a database from one of what was to be written, by either engine's codes. */
final class Faults {
  // Primary result codes of SQLite: https://sqlite.org/rescode.html
  private static final int SQLITE_TOOBIG = 18;
  private static final int SQLITE_CONSTRAINT = 19;
  private static final int SQLITE_MISMATCH = 20;
  private static final int SQLITE_RANGE = 25;

  private Faults() {}

  static Fault of(SQLException e) {
    if (e instanceof SQLiteException) {
      return switch (e.getErrorCode() & 0xff) {
        case SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE -> Fault.DATA;
        default -> Fault.STORAGE;
      };
    }
    String state = e.getSQLState();
    // Classes of SQLSTATE: data exceptions and broken constraints.
    return state != null && (state.startsWith("22") || state.startsWith("23"))
        ? Fault.DATA
        : Fault.STORAGE;
  }
}
