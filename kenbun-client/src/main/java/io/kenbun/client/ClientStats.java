package io.kenbun.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client has done since it was built, at one moment. Immutable.
 *
 * <p>Once nothing is in motion, accepted + recovered = delivered + queued + spooled + dropped after
 * acceptance. Events refused by {@code track} ({@link DropReason#QUEUE_FULL}, {@link
 * DropReason#CLOSED}, {@link DropReason#INVALID}) are dropped but were never accepted.
 */
public final class ClientStats {
  private final long accepted;
  private final long recovered;
  private final long delivered;
  private final long retried;
  private final Map<DropReason, Long> dropped = new LinkedHashMap<>();
  private final long queued;
  private final long queuedBytes;
  private final long spooled;
  private final long spooledBytes;
  private final @Nullable String lastError;
  private final long lastErrorMillis;
  private final long lastDeliveryMillis;

  ClientStats(Counters counters, long queued, long queuedBytes, long spooled, long spooledBytes) {
    this.accepted = counters.accepted.get();
    this.recovered = counters.recovered.get();
    this.delivered = counters.delivered.get();
    this.retried = counters.retried.get();
    for (DropReason reason : DropReason.values()) {
      dropped.put(reason, counters.dropped(reason));
    }
    this.queued = queued;
    this.queuedBytes = queuedBytes;
    this.spooled = spooled;
    this.spooledBytes = spooledBytes;
    this.lastError = counters.lastError();
    this.lastErrorMillis = counters.lastErrorMillis();
    this.lastDeliveryMillis = counters.lastDeliveryMillis();
  }

  /** Events for which {@code track} returned true. */
  public long accepted() {
    return accepted;
  }

  /** Events that an earlier process had left in the spool. */
  public long recovered() {
    return recovered;
  }

  /** Events that the server has acknowledged. */
  public long delivered() {
    return delivered;
  }

  /** How often an event was sent again, each time counted. */
  public long retried() {
    return retried;
  }

  /** Events given up, for all reasons together. */
  public long dropped() {
    long sum = 0;
    for (long count : dropped.values()) {
      sum += count;
    }
    return sum;
  }

  /** Events given up for one reason. */
  public long dropped(DropReason reason) {
    Objects.requireNonNull(reason, "reason == null");
    return Objects.requireNonNull(dropped.get(reason));
  }

  /** Events that wait in memory alone, including those being sent. */
  public long queued() {
    return queued;
  }

  /** What those take of {@link KenbunClient.Builder#maxQueuedBytes}, in bytes, by its estimate. */
  public long queuedBytes() {
    return queuedBytes;
  }

  /** Events that lie in the spool and are not acknowledged yet; 0 without a spool. */
  public long spooled() {
    return spooled;
  }

  /** How many bytes the spool's files take; 0 without a spool. */
  public long spooledBytes() {
    return spooledBytes;
  }

  /** The last failure in words, or null if there was none. */
  public @Nullable String lastError() {
    return lastError;
  }

  /** When it was, in milliseconds since 1970, or -1. */
  public long lastErrorMillis() {
    return lastErrorMillis;
  }

  /** When the server last acknowledged something, in milliseconds since 1970, or -1. */
  public long lastDeliveryMillis() {
    return lastDeliveryMillis;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ClientStats{accepted=").append(accepted);
    text.append(", delivered=").append(delivered).append(", queued=").append(queued);
    text.append(", spooled=").append(spooled).append(", retried=").append(retried);
    for (Map.Entry<DropReason, Long> each : dropped.entrySet()) {
      if (each.getValue() > 0) {
        text.append(", ").append(each.getKey()).append('=').append(each.getValue());
      }
    }
    if (lastError != null) {
      text.append(", lastError=").append(lastError);
    }
    return text.append('}').toString();
  }
}
