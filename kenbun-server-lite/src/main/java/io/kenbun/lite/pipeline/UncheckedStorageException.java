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
}
