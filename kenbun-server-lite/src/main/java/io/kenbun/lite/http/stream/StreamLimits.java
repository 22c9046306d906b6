package io.kenbun.lite.http.stream;

import java.time.Duration;

/**
 * How much is sent to whom listens.
 *
 * @param maxListeners at once; further ones get 503. Default 32
 * @param maxMessages that a unit's buffer holds. Default 10,000
 * @param maxBytes that they take. Default 2 MiB
 * @param perSecond how many {@code event} messages, and as many {@code score} messages, a unit has
 *     a second; a long one counts once for each KiB. Twice as many may come at once. Default 1,000
 * @param othersPerSecond the same for each other kind. Default 100
 * @param heartbeat how long a listener hears nothing at most. Default 15 s
 * @param linger how long a unit's buffer is kept after its last listener has gone. Default 60 s
 * @param maxAge after which a listener is sent away to come again, with credentials that still
 *     hold. Default 1 h
 */
record StreamLimits(
    int maxListeners,
    int maxMessages,
    int maxBytes,
    int perSecond,
    int othersPerSecond,
    Duration heartbeat,
    Duration linger,
    Duration maxAge) {
  static final StreamLimits DEFAULT =
      new StreamLimits(
          32,
          10_000,
          2 << 20,
          1_000,
          100,
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          Duration.ofHours(1));

  int perSecond(Kind kind) {
    return kind == Kind.EVENT || kind == Kind.SCORE ? perSecond : othersPerSecond;
  }
}
