package io.kenbun.lite.store.row;

/** Something new was to have an id that another of its kind has, in any unit. */
public final class TakenIdException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String kind;
  private final String id;

  TakenIdException(String kind, String id) {
    super("an id that no other " + kind + " has expected: \"" + id + '"');
    this.kind = kind;
    this.id = id;
  }

  /** Returns rule or level. */
  public String kind() {
    return kind;
  }

  public String id() {
    return id;
  }
}
