package io.kenbun.lite.http.stream;

import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.firing.Deliveries;
import io.kenbun.lite.store.firing.DeliveryReads;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads deliveries that have changed and puts them into the feeds, on a worker: who writes them has
 * no time for it. One that changes twice before it is read is sent once.
 */
public final class DeliveryMessages implements Deliveries.Watcher {
  private static final Logger log = LoggerFactory.getLogger(DeliveryMessages.class);
  private static final int MAX_WAITING = 10_000;
  private static final int MAX_READ = 200;

  private final DeliveryReads reads;
  private final BiConsumer<DeliveryReads.Shown, JsonOut> writer;
  private final Supplier<Feed[]> feeds;
  private final Set<Long> waiting = new LinkedHashSet<>(); // Guarded by this.
  private boolean running; // Guarded by this.
  private @Nullable Executor worker; // Guarded by this.

  DeliveryMessages(
      DeliveryReads reads,
      BiConsumer<DeliveryReads.Shown, JsonOut> writer,
      Supplier<Feed[]> feeds) {
    this.reads = reads;
    this.writer = writer;
    this.feeds = feeds;
  }

  synchronized void readOn(Executor newWorker) {
    worker = newWorker;
  }

  @Override
  public boolean isWatching() {
    for (Feed feed : feeds.get()) {
      if (feed.wants(Kind.DELIVERY)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void changed(List<Long> deliveries) {
    int lost = 0;
    Executor starting = null;
    synchronized (this) {
      for (Long key : deliveries) {
        if (waiting.size() < MAX_WAITING) {
          waiting.add(key);
        } else {
          lost++;
        }
      }
      if (!running && worker != null) {
        running = true;
        starting = worker;
      }
    }
    if (lost > 0) { // Whose they were would have to be read.
      for (Feed feed : feeds.get()) {
        feed.refused(Kind.DELIVERY, lost);
      }
    }
    if (starting != null) {
      run(starting);
    }
  }

  private void run(Executor on) {
    try {
      on.execute(this::readNext);
    } catch (RejectedExecutionException e) {
      log.debug("The server ended before changed deliveries were read", e);
    }
  }

  private void readNext() {
    List<Long> keys = new ArrayList<>();
    Executor next;
    synchronized (this) {
      Iterator<Long> all = waiting.iterator();
      while (all.hasNext() && keys.size() < MAX_READ) {
        keys.add(all.next());
        all.remove();
      }
      next = keys.isEmpty() ? null : worker;
      running = next != null;
    }
    if (next == null) {
      return;
    }
    try {
      for (Feed feed : feeds.get()) {
        if (feed.wants(Kind.DELIVERY)) {
          read(feed, keys);
        }
      }
    } catch (StorageException | RuntimeException e) {
      log.warn("Changed deliveries cannot be shown", e);
    }
    run(next); // Not in a loop, so that reads that wait for a worker get one.
  }

  private void read(Feed feed, List<Long> keys) throws StorageException {
    for (DeliveryReads.Shown delivery : reads.ofKeys(feed.unit().key(), keys)) {
      if (feed.admits(Kind.DELIVERY, 0)) {
        JsonOut out = new JsonOut().beginObject();
        writer.accept(delivery, out);
        feed.add(Kind.DELIVERY, out.endObject().bytes());
      } else {
        feed.signal();
      }
    }
  }
}
