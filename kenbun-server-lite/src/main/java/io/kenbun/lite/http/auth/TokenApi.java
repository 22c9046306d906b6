package io.kenbun.lite.http.auth;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.http.json.Timestamps;
import io.kenbun.lite.model.AccessToken;
import io.kenbun.lite.pipeline.StorageException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Personal access tokens ({@code api.md} 8.2). The person is the service account that made one: the
 * token may do what it may, as long as it may. Each sees its own alone.
 */
final class TokenApi {
  private final IssuedCredentials issued;
  private final InstantSource clock;

  TokenApi(IssuedCredentials issued, InstantSource clock) {
    this.issued = issued;
    this.clock = clock;
  }

  /** {@code GET /settings/tokens}: a bare array, without the tokens themselves. */
  void list(Call call) {
    JsonOut out = new JsonOut().beginArray();
    for (AccessToken token : issued.tokens(call.caller().clientId())) {
      write(token, null, out);
    }
    call.answer(200, out.endArray());
  }

  /** {@code POST /settings/tokens}: the one answer that shows the token. */
  void create(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> create(call, body));
  }

  private void create(Call call, JsonBody body) throws StorageException {
    String name = body.text("name", AccessToken.MAX_NAME_LENGTH);
    long nowMillis = clock.millis();
    Long expiresAtMillis = expiresAt(body.optionalText("expires_at"), nowMillis);
    Long latest = call.caller().expiresAtMillis();
    if (latest != null && (expiresAtMillis == null || expiresAtMillis > latest)) {
      // Else whoever finds a token that ends tonight would make one of it that never ends.
      throw Problem.invalidField(
          "expires_at",
          "expires_at is later than the end of the token that asks: " + Timestamps.format(latest));
    }
    IssuedCredentials.Fresh<AccessToken> fresh =
        issued.addToken(call.caller().clientId(), name, expiresAtMillis, nowMillis);
    JsonOut out = new JsonOut();
    write(fresh.record(), fresh.secret(), out);
    call.answer(201, out);
  }

  private static @Nullable Long expiresAt(@Nullable String sent, long nowMillis) {
    if (sent == null) {
      return null;
    }
    long millis = Timestamps.parse(sent);
    if (millis == Timestamps.INVALID) {
      throw Problem.invalidField("expires_at", "expires_at is not RFC 3339 with an offset");
    }
    if (millis <= nowMillis) {
      throw Problem.invalidField(
          "expires_at", "expires_at is not in the future: " + Timestamps.format(millis));
    }
    return millis;
  }

  /** {@code DELETE /settings/tokens/{id}}; on a worker. */
  void delete(Call call) throws StorageException {
    if (!issued.deleteToken(call.caller().clientId(), call.pathValue("id"))) {
      throw Problem.notFound("no such token");
    }
    call.answerNothing();
  }

  private static void write(AccessToken token, @Nullable String text, JsonOut out) {
    out.beginObject().field("id", token.id()).field("name", token.name());
    if (text != null) {
      out.field("token", text);
    }
    out.timeField("expires_at", token.expiresAtMillis())
        .timeField("created_at", token.createdAtMillis())
        .endObject();
  }
}
