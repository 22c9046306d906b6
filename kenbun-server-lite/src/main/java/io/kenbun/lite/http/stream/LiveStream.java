package io.kenbun.lite.http.stream;

import static io.kenbun.lite.http.call.Routes.Needs.UNIT;
import static io.kenbun.lite.http.call.Routes.On.IO_THREAD;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Query;
import io.kenbun.lite.http.call.RejectedRequests;
import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Onlooker;
import io.kenbun.lite.pipeline.SeenScore;
import io.kenbun.lite.store.firing.DeliveryReads;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /lite/stream} ({@code lite.md} 4): sends each listener what happens in its unit. Any
 * thread.
 *
 * <p>A unit that nobody listens to has no {@link Feed}, and then nothing is made and nothing is
 * kept: the pipeline's threads read one field for each event.
 */
public final class LiveStream implements Onlooker {
  private static final HttpString LAST_EVENT_ID = new HttpString("Last-Event-ID");
  private static final Feed[] NONE = {};
  private static final Logger log = LoggerFactory.getLogger(LiveStream.class);

  private final StreamLimits limits;
  private final InstantSource clock;
  private final InstantSource realClock;
  private final DeliveryMessages deliveries;
  private volatile Feed[] feeds = NONE; // Changed under this, read by everybody.
  private int listeners; // Guarded by this.
  private boolean stopped; // Guarded by this.

  /**
   * Makes it.
   *
   * @param clock what messages show as their time
   * @param delivery writes the fields of an item of {@code GET /lite/deliveries}
   */
  public LiveStream(
      InstantSource clock,
      InstantSource realClock,
      DeliveryReads reads,
      BiConsumer<DeliveryReads.Shown, JsonOut> delivery) {
    this(clock, realClock, reads, delivery, StreamLimits.DEFAULT);
  }

  LiveStream(
      InstantSource clock,
      InstantSource realClock,
      DeliveryReads reads,
      BiConsumer<DeliveryReads.Shown, JsonOut> delivery,
      StreamLimits limits) {
    this.clock = clock;
    this.realClock = realClock;
    this.limits = limits;
    this.deliveries = new DeliveryMessages(reads, delivery, () -> feeds);
  }

  /** Returns the route. */
  public List<Route> routes() {
    return List.of(new Route("GET", "/lite/stream", UNIT, IO_THREAD, this::listen));
  }

  /** Returns what is to be told of deliveries. */
  public DeliveryMessages deliveries() {
    return deliveries;
  }

  private void listen(Call call) {
    Query query = call.query();
    Set<Kind> kinds = Kind.parse(query.text("types"));
    if (!call.caller().mayUseAll()) {
      kinds.remove(Kind.REJECTED_WITHOUT_UNIT);
    }
    String lastId = call.requestHeaders().getFirst(LAST_EVENT_ID);
    if (lastId == null || lastId.isEmpty()) {
      lastId = query.text("last_event_id");
    }
    call.header(Headers.CACHE_CONTROL, "no-store");
    if (Methods.HEAD.equals(call.exchange().getRequestMethod())) {
      call.answer(200, "text/event-stream", new byte[0]);
      return;
    }
    long id = lastId == null ? 0 : number(lastId);
    Entered entered = enter(call.unit(), kinds, id);
    Feed feed = entered.feed;
    AtomicReference<@Nullable Listener> joined = new AtomicReference<>();
    call.exchange()
        .addExchangeCompleteListener(
            (exchange, next) -> {
              leave(call, feed, joined.get());
              next.proceed();
            });
    deliveries.readOn(call.exchange().getConnection().getWorker());
    Frames first = new Frames();
    Feed.Place place = place(feed, lastId, entered.id, kinds, first);
    Listener listener = new Listener(call, place, limits, clock::millis);
    joined.set(listener);
    feed.join(listener);
    listener.start(first);
  }

  /**
   * A feed that is kept for somebody.
   *
   * @param id after which they go on, or one that no feed has
   */
  private record Entered(Feed feed, long id) {}

  private static Feed.Place place(
      Feed feed, @Nullable String lastId, long id, Set<Kind> kinds, Frames first) {
    if (lastId == null) {
      return feed.atEnd(kinds);
    }
    Feed.Place place = feed.after(id, kinds);
    if (place.lastId() != id) {
      JsonOut data = new JsonOut().beginObject().field("last_event_id", lastId).endObject();
      first.message(place.lastId(), "gap", data.bytes());
    }
    return place;
  }

  /** Returns an id that no feed has where the text is none. */
  private static long number(String id) {
    try {
      return Long.parseLong(id.trim());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private synchronized Entered enter(OrgUnit unit, Set<Kind> kinds, long id) {
    if (stopped) {
      throw Problem.shuttingDown();
    }
    if (listeners == limits.maxListeners()) {
      throw Problem.tooManyListeners(listeners);
    }
    listeners++;
    Feed feed = feed(unit.key());
    if (feed == null) {
      feed = new Feed(unit, limits, realClock.millis());
      List<Feed> all = new ArrayList<>(List.of(feeds));
      if (all.size() >= limits.maxListeners()) {
        all.remove(all.stream().filter(Feed::isDeserted).findFirst().orElse(null));
      }
      all.add(feed);
      feeds = all.toArray(NONE);
    }
    boolean complete = kinds.stream().allMatch(feed::wants); // Else some were not kept.
    feed.enter(kinds);
    return new Entered(feed, complete ? id : -1);
  }

  private void leave(Call call, Feed feed, @Nullable Listener listener) {
    synchronized (this) {
      listeners--;
    }
    if (feed.leave(listener)) {
      try {
        // It may only have lost its connection.
        call.ioThread()
            .executeAfter(() -> forget(feed), limits.linger().toMillis(), TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        log.debug("The server ended with its last listener", e);
      }
    }
  }

  private synchronized void forget(Feed feed) {
    if (feed.isDeserted()) {
      List<Feed> all = new ArrayList<>(List.of(feeds));
      all.remove(feed);
      feeds = all.toArray(NONE);
    }
  }

  /** Ends everybody's stream, and lets nobody in any more. */
  public void stop() {
    synchronized (this) {
      stopped = true;
    }
    for (Feed feed : feeds) {
      feed.end();
    }
  }

  /** Returns the unit's feed if somebody listens. */
  private @Nullable Feed feed(long unit) {
    for (Feed feed : feeds) {
      if (feed.unit().key() == unit) {
        return feed;
      }
    }
    return null;
  }

  /** Returns the unit's feed if it takes one more message of the kind. */
  private @Nullable Feed admitted(long unit, Kind kind, int chars) {
    Feed feed = feed(unit);
    if (feed == null || !feed.wants(kind)) {
      return null;
    }
    if (feed.admits(kind, chars)) {
      return feed;
    }
    feed.signal();
    return null;
  }

  @Override
  public void queued(long seq, RawEvent event) {
    String metadata = event.metadata();
    Feed feed = admitted(event.unit(), Kind.EVENT, metadata == null ? 0 : metadata.length());
    if (feed != null) {
      feed.add(Kind.EVENT, Messages.event(clock.millis(), seq, event));
    }
  }

  @Override
  public boolean wantsScore(long unit) {
    return admitted(unit, Kind.SCORE, 0) != null;
  }

  @Override
  public void scored(SeenScore seen) {
    Feed feed = feed(seen.queued().event().unit());
    if (feed != null) {
      feed.add(Kind.SCORE, Messages.score(clock.millis(), seen));
    }
  }

  @Override
  public void fired(List<Firing> firings) {
    for (Firing firing : firings) {
      Feed feed = admitted(firing.unit(), Kind.TRIGGER, 0);
      if (feed != null) {
        feed.add(Kind.TRIGGER, Messages.trigger(firing));
      }
    }
  }

  /** A request or a line of one was refused. */
  public void rejected(RejectedRequests.Entry entry) {
    Kind kind = entry.unitId() == null ? Kind.REJECTED_WITHOUT_UNIT : Kind.REJECTED;
    byte[] json = null;
    for (Feed feed : feeds) {
      String unitId = entry.unitId();
      if ((unitId == null || unitId.equals(feed.unit().unitId()))
          && admitted(feed.unit().key(), kind, 0) != null) {
        if (json == null) {
          JsonOut out = new JsonOut().beginObject();
          entry.write(out);
          json = out.endObject().bytes();
        }
        feed.add(kind, json);
      }
    }
  }
}
