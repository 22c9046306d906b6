package io.kenbun.lite.http.json;

import java.io.IOException;

/** A text is not JSON, or not JSON that this server takes. */
public final class JsonException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is. */
  public enum Kind {
    /** The text is not JSON at all. */
    SYNTAX,
    /** It is JSON, but with a key twice or with half a character. */
    CONTENT
  }

  private final Kind kind;
  private final String detail;
  private final String path;

  JsonException(Kind kind, String detail, String path) {
    super(path.equals("$") ? detail : detail + " at " + path);
    this.kind = kind;
    this.detail = detail;
    this.path = path;
  }

  public Kind kind() {
    return kind;
  }

  /** Returns what is wrong, without the place, such as {@code key repeated}. */
  public String detail() {
    return detail;
  }

  /** Returns where it is wrong, such as {@code $.a[2].b}; {@code $} when no value is to blame. */
  public String path() {
    return path;
  }
}
