package io.kenbun.lite.http.ops;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.RejectedRequests;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.StorageException;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /lite/reset} ({@code lite.md} 4): 404 unless the server was started with it. On a
 * worker.
 */
public final class ResetApi {
  private final @Nullable Reset reset;
  private final RuleChanges changes;
  private final RejectedRequests rejected;

  /** Empties a unit. */
  public interface Reset {
    /**
     * Does it, all or nothing.
     *
     * @param configuration whether its rules and triggers go back to what they were at first
     */
    void run(OrgUnit unit, boolean configuration) throws StorageException;
  }

  /** Makes it; null: it is not allowed. */
  public ResetApi(@Nullable Reset reset, RuleChanges changes, RejectedRequests rejected) {
    this.reset = reset;
    this.changes = changes;
    this.rejected = rejected;
  }

  void reset(Call call) throws StorageException {
    Reset allowed = reset;
    if (allowed == null) {
      throw Problem.notFound("no such path"); // As if it were not there.
    }
    OrgUnit unit = call.unit();
    boolean configuration = call.query().bool("config");
    changes.make(
        unit,
        (before, kept, nowMillis) -> {
          allowed.run(unit, configuration);
          return unit;
        });
    rejected.forget(unit.unitId());
    call.answerNothing();
  }
}
