package io.kenbun.lite.pipeline;

/** The store could not do its work; nothing was half done. */
public final class StorageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is. */
  public enum Fault {
    /** The disk, the files or the database: the same again may succeed later. */
    STORAGE,
    /** What was to be written: the same again fails again. */
    DATA
  }

  private final Fault fault;

  public StorageException(String message) {
    super(message);
    this.fault = Fault.STORAGE;
  }

  public StorageException(String message, Throwable cause) {
    this(message, Fault.STORAGE, cause);
  }

  public StorageException(String message, Fault fault, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
