package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.pipeline.Rescores;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Ticks;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Scoring a unit's history anew with the rules of now ({@code scoring.md} 10.2). Runs on workers.
 */
final class RescoreApi {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Rescores rescores;
  private final Rules rules;

  RescoreApi(Rescores rescores, Rules rules) {
    this.rescores = rescores;
    this.rules = rules;
  }

  /** {@code POST /api/v1/ou/{ouId}/scoring/rescore-preview}. */
  void preview(Call call) throws StorageException {
    preview(call, rescores::preview);
  }

  /** {@code POST /api/v1/ou/{ouId}/profile-scoring/rescore-preview}. */
  void previewProfiles(Call call) throws StorageException {
    preview(call, rescores::previewProfiles);
  }

  /** Works out what a rescore of a unit would do. */
  private interface Preview {
    Rescores.Effect of(long unit) throws StorageException;
  }

  private void preview(Call call, Preview preview) throws StorageException {
    long unit = PathUnit.of(call, rules).key();
    long startNanos = Ticks.nanos();
    Rescores.Effect effect = preview.of(unit);
    // What it would take is what it took to find out: the same is matched and added up.
    String estimate = estimate((Ticks.nanos() - startNanos) / NANOS_PER_SECOND);
    BigDecimal average =
        BigDecimal.valueOf(effect.averageChange()).setScale(2, RoundingMode.HALF_UP);
    JsonOut out = new JsonOut().beginObject();
    out.field("totalLeads", effect.leads())
        .field("affectedLeads", effect.affected())
        .field("estimatedIncreases", effect.increases())
        .field("estimatedDecreases", effect.decreases())
        .field("estimatedUnchanged", effect.unchanged())
        .jsonField("averageScoreChange", average.stripTrailingZeros().toPlainString())
        .field("executionTimeEstimate", estimate);
    call.answer(200, out.endObject());
  }

  static String estimate(long seconds) {
    if (seconds < 60) {
      return seconds <= 1 ? "~1 second" : "~" + seconds + " seconds";
    }
    long minutes = (seconds + 30) / 60;
    return minutes == 1 ? "~1 minute" : "~" + minutes + " minutes";
  }

  /** {@code POST /api/v1/ou/{ouId}/scoring/rescore}: begins it; it goes on across a restart. */
  void rescore(Call call) throws StorageException {
    rescores.rescore(PathUnit.of(call, rules).key());
    call.answer(202, new JsonOut().beginObject().field("message", "rescore started").endObject());
  }

  /** {@code POST /api/v1/ou/{ouId}/profile-scoring/rescore}: done when it is answered. */
  void rescoreProfiles(Call call) throws StorageException {
    rescores.rescoreProfiles(PathUnit.of(call, rules).key());
    call.answer(202, new JsonOut().beginObject().field("message", "rescore done").endObject());
  }
}
