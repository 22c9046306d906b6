package io.kenbun.lite.http;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.Rules;
import io.undertow.util.Headers;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Organizational units: which there are, and which one the caller works in ({@code api.md} 2). */
final class OrgUnitApi {
  private static final int MAX_BODY_BYTES = 16 << 10;

  private final Rules rules;
  private final ActiveOu activeOu;

  OrgUnitApi(Rules rules, ActiveOu activeOu) {
    this.rules = rules;
    this.activeOu = activeOu;
  }

  /** {@code GET /org-units}: a bare array of the units that the caller may use. */
  void list(Call call) {
    JsonOut out = new JsonOut().beginArray();
    for (OrgUnit unit : rules.current().units()) {
      if (call.caller().mayUse(unit.unitId())) {
        write(unit, out);
      }
    }
    call.answer(200, out.endArray());
  }

  /** {@code POST /org-units/active}: answers with the unit and the cookie that remembers it. */
  void activate(Call call) throws Exception {
    Ingest.checkMediaType(call.requestHeaders());
    Body.read(call, MAX_BODY_BYTES, body -> activate(call, body));
  }

  private void activate(Call call, byte[] body) {
    OuId sent = new OuId();
    Body.readObject(body, sent);
    if (sent.wrong != null) {
      throw Problem.invalidField("ouId", "ouId is not a string: " + sent.wrong);
    }
    if (sent.value == null) {
      throw Problem.missingField("ouId");
    }
    OrgUnit unit = rules.current().unit(sent.value);
    if (unit == null) {
      throw Problem.notFound("ouId", "no such OU");
    }
    if (!call.caller().mayUse(unit.unitId())) {
      throw Problem.forbidden("credential may not use this OU");
    }
    call.header(Headers.SET_COOKIE, activeOu.setCookie(call.caller(), unit.unitId()));
    JsonOut out = new JsonOut();
    write(unit, out);
    call.answer(200, out);
  }

  private static void write(OrgUnit unit, JsonOut out) {
    out.beginObject()
        .field("unit_id", unit.unitId())
        .field("org_id", unit.orgId())
        .field("name", unit.name())
        .field("slug", unit.slug())
        .field("external_ref", unit.externalRef())
        .field("is_default", unit.isDefault())
        .endObject();
  }

  /** The one field that is looked at. */
  private static final class OuId implements Body.Fields {
    @Nullable String value;
    JsonIn.@Nullable Kind wrong;

    @Override
    public void read(String name, JsonIn in) throws IOException {
      JsonIn.Kind kind = in.peek();
      if (!name.equals("ouId") || kind == JsonIn.Kind.NULL) {
        in.skip();
      } else if (kind == JsonIn.Kind.STRING) {
        value = in.string();
      } else {
        in.skip();
        wrong = kind;
      }
    }
  }
}
