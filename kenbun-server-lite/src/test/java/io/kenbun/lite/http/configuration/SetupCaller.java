package io.kenbun.lite.http.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sets things up over HTTP, as one credential within one unit, and holds each answer to its status.
 * In bodies ' stands for ".
 */
public final class SetupCaller {
  private final TestServer server;
  private final String auth;
  private final String cookie;

  public SetupCaller(TestServer server) throws Exception {
    this(server, TestServer.DEV, "unit_default");
  }

  public SetupCaller(TestServer server, String auth, String unitId) throws Exception {
    this.server = server;
    this.auth = auth;
    this.cookie = server.cookie(auth, unitId);
  }

  public HttpResponse<String> send(String method, String path, @Nullable String body)
      throws Exception {
    String json = body == null ? null : body.replace('\'', '"');
    return server.send(method, path, json, "Authorization", auth, "Cookie", cookie);
  }

  /** Returns the object that a POST makes. */
  public Map<?, ?> made(String path, String body) throws Exception {
    return (Map<?, ?>) tree(201, send("POST", path, body));
  }

  /** Returns the id of what a POST makes. */
  public String madeId(String path, String body) throws Exception {
    return String.valueOf(made(path, body).get("id"));
  }

  /** Returns the object that a PUT answers with. */
  public Map<?, ?> changed(String path, String body) throws Exception {
    return (Map<?, ?>) tree(200, send("PUT", path, body));
  }

  public Map<?, ?> object(String path) throws Exception {
    return (Map<?, ?>) tree(200, send("GET", path, null));
  }

  /** Returns a bare array. */
  public List<?> array(String path) throws Exception {
    return (List<?>) tree(200, send("GET", path, null));
  }

  /** Returns a field of each element of a list, bare or in the envelope {@code name}. */
  public List<?> each(String path, @Nullable String name, String field) throws Exception {
    List<?> list = name == null ? array(path) : (List<?>) object(path).get(name);
    return list.stream().map(element -> (Object) ((Map<?, ?>) element).get(field)).toList();
  }

  public void done(String method, String path, @Nullable String body) throws Exception {
    HttpResponse<String> answer = send(method, path, body);
    assertEquals(204, answer.statusCode(), answer.body());
    assertEquals("", answer.body());
  }

  public Refused refused(String method, String path, @Nullable String body) throws Exception {
    return Refused.by(send(method, path, body));
  }

  private static Object tree(int status, HttpResponse<String> answer) throws Exception {
    assertEquals(status, answer.statusCode(), answer.body());
    Object tree = Json.readTree(answer.body().getBytes(StandardCharsets.UTF_8));
    if (tree == null) {
      throw new AssertionError("null");
    }
    return tree;
  }
}
