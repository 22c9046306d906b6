package io.kenbun.lite.http.auth;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.json.JsonOut;
import io.undertow.util.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Signing in to the inspector's page, and out. The page sends what a person typed as HTTP Basic
 * once, with {@code POST /lite/session}, so wrong ones are refused and held back as everywhere;
 * from then on a cookie stands for it. Where the built-in pair is in force the page needs to send
 * nothing: everybody on this computer knows that pair, and a page of another origin cannot ask.
 */
public final class SessionApi {
  private final Auth auth;
  private final Sessions sessions;
  private final @Nullable Credential builtIn;

  /**
   * Makes it.
   *
   * @param builtIn the credential whose secret everybody knows, on a loopback address; else null
   */
  public SessionApi(Auth auth, Sessions sessions, @Nullable Credential builtIn) {
    this.auth = auth;
    this.sessions = sessions;
    this.builtIn = builtIn;
  }

  /** {@code GET /lite/session}: whether the page is signed in, or would be without asking. */
  void read(Call call) {
    answer(call, auth.isOpen() ? Credential.ANYONE : auth.signedIn(call.requestHeaders()));
  }

  /** {@code POST /lite/session}: 200 and the session's cookie. */
  void signIn(Call call) throws Exception {
    Sessions.checkOrigin(call);
    if (builtIn != null && !call.requestHeaders().contains(Headers.AUTHORIZATION)) {
      begin(call, builtIn);
    } else {
      auth.authenticate(call, caller -> begin(call, caller));
    }
  }

  private void begin(Call call, Credential caller) {
    call.header(Headers.SET_COOKIE, sessions.begin(caller));
    answer(call, caller);
  }

  /** {@code DELETE /lite/session}: 204, also where there was none. */
  void signOut(Call call) {
    Sessions.checkOrigin(call);
    call.header(Headers.SET_COOKIE, sessions.end(call.requestHeaders()));
    call.answerNothing();
  }

  private void answer(Call call, @Nullable Credential caller) {
    call.header(Headers.CACHE_CONTROL, "no-store");
    JsonOut out = new JsonOut().beginObject();
    out.field("signed_in", caller != null)
        .field("client_id", caller == null ? null : caller.clientId())
        .field("open", auth.isOpen())
        .field("automatic", builtIn != null);
    call.answer(200, out.endObject());
  }
}
