package io.kenbun.lite.http.stream;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.pipeline.Ticks;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;

/**
 * One connection that listens. It belongs to its I/O thread, which writes what the connection
 * takes; only {@link #signal} and {@link #end} may come from elsewhere. Whoever publishes never
 * waits for it.
 *
 * <pre>
 *   signal ──25 ms, once──&gt; write: place ─&gt; buffer ─&gt; connection takes it ─&gt; until nothing is left
 *                                                    └ takes no more ─&gt; told when it does again
 * </pre>
 */
final class Listener {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);

  /** Long enough to send many at once, short enough to count as at once. */
  private static final int GATHER_MILLIS = 25;

  private static final int RETRY_MILLIS = 1_000;
  private static final int MAX_BYTES_AT_ONCE = 64 << 10;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Call call;
  private final StreamLimits limits;
  private final Feed.Place place;
  private final LongClock clock;
  private final AtomicBoolean signalled = new AtomicBoolean();
  // The I/O thread's.
  private final long startNanos = Ticks.nanos();
  private final StreamSinkChannel channel;
  private ByteBuffer unwritten = NOTHING;
  private boolean blocked;
  private boolean flushed = true;
  private long movedNanos = startNanos;
  private boolean over;
  private XnioExecutor.@Nullable Key heartbeat;

  /** Says what time it is, by which tokens expire. */
  interface LongClock {
    long millis();
  }

  Listener(Call call, Feed.Place place, StreamLimits limits, LongClock clock) {
    this.call = call;
    this.place = place;
    this.limits = limits;
    this.clock = clock;
    this.channel = call.answerStream("text/event-stream");
  }

  /** Begins. */
  void start(Frames first) {
    channel.getWriteSetter().set(ready -> unblocked());
    call.onEnd(this::abort);
    first.retry(RETRY_MILLIS);
    unwritten = first.buffer();
    beat();
    write();
  }

  /** There may be something to send. Any thread. */
  void signal() {
    if (!signalled.get() && signalled.compareAndSet(false, true)) {
      try {
        call.ioThread().executeAfter(this::gathered, GATHER_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        log.debug("The server ended before a listener was told", e);
      }
    }
  }

  private void gathered() {
    signalled.set(false); // Before the look: what comes during it asks for another.
    if (!blocked) {
      write();
    }
  }

  private void unblocked() {
    blocked = false;
    channel.suspendWrites();
    write();
  }

  private void write() {
    if (over) {
      return;
    }
    try {
      while (next()) {
        if (channel.write(unwritten) == 0) {
          block();
          return;
        }
        movedNanos = Ticks.nanos();
        flushed = false;
      }
      if (!flushed && !channel.flush()) {
        block();
        return;
      }
      flushed = true;
      movedNanos = Ticks.nanos();
    } catch (IOException e) {
      log.debug("A listener has gone", e);
      abort();
    }
  }

  private void block() {
    blocked = true;
    channel.resumeWrites();
  }

  /** Says whether there is anything to write. */
  private boolean next() {
    if (!unwritten.hasRemaining()) {
      Frames frames = new Frames();
      place.read(frames, MAX_BYTES_AT_ONCE);
      unwritten = frames.buffer();
    }
    return unwritten.hasRemaining();
  }

  private void beat() {
    long millis = limits.heartbeat().toMillis();
    heartbeat = call.ioThread().executeAfter(this::beaten, millis, TimeUnit.MILLISECONDS);
  }

  private void beaten() {
    if (over) {
      return;
    }
    long now = Ticks.nanos();
    Long expiresAtMillis = call.caller().expiresAtMillis();
    if (now - startNanos >= limits.maxAge().toNanos()
        || (expiresAtMillis != null && clock.millis() >= expiresAtMillis)) {
      finish();
      return;
    }
    if (blocked && now - movedNanos >= call.limits().writeTimeout().toNanos()) {
      log.debug("A listener takes nothing any more and is cut off");
      abort();
      return;
    }
    if (!blocked && !unwritten.hasRemaining()) {
      Frames frames = new Frames();
      frames.comment("still here");
      unwritten = frames.buffer();
      write();
    }
    if (!over) {
      beat();
    }
  }

  /** Ends it. Any thread. */
  void end() {
    try {
      call.ioThread().execute(this::finish);
    } catch (RejectedExecutionException e) {
      log.debug("The server ended before a listener was told", e);
    }
  }

  private void finish() {
    if (over) {
      return;
    }
    if (blocked || unwritten.hasRemaining()) {
      abort(); // It would have to be waited for.
      return;
    }
    stop();
    HttpServerExchange exchange = call.exchange();
    exchange.endExchange();
  }

  private void abort() {
    if (!over) {
      stop();
      call.abort();
    }
  }

  private void stop() {
    over = true;
    if (heartbeat != null) {
      heartbeat.remove();
    }
  }
}
