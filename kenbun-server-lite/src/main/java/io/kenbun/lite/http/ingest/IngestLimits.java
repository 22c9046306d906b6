package io.kenbun.lite.http.ingest;

import io.kenbun.lite.http.json.JsonText;

/**
 * How much one call may bring in, beside what {@link io.kenbun.lite.http.call.HttpLimits} says of
 * every call.
 *
 * @param maxBatchBytes the longest body of {@code POST /ingest/batch}, decoded, and as it comes
 *     too; a longer one gets 413. Default 4 MiB
 * @param maxBatchLines the most events of a batch; more get 413. Default 1,000
 * @param maxImportBytes the longest body of {@code POST /import}; a longer one gets 413. Default
 *     256 MiB
 * @param maxJsonDepth the deepest nesting within an event, the event itself counted; deeper gets
 *     400. 2 to {@value #DEEPEST}, default 100
 * @param maxEventsPerSecond how many events one credential may send, over time; more get 429. 0,
 *     the default, sets no limit
 * @param maxBodyBytesInFlight how much the bodies that are coming in may take together, but for the
 *     first 4 KiB of single ones; who would go beyond gets 503. Default an eighth of the heap
 */
public record IngestLimits(
    int maxBatchBytes,
    int maxBatchLines,
    long maxImportBytes,
    int maxJsonDepth,
    int maxEventsPerSecond,
    long maxBodyBytesInFlight) {
  /** What the JSON library can go down to, with room to spare. */
  static final int DEEPEST = 200;

  /** The defaults named above. */
  public static final IngestLimits DEFAULT =
      new IngestLimits(
          4 << 20, 1_000, 256L << 20, JsonText.MAX_DEPTH, 0, Runtime.getRuntime().maxMemory() / 8);

  public IngestLimits {
    if (maxBatchBytes < 1) {
      throw new IllegalArgumentException("maxBatchBytes < 1: " + maxBatchBytes);
    }
    if (maxBatchLines < 1) {
      throw new IllegalArgumentException("maxBatchLines < 1: " + maxBatchLines);
    }
    if (maxImportBytes < 1) {
      throw new IllegalArgumentException("maxImportBytes < 1: " + maxImportBytes);
    }
    if (maxJsonDepth < 2 || maxJsonDepth > DEEPEST) {
      throw new IllegalArgumentException("maxJsonDepth < 2 or > " + DEEPEST + ": " + maxJsonDepth);
    }
    if (maxEventsPerSecond < 0) {
      throw new IllegalArgumentException("maxEventsPerSecond < 0: " + maxEventsPerSecond);
    }
    if (maxBodyBytesInFlight < 1) {
      throw new IllegalArgumentException("maxBodyBytesInFlight < 1: " + maxBodyBytesInFlight);
    }
  }
}
