package io.kenbun.client;

import java.io.File;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * History to be brought into kenbun at once: a CSV file, or events. See {@link
 * KenbunClient#importEvents}. Immutable.
 */
public final class EventImport {
  final @Nullable File file;
  final @Nullable Iterable<Event> events;
  final boolean skipTriggers;
  final @Nullable Progress progress;

  private EventImport(
      @Nullable File file,
      @Nullable Iterable<Event> events,
      boolean skipTriggers,
      @Nullable Progress progress) {
    this.file = file;
    this.events = events;
    this.skipTriggers = skipTriggers;
    this.progress = progress;
  }

  /**
   * The rows of a CSV file with a header line: {@code event_type}, and {@code lead_id} or one of
   * {@code external_id}, {@code email}, {@code phone}, {@code cookie}, {@code social}; perhaps
   * {@code timestamp} in RFC 3339. The file is sent as it is, never loaded as a whole; it is opened
   * when the import begins, and one that is not there fails the import.
   */
  public static EventImport ofCsv(File file) {
    return new EventImport(Objects.requireNonNull(file, "file == null"), null, false, null);
  }

  /**
   * Events, written as CSV while they are sent and iterated over once. The format has one column
   * for each kind of alias and none for metadata: further aliases of a kind, and metadata, are left
   * out.
   *
   * @param events none of them null; iterated over on the importing thread
   */
  public static EventImport of(Iterable<Event> events) {
    return new EventImport(null, Objects.requireNonNull(events, "events == null"), false, null);
  }

  /** The same import, whose events fire no triggers. By default they do. */
  public EventImport skippingTriggers() {
    return new EventImport(file, events, true, progress);
  }

  /** The same import, which tells how far it is. */
  public EventImport reportingTo(Progress progress) {
    return new EventImport(
        file, events, skipTriggers, Objects.requireNonNull(progress, "progress == null"));
  }

  /** Told how far an import is. */
  public interface Progress {
    /**
     * Called now and then on the importing thread.
     *
     * @param bytes how many bytes were sent so far
     * @param totalBytes of how many, or -1 if that is not known
     * @return false to cancel: {@link KenbunClient#importEvents} then throws
     */
    boolean sent(long bytes, long totalBytes);
  }

  /** What the server said came of it. Immutable. */
  public static final class Result {
    private final long imported;
    private final long errors;

    Result(long imported, long errors) {
      this.imported = imported;
      this.errors = errors;
    }

    /** How many rows were taken. */
    public long imported() {
      return imported;
    }

    /** How many rows were at fault and left out. */
    public long errors() {
      return errors;
    }

    @Override
    public String toString() {
      return "EventImport.Result{imported=" + imported + ", errors=" + errors + "}";
    }
  }
}
