package io.kenbun.lite.store.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** One step from a version of a database's tables to the next, as it lies in the jar. */
public final class SchemaScript {
  private static final String FOLDER = "/io/kenbun/lite/store/schema/";

  private SchemaScript() {}

  /**
   * Returns the statements.
   *
   * @param schema whose tables: {@code ingest}, {@code kenbun} or {@code postgres}
   * @param version which the tables have after it, from 1 on
   */
  public static String read(String schema, int version) throws IOException {
    String name = schema + "-" + version + ".sql";
    try (InputStream in = SchemaScript.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IOException("no migration " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
