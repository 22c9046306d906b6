package io.kenbun.lite.pipeline;

/** Carries a {@link StorageException} through code that knows of no store. */
final class UncheckedStorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final StorageException failure;

  UncheckedStorageException(StorageException failure) {
    super(failure);
    this.failure = failure;
  }

  StorageException failure() {
    return failure;
  }

  /** Makes a change; a failure that was carried out of it unchecked is thrown as it was. */
  static <T> T change(Storage storage, Storage.Change<T> work) throws StorageException {
    try {
      return storage.change(work);
    } catch (UncheckedStorageException e) {
      throw e.failure();
    }
  }
}
