package io.kenbun.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The numbers behind {@link KenbunClient#stats}. Written by all threads, without a lock. */
final class Counters {
  final AtomicLong accepted = new AtomicLong();
  final AtomicLong delivered = new AtomicLong();
  final AtomicLong retried = new AtomicLong();
  final AtomicLong recovered = new AtomicLong();

  /** No EnumMap: it finds the constants by reflection, which R8 and ProGuard take away. */
  private final Map<DropReason, AtomicLong> dropped = new LinkedHashMap<>();

  private volatile @Nullable String lastError;
  private volatile long lastErrorMillis = -1;
  private volatile long lastDeliveryMillis = -1;

  Counters() {
    for (DropReason reason : DropReason.values()) {
      dropped.put(reason, new AtomicLong());
    }
  }

  void drop(DropReason reason, long count) {
    of(reason).addAndGet(count);
  }

  long dropped(DropReason reason) {
    return of(reason).get();
  }

  private AtomicLong of(DropReason reason) {
    return Objects.requireNonNull(dropped.get(reason));
  }

  long dropped() {
    long sum = 0;
    for (AtomicLong count : dropped.values()) {
      sum += count.get();
    }
    return sum;
  }

  void failed(String error, long epochMillis) {
    lastErrorMillis = epochMillis;
    lastError = error;
  }

  void deliveredAt(long epochMillis) {
    lastDeliveryMillis = epochMillis;
  }

  @Nullable String lastError() {
    return lastError;
  }

  long lastErrorMillis() {
    return lastErrorMillis;
  }

  long lastDeliveryMillis() {
    return lastDeliveryMillis;
  }
}
