package io.kenbun.lite;

import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.http.ingest.IngestLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of the command line that say how much callers may ask. */
final class LimitOptions {
  @Option(
      names = "--max-body-bytes",
      paramLabel = "BYTES",
      defaultValue = "${env:KENBUN_MAX_BODY_BYTES:-1048576}",
      description = "Longest single event, and longest line of a batch (1048576).")
  private int maxBodyBytes;

  @Option(
      names = "--max-batch-bytes",
      paramLabel = "BYTES",
      defaultValue = "${env:KENBUN_MAX_BATCH_BYTES:-4194304}",
      description = "Longest batch, decoded (4194304).")
  private int maxBatchBytes;

  @Option(
      names = "--max-batch-lines",
      paramLabel = "LINES",
      defaultValue = "${env:KENBUN_MAX_BATCH_LINES:-1000}",
      description = "Most events of a batch (1000).")
  private int maxBatchLines;

  @Option(
      names = "--max-import-bytes",
      paramLabel = "BYTES",
      defaultValue = "${env:KENBUN_MAX_IMPORT_BYTES:-268435456}",
      description = "Longest import, as it comes (268435456).")
  private long maxImportBytes;

  @Option(
      names = "--max-body-bytes-in-flight",
      paramLabel = "BYTES",
      defaultValue = "${env:KENBUN_MAX_BODY_BYTES_IN_FLIGHT:-0}",
      description = "Most that all bodies under way may take together (an eighth of the heap).")
  private long maxBodyBytesInFlight;

  @Option(
      names = "--max-json-depth",
      paramLabel = "LEVELS",
      defaultValue = "${env:KENBUN_MAX_JSON_DEPTH:-100}",
      description = "Deepest nesting within an event, 2 to 200 (100).")
  private int maxJsonDepth;

  @Option(
      names = "--max-header-bytes",
      paramLabel = "BYTES",
      defaultValue = "${env:KENBUN_MAX_HEADER_BYTES:-16384}",
      description = "Longest request line and headers (16384).")
  private int maxHeaderBytes;

  @Option(
      names = "--max-connections",
      paramLabel = "COUNT",
      defaultValue = "${env:KENBUN_MAX_CONNECTIONS:-16384}",
      description = "Connections open at once; further ones wait (16384).")
  private int maxConnections;

  @Option(
      names = "--idle-timeout-ms",
      paramLabel = "MS",
      defaultValue = "${env:KENBUN_IDLE_TIMEOUT_MS:-60000}",
      description = "How long a connection may stay without a request (60000).")
  private long idleTimeoutMillis;

  @Option(
      names = "--header-timeout-ms",
      paramLabel = "MS",
      defaultValue = "${env:KENBUN_HEADER_TIMEOUT_MS:-10000}",
      description = "How long request line and headers may take (10000).")
  private long headerTimeoutMillis;

  @Option(
      names = "--body-timeout-ms",
      paramLabel = "MS",
      defaultValue = "${env:KENBUN_BODY_TIMEOUT_MS:-30000}",
      description = "How long a body may take (30000).")
  private long bodyTimeoutMillis;

  @Option(
      names = "--write-timeout-ms",
      paramLabel = "MS",
      defaultValue = "${env:KENBUN_WRITE_TIMEOUT_MS:-60000}",
      description = "How long a caller may take to take its answer (60000).")
  private long writeTimeoutMillis;

  @Option(
      names = "--auth-delay-ms",
      paramLabel = "MS",
      defaultValue = "${env:KENBUN_AUTH_DELAY_MS:-2000}",
      description = "Longest that the refusal of wrong credentials is held back (2000).")
  private long authDelayMillis;

  @Option(
      names = "--rate-limit",
      paramLabel = "EVENTS",
      defaultValue = "${env:KENBUN_RATE_LIMIT:-0}",
      description = "Events a second for each credential, then 429; 0 for no limit (0).")
  private int rateLimit;

  /** Returns what the options say; one that is out of range is told as wrong usage. */
  HttpLimits httpLimits() {
    try {
      return new HttpLimits(
          maxBodyBytes,
          maxHeaderBytes,
          maxConnections,
          Duration.ofMillis(idleTimeoutMillis),
          Duration.ofMillis(headerTimeoutMillis),
          Duration.ofMillis(bodyTimeoutMillis),
          Duration.ofMillis(writeTimeoutMillis),
          Duration.ofMillis(authDelayMillis));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  IngestLimits ingestLimits() {
    try {
      return new IngestLimits(
          maxBatchBytes,
          maxBatchLines,
          maxImportBytes,
          maxJsonDepth,
          rateLimit,
          maxBodyBytesInFlight == 0
              ? IngestLimits.DEFAULT.maxBodyBytesInFlight()
              : maxBodyBytesInFlight);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }
}
