package io.kenbun.lite.http;

/**
 * What {@code /lite/status} tells about the process and its files.
 *
 * @param engine such as {@code sqlite}
 * @param dataPath the directory as it was resolved, or {@code :memory:}
 * @param bytesOnDisk all files of it together
 */
public record ServerFacts(String engine, String dataPath, long bytesOnDisk, long uptimeMillis) {}
