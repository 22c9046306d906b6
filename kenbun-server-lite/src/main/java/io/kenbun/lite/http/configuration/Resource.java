package io.kenbun.lite.http.configuration;

import static io.kenbun.lite.http.call.Routes.Needs.UNIT;
import static io.kenbun.lite.http.call.Routes.On.IO_THREAD;
import static io.kenbun.lite.http.call.Routes.On.WORKER;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Routes.Handler;
import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One kind of object that is set up, with the calls that all kinds have. A kind says what its
 * objects are made of; how they are listed, found, changed in part and answered is the same for
 * all, and is here.
 *
 * <pre>
 *   GET    all        200 {"decays":[…]}, or a bare array
 *   GET    all/{id}   200 the object
 *   POST   all        201 the object
 *   PUT    all/{id}   200 the object: what is given changes  (204 where the contract has that)
 *   DELETE all/{id}   204
 * </pre>
 *
 * <p>Reading and checking happen under the lock of {@link RuleChanges}: against what is in force,
 * and nothing is kept of what a {@link Problem} refuses. Any thread.
 *
 * @param <T> what an object is
 * @param <K> what it is told apart by once it is kept
 */
public abstract class Resource<T, K> {
  private final RuleChanges changes;
  private final String kind;
  private final @Nullable String envelope;
  private final Function<T, String> id;
  private final Function<T, K> key;

  /**
   * Makes a kind.
   *
   * @param kind what one is called in an error
   * @param envelope the name of the list in its answer; null: the list is the answer
   * @param id what the path and the answer tell an object apart by
   * @param key what the store does
   */
  protected Resource(
      RuleChanges changes,
      String kind,
      @Nullable String envelope,
      Function<T, String> id,
      Function<T, K> key) {
    this.changes = changes;
    this.kind = kind;
    this.envelope = envelope;
    this.id = id;
    this.key = key;
  }

  /**
   * What is asked to be made or changed.
   *
   * @param known what is to be changed; null: something new is to be made
   */
  public record Asked<T>(Call call, JsonBody body, RuleSetup setup, @Nullable T known) {
    /** Returns a part of what is changed, or null of something new. */
    public <V> @Nullable V now(Function<T, V> part) {
      return known == null ? null : part.apply(known);
    }

    /** Returns a part of what is changed, or {@code absent} of something new. */
    public <V> V now(Function<T, V> part, V absent) {
      return known == null ? absent : part.apply(known);
    }
  }

  /** Writes the fields of an object into the one that is open. */
  public interface Fields<T> {
    void write(T one, JsonOut out);
  }

  /**
   * Returns the objects in the order in which they are listed; may throw 404 for what holds them.
   */
  protected abstract List<T> all(Call call, RuleSetup setup);

  /** Reads what is wanted and holds it against what there is. */
  protected abstract T read(Asked<T> asked) throws StorageException;

  /** Keeps what was read; returns its key. */
  protected abstract K save(Configuration kept, RuleSetup before, T wanted, long nowMillis)
      throws StorageException;

  /** Removes an object. */
  protected abstract void delete(Configuration kept, RuleSetup before, T gone, long nowMillis)
      throws StorageException;

  /** Returns how objects are written; asked once per answer, for what they have in common. */
  protected abstract Fields<T> fields(RuleSetup setup) throws StorageException;

  /** Writes what only the answer to a change shows. */
  protected void writeChange(long nowMillis, JsonOut out) {}

  /** Writes what is shown once, in the answer to what made it; {@code known} null: all is new. */
  protected void writeSecrets(@Nullable T known, T saved, JsonOut out) {}

  /** Says whether a body may hold a secret, so that nothing of a refused one is shown. */
  protected boolean takesSecrets() {
    return false;
  }

  /** Says whether a change is answered with 204 and nothing more. */
  protected boolean changesSilently() {
    return false;
  }

  /** Returns the id in the path. */
  protected String idOf(Call call) {
    return call.pathValue("id");
  }

  /** Returns the routes of the calls that every kind has. */
  public final List<Route> routes(String all) {
    return routes(all, all + "/{id}");
  }

  /**
   * Returns the same, of a kind whose {@link #idOf} another variable names. A worker lists:
   * thousands of objects take a while to write. A body is read on the I/O thread, and a worker does
   * the rest.
   */
  public final List<Route> routes(String all, String one) {
    return List.of(
        new Route("GET", all, UNIT, WORKER, this::list),
        new Route("POST", all, UNIT, IO_THREAD, changing(this::create, saving(true))),
        new Route("GET", one, UNIT, WORKER, this::one),
        new Route("PUT", one, UNIT, IO_THREAD, changing(this::update, saving(false))),
        new Route("DELETE", one, UNIT, WORKER, changing(this::delete, this::deleting)));
  }

  /** What a call would change. */
  private interface Draft {
    RuleChanges.Change<?> of(Call call, JsonBody body);
  }

  private Changing changing(Handler making, Draft draft) {
    return new Changing(making, (call, body) -> changes.tried(call.unit(), draft.of(call, body)));
  }

  private Draft saving(boolean isNew) {
    return (call, body) -> saving(call, body, isNew);
  }

  /** Makes a change; it can be tried before. */
  public static final class Changing implements Handler {
    private final Handler making;
    private final Trial trial;

    private Changing(Handler making, Trial trial) {
      this.making = making;
      this.trial = trial;
    }

    private interface Trial {
      Configuration.Tried of(Call call, JsonBody body) throws StorageException;
    }

    @Override
    public void handle(Call call) throws Exception {
      making.handle(call);
    }

    /**
     * Says what the change would come to, or why it would be refused; nothing is kept. On a worker.
     *
     * @param call whose unit and path values are those of the change
     */
    public Configuration.Tried tried(Call call, JsonBody body) throws StorageException {
      return trial.of(call, body);
    }
  }

  /** {@code GET} of all. */
  final void list(Call call) throws StorageException {
    RuleSetup setup = changes.current(call.unit());
    List<T> all = all(call, setup);
    Fields<T> fields = fields(setup);
    JsonOut out = new JsonOut();
    if (envelope == null) {
      out.beginArray();
    } else {
      out.beginObject().beginArray(envelope);
    }
    for (T one : all) {
      out.beginObject();
      fields.write(one, out);
      out.endObject();
    }
    out.endArray();
    call.answer(200, envelope == null ? out : out.endObject());
  }

  /** {@code GET} of one. */
  final void one(Call call) throws StorageException {
    RuleSetup setup = changes.current(call.unit());
    JsonOut out = new JsonOut().beginObject();
    fields(setup).write(find(call, setup), out);
    call.answer(200, out.endObject());
  }

  /** {@code POST}. */
  final void create(Call call) throws Exception {
    readBody(call, body -> save(call, body, true));
  }

  /** {@code PUT} of one: changes what is given. */
  final void update(Call call) throws Exception {
    readBody(call, body -> save(call, body, false));
  }

  private void readBody(Call call, JsonBody.Sink sink) throws Exception {
    if (takesSecrets()) {
      JsonBody.readSecretForWorker(call, sink);
    } else {
      JsonBody.readForWorker(call, sink);
    }
  }

  private void save(Call call, JsonBody body, boolean isNew) throws StorageException {
    RuleChanges.Changed<Saved<T, K>> changed = changes.make(call.unit(), saving(call, body, isNew));
    if (!isNew && changesSilently()) {
      call.answerNothing();
      return;
    }
    RuleSetup setup = changed.setup();
    K made = changed.made().key();
    T saved = find(call, setup, one -> key.apply(one).equals(made));
    JsonOut out = new JsonOut().beginObject();
    fields(setup).write(saved, out);
    if (!isNew) {
      writeChange(changed.atMillis(), out);
    }
    writeSecrets(changed.made().known(), saved, out);
    call.answer(isNew ? 201 : 200, out.endObject());
  }

  private RuleChanges.Change<Saved<T, K>> saving(Call call, JsonBody body, boolean isNew) {
    return (before, kept, now) -> {
      T known = isNew ? null : find(call, before);
      T wanted = read(new Asked<>(call, body, before, known));
      return new Saved<>(known, save(kept, before, wanted, now));
    };
  }

  /** What there was before, and where it is now. */
  private record Saved<T, K>(@Nullable T known, K key) {}

  /** {@code DELETE} of one. */
  final void delete(Call call) throws StorageException {
    changes.make(call.unit(), deleting(call, JsonBody.EMPTY));
    call.answerNothing();
  }

  private RuleChanges.Change<T> deleting(Call call, JsonBody body) {
    return (before, kept, now) -> {
      T gone = find(call, before);
      delete(kept, before, gone, now);
      return gone;
    };
  }

  /** Returns what the path names, or throws 404. */
  protected final T find(Call call, RuleSetup setup) {
    String wanted = idOf(call);
    return find(call, setup, one -> id.apply(one).equals(wanted));
  }

  private T find(Call call, RuleSetup setup, Predicate<T> wanted) {
    return all(call, setup).stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such " + kind));
  }
}
