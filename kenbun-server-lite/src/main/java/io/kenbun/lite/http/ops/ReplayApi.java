package io.kenbun.lite.http.ops;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.http.json.Timestamps;
import io.kenbun.lite.pipeline.Rescores;
import io.kenbun.lite.pipeline.StorageException;

/**
 * {@code POST /lite/replay?from=}: has what happened from a point in time on scored anew with the
 * rules of now; all of it when no time is given. On a worker.
 */
final class ReplayApi {
  private final Rescores rescores;

  ReplayApi(Rescores rescores) {
    this.rescores = rescores;
  }

  void replay(Call call) throws StorageException {
    String from = call.query().text("from");
    long fromMillis = from == null ? Long.MIN_VALUE : Timestamps.parse(from);
    if (from != null && fromMillis == Timestamps.INVALID) {
      throw Problem.invalidField(
          "from", "from is no RFC 3339 time with an offset: \"" + from + '"');
    }
    rescores.rescore(call.unit().key(), fromMillis);
    call.answer(202, new JsonOut().beginObject().field("message", "replay started").endObject());
  }
}
