package io.kenbun.lite.http.call;

import java.time.Duration;

/**
 * How much one caller may ask of the server, so that the others are served too.
 *
 * @param maxBodyBytes the longest body of {@code POST /ingest}; a longer one gets 413. Default 1
 *     MiB
 * @param maxHeaderBytes the longest request line and headers; a longer one ends the connection.
 *     Default 16 KiB
 * @param maxConnections open at once; further ones wait in the kernel. Default 16,384
 * @param idleTimeout how long a connection may stay without a request. Default 60 s
 * @param headerTimeout how long the request line and headers may take. Default 10 s
 * @param bodyTimeout how long a body may take; then the connection is ended. Default 30 s
 * @param writeTimeout how long a caller may take to take its answer. Default 60 s
 * @param maxAuthDelay the longest that the refusal of wrong credentials is held back; zero: not at
 *     all. Default 2 s
 */
public record HttpLimits(
    int maxBodyBytes,
    int maxHeaderBytes,
    int maxConnections,
    Duration idleTimeout,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration writeTimeout,
    Duration maxAuthDelay) {

  private static final Duration MOST_AUTH_DELAY = Duration.ofSeconds(10);

  /** The defaults named above. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          1 << 20,
          16 << 10,
          16_384,
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2));

  public HttpLimits {
    atLeastOne("maxBodyBytes", maxBodyBytes);
    atLeastOne("maxHeaderBytes", maxHeaderBytes);
    atLeastOne("maxConnections", maxConnections);
    atLeastOne("idleTimeout", idleTimeout.toMillis());
    atLeastOne("headerTimeout", headerTimeout.toMillis());
    atLeastOne("bodyTimeout", bodyTimeout.toMillis());
    atLeastOne("writeTimeout", writeTimeout.toMillis());
    if (maxAuthDelay.isNegative() || maxAuthDelay.compareTo(MOST_AUTH_DELAY) > 0) {
      throw new IllegalArgumentException(
          "maxAuthDelay < 0 or > "
              + MOST_AUTH_DELAY.toMillis()
              + " ms: "
              + maxAuthDelay.toMillis());
    }
  }

  private static void atLeastOne(String what, long value) {
    if (value < 1 || value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(what + " < 1 or > " + Integer.MAX_VALUE + ": " + value);
    }
  }
}
