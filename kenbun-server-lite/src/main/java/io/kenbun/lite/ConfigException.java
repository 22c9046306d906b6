package io.kenbun.lite;

/** A setting is wrong; the message names it, says what is allowed, and holds no secret. */
public final class ConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(message);
  }

  ConfigException(String what, String path) {
    super(what + " at " + path);
  }

  ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
