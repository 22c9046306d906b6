package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.Rules;

/** The unit of calls that name it in their path, as {@code /api/v1/ou/{ouId}/…} does. */
final class PathUnit {
  private PathUnit() {}

  /** Returns the unit; one that the caller may not use looks as if it were not there. */
  static OrgUnit of(Call call, Rules rules) {
    OrgUnit unit = rules.current().unit(call.pathValue("ouId"));
    if (unit == null || !call.caller().mayUse(unit.unitId())) {
      throw Problem.notFound("ouId", "no such OU");
    }
    return unit;
  }
}
