package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Who calls, and the paths that a browser of the real service opens. */
class CallerTest {
  @Test
  void aCallerIsShownInTheWordsForPeople() throws Exception {
    try (TestServer server = new TestServer()) {
      assertEquals(
          "{\"org_member_id\":\"narrow\",\"first_name\":\"Narrow\",\"last_name\":\"\","
              + "\"email\":null,\"role\":\"admin\",\"verified\":true}",
          server.send("GET", "/me", null, "Authorization", TestServer.NARROW).body());
      Refused.by(server.send("GET", "/me", null)).is(401, "unauthorized", null);
    }
  }

  @Test
  void homeIsAPageForABrowserAndJsonForOthers() throws Exception {
    try (TestServer server = new TestServer()) {
      HttpResponse<String> json = server.send("GET", "/home", null);
      assertEquals(200, json.statusCode());
      assertEquals("{\"status\":\"ok\",\"page\":\"home\"}", json.body());
      HttpResponse<String> page =
          server.send("GET", "/home", null, "Accept", "text/html,application/xhtml+xml");
      assertEquals(302, page.statusCode());
      assertEquals("/", page.headers().firstValue("Location").orElseThrow());
    }
  }

  @Test
  void noCookieOfOthersIsTouched() throws Exception {
    try (TestServer server = new TestServer()) {
      HttpResponse<String> answer =
          server.send("POST", "/auth/cleanup-cookies", null, "Cookie", "session=1; activeOu=x");
      assertEquals(200, answer.statusCode());
      assertEquals("{\"status\":\"ok\"}", answer.body());
      assertTrue(answer.headers().firstValue("Set-Cookie").isEmpty());
    }
  }
}
