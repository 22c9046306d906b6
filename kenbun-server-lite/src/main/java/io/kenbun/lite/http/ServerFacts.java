package io.kenbun.lite.http;

import io.kenbun.lite.store.DiskUse;

/**
 * What {@code /lite/status} tells about the process and its files.
 *
 * @param engine such as {@code sqlite}
 * @param dataPath the directory as it was resolved, or {@code :memory:}
 */
public record ServerFacts(String engine, String dataPath, DiskUse disk, long uptimeMillis) {}
