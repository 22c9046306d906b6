package io.kenbun.lite.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The time that a server under test goes by: half-life, decay, windows, snapshots. It runs along
 * with the real one until it is set. Any thread.
 */
public final class TestTime {
  private final LiteApi api;

  TestTime(LiteApi api) {
    this.api = api;
  }

  /** Returns what the server takes for now. */
  public Instant now() {
    return shown(api.get("/lite/clock"));
  }

  /** Moves on, or back by a negative duration; returns the new time. */
  public Instant advance(Duration by) {
    return put("{\"advance\":\"" + by + "\"}");
  }

  /** Sets the time, from 1970 to 9999, to the millisecond; it runs on from there. */
  public Instant set(Instant to) {
    return put("{\"now\":\"" + Instant.ofEpochMilli(to.toEpochMilli()) + "\"}");
  }

  /** Stops it where it is. */
  public Instant freeze() {
    return put("{\"frozen\":true}");
  }

  /** Lets it run again. */
  public Instant run() {
    return put("{\"frozen\":false}");
  }

  void backToReal() {
    put("{\"frozen\":false}");
    Object offset = api.get("/lite/clock").get("offset_ms");
    long ahead = offset instanceof Number number ? number.longValue() : 0;
    put("{\"advance\":\"" + Duration.ofMillis(-ahead) + "\"}");
  }

  private Instant put(String body) {
    return shown(api.object("PUT", "/lite/clock", body));
  }

  private static Instant shown(Map<?, ?> clock) {
    return Instant.parse(String.valueOf(clock.get("now")));
  }
}
