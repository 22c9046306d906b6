package io.kenbun.client;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Where every lost event ends: counted at once, told to the listener on the worker thread, and
 * summed up in one warning a minute. Exists so that no loss can be silent and none can flood the
 * host's log.
 */
final class Losses {
  /** How many losses wait to be told one by one; what comes on top is only counted. */
  static final int MAX_NOTICES = 1000;

  private static final long WARNING_NANOS = 60_000_000_000L;
  private static final Logger LOG = Logger.getLogger("io.kenbun.client");

  private final Counters counters;
  private final Audience audience;
  private final ConcurrentLinkedQueue<Notice> notices = new ConcurrentLinkedQueue<>();
  private final AtomicInteger noticeCount = new AtomicInteger();

  // The worker's.
  private long warnedTotal;
  private long warnedNanos;
  private boolean warned;

  Losses(Counters counters, @Nullable DeliveryListener listener) {
    this.counters = counters;
    this.audience = new Audience(listener);
  }

  /** Any thread; no lock, no I/O, no foreign code. */
  void lost(@Nullable Event event, DropReason reason, String detail) {
    counters.drop(reason, 1);
    if (audience.isEmpty() || event == null) {
      return;
    }
    if (noticeCount.incrementAndGet() > MAX_NOTICES) {
      noticeCount.decrementAndGet();
      return;
    }
    notices.add(new Notice(event, reason, detail));
  }

  /** Tells the listener and, once a minute at most, the log. The worker's. */
  void tell(long nowNanos) {
    Notice notice;
    while ((notice = notices.poll()) != null) {
      noticeCount.decrementAndGet();
      Notice told = notice;
      audience.tell(l -> l.dropped(told.event, told.reason, told.detail));
    }
    long total = counters.dropped();
    if (total > warnedTotal && (!warned || nowNanos - warnedNanos >= WARNING_NANOS)) {
      LOG.warning(warning(total - warnedTotal));
      warned = true;
      warnedNanos = nowNanos;
      warnedTotal = total;
    }
  }

  private String warning(long count) {
    StringBuilder text = new StringBuilder("kenbun lost ").append(count).append(" events; so far");
    for (DropReason reason : DropReason.values()) {
      if (counters.dropped(reason) > 0) {
        text.append(' ').append(reason).append('=').append(counters.dropped(reason));
      }
    }
    String error = counters.lastError();
    return error == null ? text.toString() : text.append("; last error: ").append(error).toString();
  }

  private static final class Notice {
    final Event event;
    final DropReason reason;
    final String detail;

    Notice(Event event, DropReason reason, String detail) {
      this.event = event;
      this.reason = reason;
      this.detail = detail;
    }
  }
}
