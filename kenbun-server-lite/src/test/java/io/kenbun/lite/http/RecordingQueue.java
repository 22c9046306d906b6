package io.kenbun.lite.http;

import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Queue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A queue in memory that does as a test says and remembers what it was given. */
public final class RecordingQueue implements Queue {
  /** What becomes of the next appends. */
  public enum Mode {
    STORE,
    HOLD,
    FAIL
  }

  private final List<Append> held = new ArrayList<>();
  private final List<RawEvent> events = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private int appends;
  private final Semaphore offered = new Semaphore(0);
  private Mode mode = Mode.STORE;
  private @Nullable Refusal refusal;
  private int refusals;
  private long lastSeq;

  public synchronized void mode(Mode next) {
    mode = next;
  }

  public synchronized void refuse(@Nullable Refusal next) {
    refusal = next;
  }

  /** Is full for the next offers. */
  public synchronized void fullFor(int offers) {
    refusals = offers;
  }

  @Override
  public synchronized @Nullable Refusal offer(Append append) {
    if (refusals > 0) {
      refusals--;
      return Refusal.FULL;
    }
    if (refusal != null) {
      return refusal;
    }
    events.addAll(append.events());
    for (int i = 0; i < append.events().size(); i++) {
      keys.add(append.key(i));
    }
    appends++;
    switch (mode) {
      case STORE -> store(append);
      case HOLD -> held.add(append);
      case FAIL -> append.executor().execute(() -> append.failed(new IOException("disk is gone")));
    }
    offered.release();
    return null;
  }

  /** Waits for the next append that no earlier call has waited for. */
  public void awaitOffer() throws InterruptedException {
    if (!offered.tryAcquire(10, TimeUnit.SECONDS)) {
      throw new AssertionError("nothing was offered within 10 s");
    }
  }

  /** Stores what is held back. */
  public synchronized void commit() {
    held.forEach(this::store);
    held.clear();
  }

  public synchronized List<RawEvent> events() {
    return List.copyOf(events);
  }

  public synchronized List<String> keys() {
    return List.copyOf(keys);
  }

  /** Returns how many requests have offered anything. */
  public synchronized int appends() {
    return appends;
  }

  private void store(Append append) {
    long[] seqs = new long[append.events().size()];
    for (int i = 0; i < seqs.length; i++) {
      seqs[i] = ++lastSeq;
    }
    append.executor().execute(() -> append.stored(seqs));
  }

  @Override
  public synchronized long lastSeq() {
    return lastSeq;
  }

  @Override
  public synchronized long depth() {
    return held.size();
  }

  @Override
  public long oldestReceivedAtMillis() {
    return -1;
  }
}
