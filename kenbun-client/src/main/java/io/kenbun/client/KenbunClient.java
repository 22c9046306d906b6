package io.kenbun.client;

import java.io.File;
import java.io.IOException;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Reports engagement events to kenbun in the background.
 *
 * <p>{@link #track} hands an event over and returns: it does not block (unless told to, see {@link
 * OverflowPolicy#BLOCK}), throws nothing, and does no I/O. A daemon thread delivers, in the order
 * of {@code track} for each lead, again and again until the server acknowledges: at least once.
 * Memory is bounded; what does not fit or cannot be delivered is counted in {@link #stats} and told
 * to the {@link DeliveryListener}.
 *
 * <p>Make one client and share it: all methods may be called by any thread. Close it at the end.
 *
 * <pre>{@code
 * KenbunClient client = KenbunClient.builder()
 *     .credentials(Credentials.basic("id", "secret"))
 *     .orgUnit("unit_default")
 *     .build();
 * client.track(Event.builder("Page View").email("user@example.com").build());
 * client.close(10, TimeUnit.SECONDS);
 * }</pre>
 */
public final class KenbunClient implements AutoCloseable {
  /** How long {@link #close()} waits at most: ten seconds. */
  public static final long DEFAULT_CLOSE_MILLIS = 10_000;

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Intake intake;
  private final EventQueue queue;
  private final Transport transport;
  private final Worker worker;
  private final Thread thread;
  private final Counters counters;
  private final Losses losses;
  private final Clock clock;
  private final String orgUnit;
  private final @Nullable ShutdownHook shutdownHook;
  private final Object closeLock = new Object();
  private @Nullable FlushResult closed; // Guarded by closeLock.

  private KenbunClient(Settings settings) {
    this.orgUnit = settings.checkedOrgUnit();
    Credentials credentials = settings.checkedCredentials();
    String name = "kenbun-client-" + COUNT.incrementAndGet();
    this.clock = Clock.SYSTEM;
    this.counters = new Counters();
    this.losses = new Losses(counters, settings.listener);
    Signal signal = new Signal();
    this.intake = settings.newIntake(signal, counters, losses);
    this.queue = settings.newQueue(intake, new KeySequence(clock), counters);
    this.transport = settings.newTransport(credentials, clock, new Daemons("OkHttp " + name));
    this.worker =
        new Worker(
            queue,
            transport,
            settings.limits(),
            new Backoff(settings.retryPolicy, new Random()),
            clock,
            signal,
            counters,
            losses,
            settings.listener);
    this.thread = new Daemons(name).newThread(worker);
    this.shutdownHook = settings.shutdownHook ? shutdownHook(settings.shutdownMillis) : null;
    thread.start();
    if (shutdownHook != null) {
      shutdownHook.add();
    }
  }

  /** Starts a client with the defaults; an organizational unit and credentials are needed. */
  public static Builder builder() {
    return new Builder();
  }

  private ShutdownHook shutdownHook(long millis) {
    return new ShutdownHook(() -> close(millis, TimeUnit.MILLISECONDS));
  }

  /**
   * Takes an event for delivery in the background.
   *
   * @return false if it was refused, because the queue is full, the client is closed or {@code
   *     event} is null; it is then counted as dropped
   */
  public boolean track(Event event) {
    return track(event, orgUnit);
  }

  boolean track(@Nullable Event event, String unit) {
    if (event == null) {
      losses.lost(null, DropReason.INVALID, "event == null");
      return false;
    }
    return intake.offer(event, unit);
  }

  /**
   * A view that tracks for another organizational unit over this client's queue and connections.
   *
   * @param id 1 to 128 characters, not blank, such as {@code unit_b}
   * @throws IllegalArgumentException if {@code id} is blank, too long or not valid Unicode
   */
  public OrgUnit orgUnit(String id) {
    return new OrgUnit(this, Text.identity("orgUnit", id, Event.MAX_LEAD_ID_LENGTH));
  }

  /**
   * Brings history into kenbun, on the calling thread, which waits for the server's counts: half an
   * hour at most once all is sent. Streams in constant memory, apart from the queue. Not tried
   * again after a failure, since the server would count rows twice that it has already read.
   *
   * @throws IOException if it fails, the server refuses it, or the progress callback cancels it
   */
  public EventImport.Result importEvents(EventImport source) throws IOException {
    return transport.importEvents(orgUnit, Objects.requireNonNull(source, "source == null"));
  }

  /**
   * Waits until everything accepted before the call is delivered or dropped, at most {@code
   * timeout}; 0 or less waits for nothing. Returns early if the client pauses after failures for
   * longer than that, and at once when a {@link DeliveryListener} calls. An interruption ends the
   * wait and stays set.
   */
  public FlushResult flush(long timeout, TimeUnit unit) {
    Objects.requireNonNull(unit, "unit == null");
    long before = counters.delivered.get();
    long droppedBefore = counters.dropped();
    boolean complete = awaitFlush(unit.toNanos(Math.max(0, timeout)));
    return result(before, droppedBefore, complete);
  }

  private FlushResult result(long deliveredBefore, long droppedBefore, boolean complete) {
    return new FlushResult(
        counters.delivered.get() - deliveredBefore,
        queue.spooled(),
        counters.dropped() - droppedBefore,
        intake.queued(),
        complete);
  }

  private boolean awaitFlush(long timeoutNanos) {
    if (worker.isStopped() || intake.isWorker(Thread.currentThread())) {
      return intake.queued() + queue.spooled() == 0;
    }
    FlushRequest flush = new FlushRequest(clock.nanos() + timeoutNanos);
    intake.mark(flush);
    flush.await(timeoutNanos);
    return flush.isComplete();
  }

  /** Same as {@link #close(long, TimeUnit)} with {@value #DEFAULT_CLOSE_MILLIS} milliseconds. */
  @Override
  public void close() {
    close(DEFAULT_CLOSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Refuses further events, delivers what is queued, at most for {@code timeout}, and ends; 0 or
   * less waits for no delivery. What is left then stays in the spool, or without one is dropped as
   * {@link DropReason#ABANDONED}. Later calls, and those made meanwhile, wait for the first and
   * return what it did.
   */
  public FlushResult close(long timeout, TimeUnit unit) {
    Objects.requireNonNull(unit, "unit == null");
    long deliveredBefore = counters.delivered.get();
    long droppedBefore = counters.dropped();
    intake.close();
    synchronized (closeLock) {
      if (closed == null) {
        if (shutdownHook != null) {
          shutdownHook.remove();
        }
        boolean complete = awaitFlush(unit.toNanos(Math.max(0, timeout)));
        worker.stop();
        boolean interrupted = joinWorker();
        closed = result(deliveredBefore, droppedBefore, complete);
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      return closed;
    }
  }

  /** The worker ends within a moment, since it never waits for the network. */
  private boolean joinWorker() {
    if (Thread.currentThread() == thread) {
      return false;
    }
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    return interrupted;
  }

  /** What has happened so far. Cheap; never blocks. */
  public ClientStats stats() {
    return new ClientStats(
        counters, intake.queued(), intake.queuedBytes(), queue.spooled(), queue.spooledBytes());
  }

  @Override
  public String toString() {
    return "KenbunClient{" + orgUnit + ", " + stats() + "}";
  }

  /**
   * Builds clients. Each method refuses what cannot work at once: null with a {@link
   * NullPointerException}, what lies outside its range with an {@link IllegalArgumentException}.
   * Not safe for use by several threads.
   */
  public static final class Builder {
    private final Settings settings = new Settings();

    private Builder() {}

    /**
     * Where kenbun is. Default {@code https://api.kenbun.io}.
     *
     * @param url http or https, with or without a path below which the API lies
     */
    public Builder baseUrl(String url) {
      Objects.requireNonNull(url, "baseUrl == null");
      HttpUrl parsed = HttpUrl.parse(url);
      if (parsed == null || parsed.query() != null || parsed.fragment() != null) {
        throw new IllegalArgumentException(
            "baseUrl is no http or https address without query and fragment");
      }
      if (!parsed.username().isEmpty() || !parsed.password().isEmpty()) {
        throw new IllegalArgumentException("baseUrl holds credentials; use credentials(...)");
      }
      settings.baseUrl = parsed;
      return this;
    }

    /** What the client proves itself with. Needed. */
    public Builder credentials(Credentials credentials) {
      settings.credentials = Objects.requireNonNull(credentials, "credentials == null");
      return this;
    }

    /**
     * The organizational unit that {@link KenbunClient#track} reports to. Needed.
     *
     * @param id 1 to 128 characters, not blank
     */
    public Builder orgUnit(String id) {
      settings.orgUnit = Text.identity("orgUnit", id, Event.MAX_LEAD_ID_LENGTH);
      return this;
    }

    /** What to do when the queue is full. Default {@link OverflowPolicy#DROP_NEWEST}. */
    public Builder overflowPolicy(OverflowPolicy policy) {
      settings.overflowPolicy = Objects.requireNonNull(policy, "overflowPolicy == null");
      return this;
    }

    /** How long {@link OverflowPolicy#BLOCK} waits for room. Default 1 second; from 0. */
    public Builder blockTimeout(long timeout, TimeUnit unit) {
      if (timeout < 0) {
        throw new IllegalArgumentException("blockTimeout < 0: " + timeout);
      }
      settings.blockNanos = Objects.requireNonNull(unit, "unit == null").toNanos(timeout);
      return this;
    }

    /**
     * The most events in memory, those in flight included; more meet the {@link #overflowPolicy}.
     * Default 100,000; 1 to 5,000,000.
     */
    public Builder maxQueuedEvents(int events) {
      settings.maxQueuedEvents = inRange("maxQueuedEvents", events, Intake.MAX_EVENTS);
      return this;
    }

    /**
     * The most bytes of memory that queued events may take, by an estimate on the high side; more
     * meet the {@link #overflowPolicy}. Default 32 MiB, or a quarter of the heap if that is less; 1
     * to 256 GiB.
     */
    public Builder maxQueuedBytes(long bytes) {
      if (bytes < 1 || bytes > Intake.MAX_BYTES) {
        throw new IllegalArgumentException(
            "maxQueuedBytes outside 1 to " + Intake.MAX_BYTES + ": " + bytes);
      }
      settings.maxQueuedBytes = bytes;
      return this;
    }

    /** The most requests at a time. Default 4; 1 to 64. */
    public Builder maxInFlight(int requests) {
      settings.maxInFlight = inRange("maxInFlight", requests, 64);
      return this;
    }

    /** The most events in one request, where the server takes several. Default 500; 1 to 1,000. */
    public Builder maxBatchEvents(int events) {
      settings.maxBatchEvents = inRange("maxBatchEvents", events, 1000);
      return this;
    }

    /**
     * The most bytes in one request before compression; a single larger event goes alone. Default 1
     * MiB; 1 to 4 MiB.
     */
    public Builder maxBatchBytes(int bytes) {
      settings.maxBatchBytes = inRange("maxBatchBytes", bytes, 4 << 20);
      return this;
    }

    /**
     * How long an event waits for others to travel with, unless a batch fills up or somebody
     * flushes. Default 250 milliseconds; 0 to an hour.
     */
    public Builder linger(long time, TimeUnit unit) {
      long nanos = Objects.requireNonNull(unit, "unit == null").toNanos(time);
      if (nanos < 0 || nanos > TimeUnit.HOURS.toNanos(1)) {
        throw new IllegalArgumentException("linger outside 0 to 1 hour: " + time + " " + unit);
      }
      settings.lingerNanos = nanos;
      return this;
    }

    /** Whether batches are compressed, from 1 KiB on. Default true. */
    public Builder gzip(boolean compress) {
      settings.gzip = compress;
      return this;
    }

    /**
     * Keeps events on disk until they are delivered: what is not, when the process ends or is
     * killed, is delivered by the next client with the same directory. Nothing is touched before
     * the client runs, and then only by its own thread. Default none.
     *
     * @param directory made if need be; for this client alone
     */
    public Builder spool(File directory) {
      settings.spool = Objects.requireNonNull(directory, "spool == null");
      return this;
    }

    /**
     * The most bytes that the spool's files may take. When they are full, events wait in memory,
     * whose bounds then hold. Default 64 MiB; from 1 MiB.
     */
    public Builder maxSpoolBytes(long bytes) {
      if (bytes < Segment.FULL_BYTES) {
        throw new IllegalArgumentException("maxSpoolBytes < " + Segment.FULL_BYTES + ": " + bytes);
      }
      settings.maxSpoolBytes = bytes;
      return this;
    }

    /** When the spool is forced onto the device. Default {@link SpoolSync#INTERVAL}. */
    public Builder spoolSync(SpoolSync sync) {
      settings.spoolSync = Objects.requireNonNull(sync, "spoolSync == null");
      return this;
    }

    /**
     * Whether to flush when the virtual machine ends without {@link KenbunClient#close}. Default
     * true, for at most 900 ms.
     */
    public Builder shutdownHook(boolean flush) {
      settings.shutdownHook = flush;
      return this;
    }

    /** Flushes when the virtual machine ends, for at most {@code timeout}; from 1 ms. */
    public Builder shutdownHook(long timeout, TimeUnit unit) {
      long millis = Objects.requireNonNull(unit, "unit == null").toMillis(timeout);
      if (millis < 1) {
        throw new IllegalArgumentException("shutdownHook < 1 ms: " + timeout + " " + unit);
      }
      settings.shutdownHook = true;
      settings.shutdownMillis = millis;
      return this;
    }

    /** How failures are waited out. Default {@link RetryPolicy#standard}. */
    public Builder retryPolicy(RetryPolicy policy) {
      settings.retryPolicy = Objects.requireNonNull(policy, "retryPolicy == null");
      return this;
    }

    /** Who is told what happens to events. Default nobody. */
    public Builder listener(DeliveryListener listener) {
      settings.listener = Objects.requireNonNull(listener, "listener == null");
      return this;
    }

    /**
     * The HTTP client to derive ours from: its proxy, TLS settings, interceptors, DNS, time-outs
     * and connection pool are used; it is not changed and not closed. Ours keeps cookies of its
     * own, follows no redirects, calls on a dispatcher of its own, and sets TCP_NODELAY on its
     * sockets, with TLS and without (save for a SOCKS proxy's, which OkHttp makes by itself).
     */
    public Builder httpClient(OkHttpClient client) {
      settings.httpClient = Objects.requireNonNull(client, "httpClient == null");
      return this;
    }

    /**
     * Returns a running client, with a queue and a thread of its own. Does no I/O.
     *
     * @throws IllegalStateException if the organizational unit or the credentials are missing
     */
    public KenbunClient build() {
      return new KenbunClient(settings);
    }

    /** Something else than HTTP; see RecordingKenbun. */
    Builder transport(Transport transport) {
      settings.transport = transport;
      return this;
    }

    private static int inRange(String what, int value, int max) {
      if (value < 1 || value > max) {
        throw new IllegalArgumentException(what + " outside 1 to " + max + ": " + value);
      }
      return value;
    }
  }
}
