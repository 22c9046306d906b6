package io.kenbun.lite.store;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a store takes, and what is left.
 *
 * @param bytesByFile by the name of the file, {@code database} for PostgreSQL as a whole; empty
 *     when it cannot be told
 * @param freeBytes what this process may still write beside them; -1 when it cannot be told, as for
 *     a database elsewhere
 */
public record DiskUse(Map<String, Long> bytesByFile, long freeBytes) {
  /** Below this an operator is warned, in bytes: hours of a busy server. Ours. */
  public static final long LOW_BYTES = 1L << 30;

  public DiskUse {
    bytesByFile = Collections.unmodifiableMap(new TreeMap<>(bytesByFile));
  }

  /** Returns what all files take together, -1 when it cannot be told. */
  public long bytes() {
    return bytesByFile.isEmpty()
        ? -1
        : bytesByFile.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Says whether less than {@link #LOW_BYTES} are left. */
  public boolean isLow() {
    return freeBytes >= 0 && freeBytes < LOW_BYTES;
  }
}
