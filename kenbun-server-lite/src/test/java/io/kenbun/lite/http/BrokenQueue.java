package io.kenbun.lite.http;

import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Queue;
import org.jspecify.annotations.Nullable;

/** A queue with a defect. */
final class BrokenQueue implements Queue {
  @Override
  public @Nullable Refusal offer(Append append) {
    throw new IllegalStateException("a detail that must not be told");
  }

  @Override
  public long lastSeq() {
    return 0;
  }

  @Override
  public long depth() {
    return 0;
  }

  @Override
  public long oldestReceivedAtMillis() {
    return -1;
  }
}
