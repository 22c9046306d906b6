package io.kenbun.lite.pipeline;

/** The store could not do its work; nothing was half done. */
public final class StorageException extends Exception {
  private static final long serialVersionUID = 1L;

  public StorageException(String message) {
    super(message);
  }

  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
