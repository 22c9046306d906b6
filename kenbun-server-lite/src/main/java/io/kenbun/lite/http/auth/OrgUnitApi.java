package io.kenbun.lite.http.auth;

import io.kenbun.lite.http.call.Body;
import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.http.json.JsonIn;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.undertow.util.Headers;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Organizational units: which there are, and which one the caller works in ({@code api.md} 2). */
final class OrgUnitApi {
  private static final int MAX_BODY_BYTES = 16 << 10;

  private static final int MAX_NAME_LENGTH = 200;

  private final Rules rules;
  private final RuleChanges changes;
  private final ActiveOu activeOu;
  private final SecureRandom random = new SecureRandom();

  OrgUnitApi(Rules rules, RuleChanges changes, ActiveOu activeOu) {
    this.rules = rules;
    this.changes = changes;
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
    Body.checkMediaType(call.requestHeaders());
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

  /** {@code POST /org-units}; the unit can be activated at once. */
  void create(Call call) throws Exception {
    if (!call.caller().mayUseAll()) {
      throw Problem.forbidden("credential is for single OUs and could not use the new one");
    }
    JsonBody.readForWorker(
        call,
        body -> {
          String name = body.text("name", MAX_NAME_LENGTH);
          byte[] bits = new byte[8];
          random.nextBytes(bits);
          String unitId = "unit_" + HexFormat.of().formatHex(bits);
          String slug = OrgUnit.slug(name);
          // One organization: the new unit belongs to the one there is.
          String orgId = rules.current().units().get(0).orgId();
          OrgUnit unit = new OrgUnit(0, unitId, orgId, name, slug, null, false);
          call.answer(201, changed(unitId, kept -> kept.addUnit(unit)));
        });
  }

  /** {@code PUT /org-units/{id}}: another name, and the slug that goes with it. */
  void rename(Call call) throws Exception {
    OrgUnit unit = rules.current().unit(call.pathValue("id"));
    if (unit == null || !call.caller().mayUse(unit.unitId())) {
      throw Problem.notFound("no such OU");
    }
    JsonBody.readForWorker(
        call,
        body -> {
          String name = body.text("name", MAX_NAME_LENGTH);
          call.answer(200, changed(unit.unitId(), kept -> kept.renameUnit(unit.key(), name)));
        });
  }

  private JsonOut changed(String unitId, RuleChanges.UnitChange change) throws StorageException {
    OrgUnit unit = changes.makeToUnits(change).unit(unitId);
    JsonOut out = new JsonOut();
    write(Objects.requireNonNull(unit, "unit == null"), out);
    return out;
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
