package io.kenbun.client;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** The numbers behind {@link KenbunClient#stats}. Written by all threads, without a lock. */
final class Counters {
  final AtomicLong accepted = new AtomicLong();
  final AtomicLong delivered = new AtomicLong();
  final AtomicLong retried = new AtomicLong();
  final AtomicLong recovered = new AtomicLong();
  private final AtomicLongArray dropped = new AtomicLongArray(DropReason.values().length);

  private volatile @Nullable String lastError;
  private volatile long lastErrorMillis = -1;
  private volatile long lastDeliveryMillis = -1;

  void drop(DropReason reason, long count) {
    dropped.addAndGet(reason.ordinal(), count);
  }

  long dropped(DropReason reason) {
    return dropped.get(reason.ordinal());
  }

  long dropped() {
    long sum = 0;
    for (int i = 0; i < dropped.length(); i++) {
      sum += dropped.get(i);
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
