package io.kenbun.lite.http.call;

import io.kenbun.lite.http.json.JsonOut;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that is refused, and the one shape in which every 4xx and 5xx says so ({@code lite.md}
 * 1):
 *
 * <pre>
 *   {"error":"active OU not set","code":"active_ou_not_set","field":"…","hint":"…"}
 *      for people                  for programs             where     one more sentence, if it helps
 * </pre>
 *
 * <p>Thrown where the fault is seen, so it carries no stack trace: it is an answer, not a defect.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String RETRY_AFTER_SECONDS = "1";

  private final int status;
  private final String code;
  private final @Nullable String field;
  private final @Nullable String hint;
  private final @Nullable String header; // The value of the header that goes with the status.

  private Problem(
      int status, String code, String error, @Nullable String field, @Nullable String hint) {
    this(status, code, error, field, hint, null);
  }

  private Problem(
      int status,
      String code,
      String error,
      @Nullable String field,
      @Nullable String hint,
      @Nullable String header) {
    super(error, null, false, false);
    this.status = status;
    this.code = code;
    this.field = field;
    this.hint = hint;
    this.header = header;
  }

  public static Problem activeOuNotSet() {
    return new Problem(
        400,
        "active_ou_not_set",
        "active OU not set", // The contract's literal text.
        null,
        "call POST /org-units/active and send back its activeOu cookie (curl -c jar -b jar)");
  }

  public static Problem invalidJson(String error, @Nullable String field) {
    return new Problem(400, "invalid_json", error, field, null);
  }

  public static Problem missingField(String field) {
    return new Problem(400, "missing_field", field + " is required", field, null);
  }

  public static Problem invalidField(String field, String error) {
    return new Problem(400, "invalid_field", error, field, null);
  }

  public static Problem unknownAliasKind(String field, String kind) {
    return new Problem(
        400,
        "unknown_alias_kind",
        field + " is none of email, external_id, phone, cookie, social: \"" + kind + "\"",
        field,
        null);
  }

  public static Problem missingIdentity() {
    return new Problem(
        400,
        "missing_identity",
        "lead_id, or alias_kind and alias, or aliases is required",
        null,
        null);
  }

  public static Problem unauthorized() {
    return new Problem(
        401, "unauthorized", "client id and secret are required as HTTP Basic", null, null);
  }

  /** The same to the inspector's page, in a scheme for which no browser asks its user by itself. */
  public static Problem signedOut() {
    return new Problem(
        401, "unauthorized", "not signed in", null, null, "Session realm=\"kenbun\"");
  }

  public static Problem forbidden(String error) {
    return new Problem(403, "forbidden", error, null, null);
  }

  public static Problem notFound(String error) {
    return new Problem(404, "not_found", error, null, null);
  }

  public static Problem notFound(String field, String error) {
    return new Problem(404, "not_found", error, field, null);
  }

  /** Refuses what stands against something that is there already. */
  public static Problem conflict(@Nullable String field, String error) {
    return new Problem(409, "conflict", error, field, null);
  }

  /** Refuses to remove the only level of its kind, with the contract's 400. */
  public static Problem lastLevel() {
    return new Problem(400, "last_level", "the last level cannot be deleted", null, null);
  }

  /** Refuses a method; {@code allowed} becomes the header {@code Allow}. */
  static Problem methodNotAllowed(String allowed) {
    return new Problem(
        405, "method_not_allowed", "method is none of " + allowed, null, null, allowed);
  }

  public static Problem metadataTooLarge(int limitBytes, int actualBytes) {
    return new Problem(
        413,
        "metadata_too_large",
        "metadata takes more than " + limitBytes + " bytes of UTF-8: " + actualBytes,
        "metadata",
        null);
  }

  public static Problem bodyTooLarge(long limitBytes) {
    return new Problem(
        413, "body_too_large", "body takes more than " + limitBytes + " bytes", null, null);
  }

  public static Problem tooManyLines(int limit) {
    return new Problem(413, "body_too_large", "body has more than " + limit + " lines", null, null);
  }

  public static Problem unsupportedMediaType(String error) {
    return new Problem(415, "unsupported_media_type", error, null, null);
  }

  /** Refuses a credential that sends more than {@code eventsPerSecond}. */
  public static Problem rateLimited(int eventsPerSecond, long retryAfterSeconds) {
    return new Problem(
        429,
        "rate_limited",
        "credential sends more than " + eventsPerSecond + " events a second",
        null,
        null,
        String.valueOf(retryAfterSeconds));
  }

  /** Something is wrong with the server; what, stands in its log alone. */
  static Problem internal() {
    return new Problem(500, "internal", "internal error", null, null);
  }

  /** Refuses what would have been served, on purpose ({@code lite.md} 7). */
  public static Problem chaos(int status) {
    String retryAfter = status == 429 || status == 503 ? "1" : null;
    return new Problem(
        status, "chaos", "refused on purpose: PUT /lite/chaos set it", null, null, retryAfter);
  }

  /** Refuses a call of the real service that this server does not have; {@code what} in words. */
  public static Problem notSupported(String what) {
    return new Problem(
        501, "not_supported", what + " are not supported by the lite server", null, null);
  }

  public static Problem overloaded() {
    return new Problem(503, "overloaded", "too many events are waiting; send again", null, null);
  }

  /** Refuses to send to one more listener. */
  public static Problem tooManyListeners(int limit) {
    return new Problem(
        503, "overloaded", "stream has " + limit + " listeners; come again", null, null);
  }

  public static Problem shuttingDown() {
    return new Problem(503, "shutting_down", "server is shutting down; send again", null, null);
  }

  public static Problem storageUnavailable() {
    return new Problem(
        503, "storage_unavailable", "storage is unavailable; send again", null, null);
  }

  public int status() {
    return status;
  }

  /** Returns the headers that go with the status, as name and value. */
  Map<HttpString, String> headers() {
    return switch (status) {
      case 401 ->
          Map.of(Headers.WWW_AUTHENTICATE, header == null ? "Basic realm=\"kenbun\"" : header);
      case 405 -> Map.of(Headers.ALLOW, String.valueOf(header));
      case 429 -> Map.of(Headers.RETRY_AFTER, String.valueOf(header));
      case 503 -> Map.of(Headers.RETRY_AFTER, RETRY_AFTER_SECONDS);
      default -> Map.of();
    };
  }

  String code() {
    return code;
  }

  @Nullable String field() {
    return field;
  }

  public byte[] body() {
    JsonOut out = new JsonOut().beginObject();
    out.field("error", getMessage()).field("code", code);
    if (field != null) {
      out.field("field", field);
    }
    if (hint != null) {
      out.field("hint", hint);
    }
    return out.endObject().bytes();
  }

  /** Writes what is wrong with one line of a batch ({@code lite.md} 3). */
  public void write(int line, JsonOut out) {
    out.beginObject().field("line", line).field("status", status).field("code", code);
    out.field("error", getMessage());
    if (field != null) {
      out.field("field", field);
    }
    out.endObject();
  }
}
