package io.kenbun.lite.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kenbun.lite.http.TestServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Calls a fresh server as {@code dev} within {@code unit_default}; in bodies ' stands for ". */
abstract class Page {
  private static final ObjectMapper JSON = new ObjectMapper();

  TestServer server;

  @BeforeEach
  final void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  final void close() {
    server.close();
  }

  /** Returns the body of an answer that must have the status; of none an empty object. */
  final JsonNode answer(int status, String method, String path, @Nullable String body)
      throws Exception {
    return body(status, server.call(method, path, body == null ? null : body.replace('\'', '"')));
  }

  final JsonNode get(String path) throws Exception {
    return answer(200, "GET", path, null);
  }

  static JsonNode body(int status, HttpResponse<String> answer) throws Exception {
    assertEquals(status, answer.statusCode(), answer.body());
    return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
  }

  static JsonNode tree(String json) throws Exception {
    return JSON.readTree(json.replace('\'', '"'));
  }

  static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Takes a Page View of a lead in and scores it. */
  final void pageView(String leadId) throws Exception {
    server.event(leadId, "Page View", "2026-03-10T11:00:00Z", "{\"path\":\"/pricing\"}");
  }
}
