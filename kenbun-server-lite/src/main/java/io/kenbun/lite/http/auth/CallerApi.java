package io.kenbun.lite.http.auth;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.json.JsonOut;

/** Who is calling, in the words that the real service has for people ({@code api.md} 8.4). */
final class CallerApi {
  /**
   * {@code GET /me}: a service account has one name, no mail, and may do whatever its OUs allow.
   */
  void me(Call call) {
    Credential caller = call.caller();
    JsonOut out =
        new JsonOut()
            .beginObject()
            .field("org_member_id", caller.clientId())
            .field("first_name", caller.name())
            .field("last_name", "")
            .field("email", (String) null)
            .field("role", "admin")
            .field("verified", true);
    call.answer(200, out.endObject());
  }

  /**
   * {@code POST /auth/cleanup-cookies}: removes nothing, since this server never set any but {@code
   * activeOu}, and what else a browser has for this host belongs to others.
   */
  void cleanUpCookies(Call call) {
    call.answer(200, new JsonOut().beginObject().field("status", "ok").endObject());
  }
}
