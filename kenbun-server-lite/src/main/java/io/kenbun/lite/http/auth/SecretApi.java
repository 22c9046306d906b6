package io.kenbun.lite.http.auth;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.ServiceAccount;
import io.kenbun.lite.pipeline.StorageException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Service accounts ({@code api.md} 8.1). One belongs to the unit that was active when it was made;
 * from any other unit it looks as if it were not there.
 */
final class SecretApi {
  private final IssuedCredentials issued;
  private final InstantSource clock;

  SecretApi(IssuedCredentials issued, InstantSource clock) {
    this.issued = issued;
    this.clock = clock;
  }

  /** {@code GET /secrets}: a bare array, without the secrets. */
  void list(Call call) {
    JsonOut out = new JsonOut().beginArray();
    for (ServiceAccount account : issued.accounts(call.unit().key())) {
      write(call, account, null, out);
    }
    call.answer(200, out.endArray());
  }

  /** {@code POST /secrets}: 200, not 201; the one answer that shows the secret. */
  void create(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> create(call, body));
  }

  private void create(Call call, JsonBody body) throws StorageException {
    String name = body.text("name", ServiceAccount.MAX_NAME_LENGTH);
    IssuedCredentials.Fresh<ServiceAccount> fresh =
        issued.addAccount(call.unit().key(), name, clock.millis());
    JsonOut out = new JsonOut();
    write(call, fresh.record(), fresh.secret(), out);
    call.answer(200, out);
  }

  /** {@code PUT /secrets/{id}}. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          boolean trust = body.bool("trust_upstream_consent");
          found(issued.trustUpstreamConsent(call.unit().key(), call.pathValue("id"), trust));
          call.answerNothing();
        });
  }

  /** {@code DELETE /secrets/{id}}; on a worker. */
  void delete(Call call) throws StorageException {
    found(issued.deleteAccount(call.unit().key(), call.pathValue("id")));
    call.answerNothing();
  }

  private static void found(boolean found) {
    if (!found) {
      throw Problem.notFound("no such secret");
    }
  }

  private static void write(
      Call call, ServiceAccount account, @Nullable String secret, JsonOut out) {
    out.beginObject()
        .field("secret_id", account.secretId())
        .field("unit_id", call.unit().unitId())
        .field("client_id", account.clientId())
        .field("name", account.name())
        .field("trust_upstream_consent", account.trustUpstreamConsent())
        .timeField("created_at", account.createdAtMillis());
    if (secret != null) {
      out.field("client_secret", secret);
    }
    out.endObject();
  }
}
