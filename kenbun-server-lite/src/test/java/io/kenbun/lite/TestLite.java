package io.kenbun.lite;

import io.kenbun.lite.store.TestStores;
import java.nio.file.Path;

/**
 * Servers on the engine that tests run on, see {@link TestStores}: what is started through here is
 * what both engines have to pass.
 */
public final class TestLite {
  private TestLite() {}

  /** Returns a server on a free port that forgets everything. */
  public static KenbunLite.Builder temporary() {
    return onEngine(KenbunLite.builder().port(0).inMemory());
  }

  /** Returns a server on a free port that finds again what one with the same directory had. */
  public static KenbunLite.Builder at(Path data) {
    KenbunLite.Builder builder = KenbunLite.builder().port(0);
    return TestStores.isPostgres() ? builder.engine(TestStores.database(data)) : builder.data(data);
  }

  /** Puts a server on the engine, with nothing in it yet. */
  public static KenbunLite.Builder onEngine(KenbunLite.Builder builder) {
    return TestStores.isPostgres() ? builder.engine(TestStores.newDatabase()) : builder;
  }
}
