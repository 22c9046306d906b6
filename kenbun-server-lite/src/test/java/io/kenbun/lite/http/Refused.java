package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.kenbun.lite.http.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds an answer to the one shape that errors have. */
public final class Refused {
  private final HttpResponse<String> answer;
  private final Map<?, ?> body;

  private Refused(HttpResponse<String> answer) throws Exception {
    this.answer = answer;
    Object tree = Json.readTree(answer.body().getBytes(StandardCharsets.UTF_8));
    this.body = assertInstanceOf(Map.class, tree, answer.toString());
  }

  public static Refused by(HttpResponse<String> answer) throws Exception {
    return new Refused(answer);
  }

  public Refused is(int status, String code, @Nullable String field) {
    assertEquals(code, body.get("code"), answer.body());
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals(field, body.get("field"), answer.body());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    return this;
  }

  public Refused says(String error) {
    assertEquals(error, body.get("error"));
    return this;
  }

  Refused hints(@Nullable String hint) {
    assertEquals(hint, body.get("hint"));
    return this;
  }

  public Refused header(String name, String value) {
    assertEquals(value, answer.headers().firstValue(name).orElse(null), name);
    return this;
  }
}
