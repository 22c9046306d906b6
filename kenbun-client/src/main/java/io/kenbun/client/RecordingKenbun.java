package io.kenbun.client;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A kenbun in memory, for the tests of programs that track events: real clients deliver to it
 * without a network, it records what arrives, and it answers as it is told. Safe for use by several
 * threads.
 *
 * <pre>{@code
 * RecordingKenbun kenbun = new RecordingKenbun();
 * try (KenbunClient client = kenbun.client().build()) {
 *   new Shop(client).visit("/pricing", "user@example.com");
 *   client.flush(1, TimeUnit.SECONDS);
 * }
 * assertEquals("Page View", kenbun.events().get(0).type());
 * }</pre>
 */
public final class RecordingKenbun {
  private final Object lock = new Object();
  private final List<Recorded> recorded = new ArrayList<>(); // Guarded by lock.
  private final Deque<Integer> failures = new ArrayDeque<>(); // Guarded by lock.
  private boolean down; // Guarded by lock.
  private int requests; // Guarded by lock.

  private static final class Recorded {
    final String unit;
    final Event event;

    Recorded(String unit, Event event) {
      this.unit = unit;
      this.event = event;
    }
  }

  /** A kenbun that takes everything. */
  public RecordingKenbun() {}

  /**
   * Starts a client of this kenbun, for the unit {@code unit_default}. It delivers without
   * lingering and installs no shutdown hook; everything else is as for any client and can be set.
   */
  public KenbunClient.Builder client() {
    return KenbunClient.builder()
        .credentials(Credentials.basic("test", "test"))
        .orgUnit("unit_default")
        .linger(0, TimeUnit.MILLISECONDS)
        .shutdownHook(false)
        .transport(new InMemory());
  }

  /** What has arrived so far, in the order of arrival, for all units. */
  public List<Event> events() {
    return eventsOf(null);
  }

  /** What has arrived so far for one organizational unit. */
  public List<Event> events(String orgUnit) {
    return eventsOf(Objects.requireNonNull(orgUnit, "orgUnit == null"));
  }

  private List<Event> eventsOf(@Nullable String unit) {
    List<Event> events = new ArrayList<>();
    synchronized (lock) {
      for (Recorded each : recorded) {
        if (unit == null || each.unit.equals(unit)) {
          events.add(each.event);
        }
      }
    }
    return Collections.unmodifiableList(events);
  }

  /**
   * Waits until at least {@code count} events have arrived, at most {@code timeout}; returns
   * whether they have. 0 or less only looks. An interruption ends the wait and stays set.
   */
  public boolean awaitEvents(int count, long timeout, TimeUnit unit) {
    long deadline = Clock.SYSTEM.nanos() + unit.toNanos(timeout);
    synchronized (lock) {
      while (recorded.size() < count) {
        long left = deadline - Clock.SYSTEM.nanos();
        if (left <= 0) {
          return false;
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(lock, left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return true;
    }
  }

  /** How many requests with events have come, the failed ones included. */
  public int requests() {
    synchronized (lock) {
      return requests;
    }
  }

  /**
   * Lets the next requests with events fail, one for each status, in this order.
   *
   * @param statuses HTTP statuses from 300 to 599
   * @throws IllegalArgumentException if one is outside; then none is taken
   */
  public void failNext(int... statuses) {
    for (int status : statuses) {
      if (status < 300 || status > 599) {
        throw new IllegalArgumentException("status outside 300 to 599: " + status);
      }
    }
    synchronized (lock) {
      for (int status : statuses) {
        failures.add(status);
      }
    }
  }

  /** Whether no request gets an answer from now on, as with a network that is down. */
  public void setDown(boolean down) {
    synchronized (lock) {
      this.down = down;
    }
  }

  /** Forgets what has arrived and which failures were asked for, and is no longer down. */
  public void clear() {
    synchronized (lock) {
      recorded.clear();
      failures.clear();
      requests = 0;
      down = false;
    }
  }

  private final class InMemory extends Transport {
    @Override
    void send(Batch batch, Receiver receiver) {
      receiver.receive(batch, answer(batch));
    }

    private Reply answer(Batch batch) {
      synchronized (lock) {
        if (down) {
          return Reply.noAnswer("RecordingKenbun is down");
        }
        if (batch.isActivation()) {
          return Reply.delivered(204, false, Collections.emptyList());
        }
        requests++;
        Integer status = failures.poll();
        if (status != null) {
          return Reply.of(Reply.kindOf(status), status, status + " as the test asked", -1, false);
        }
        for (QueuedEvent event : batch.events) {
          recorded.add(new Recorded(batch.unit, event.event()));
        }
        lock.notifyAll();
        return Reply.delivered(202, false, Collections.emptyList());
      }
    }

    /** Records the events; takes no files, which only the server can read. */
    @Override
    EventImport.Result importEvents(String unit, EventImport source) throws IOException {
      if (source.events == null) {
        throw new IOException("RecordingKenbun reads no CSV files");
      }
      long imported = 0;
      synchronized (lock) {
        if (down) {
          throw new IOException("RecordingKenbun is down");
        }
        for (Event event : source.events) {
          recorded.add(new Recorded(unit, event));
          imported++;
        }
        lock.notifyAll();
      }
      return new EventImport.Result(imported, 0);
    }

    @Override
    void close() {}
  }
}
