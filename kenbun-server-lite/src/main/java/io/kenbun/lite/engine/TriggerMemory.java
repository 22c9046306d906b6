package io.kenbun.lite.engine;

/**
 * What a trigger has to remember of one lead, whatever its kind.
 *
 * <pre>
 *             atMillis                             seq                     marks
 *   milestone when it last fired                   0                       ENTERED, EXITED: has fired so
 *   sequence  timestamp of the completing event    of the completing event 0
 *   surge     timestamp at which it was reached    0                       0
 * </pre>
 */
public record TriggerMemory(long atMillis, long seq, int marks) {
  /** A milestone's crossing upward has fired, or counts as if it had. */
  public static final int ENTERED = 1;

  /** A milestone's crossing downward has fired. */
  public static final int EXITED = 2;

  /** Of a trigger that has never fired. */
  public static final TriggerMemory NONE = new TriggerMemory(Standing.NEVER, 0, 0);

  boolean has(int mark) {
    return (marks & mark) != 0;
  }

  /** Says whether an event comes after the one that is remembered. */
  public boolean isBefore(long timestampMillis, long eventSeq) {
    return timestampMillis > atMillis || (timestampMillis == atMillis && eventSeq > seq);
  }

  /** Returns what is left when two leads become one: the later, and what either has fired. */
  public TriggerMemory merged(TriggerMemory other) {
    TriggerMemory later = other.isBefore(atMillis, seq) ? this : other;
    return new TriggerMemory(later.atMillis, later.seq, marks | other.marks);
  }
}
