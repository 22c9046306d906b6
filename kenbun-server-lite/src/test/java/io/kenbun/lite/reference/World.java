package io.kenbun.lite.reference;

import java.sql.SQLException;

/** Something that histories can happen to. Confined to one thread. */
interface World extends AutoCloseable {
  /** Does {@code step}; one that names events which never arrived does nothing. */
  void apply(Step step) throws Exception;

  /** Returns what is known at the present moment, after the decay worker has run. */
  State state() throws Exception;

  @Override
  void close() throws SQLException;
}
