package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An application's own OkHttpClient. */
final class OwnHttpClientTest {
  @Test
  void isDerivedFromAndNeverChanged() {
    ConnectionPool pool = new ConnectionPool();
    OkHttpClient theirs =
        new OkHttpClient.Builder()
            .connectionPool(pool)
            .callTimeout(3, TimeUnit.SECONDS)
            .addInterceptor(chain -> chain.proceed(chain.request()))
            .build();
    OkHttpClient ours = HttpDefaults.derive(theirs);
    assertSame(pool, ours.connectionPool());
    assertEquals(3000, ours.callTimeoutMillis());
    assertEquals(theirs.interceptors(), ours.interceptors());
    assertSame(theirs.dns(), ours.dns());
    assertSame(theirs.proxySelector(), ours.proxySelector());
    assertNotSame(theirs.socketFactory(), ours.socketFactory());
    assertFalse(ours.followRedirects());
    assertTrue(theirs.followRedirects());
    assertEquals(CookieJar.NO_COOKIES, theirs.cookieJar());
  }

  /** Carries requests by what the JDK and Android have themselves. */
  private static Response byUrlConnection(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    HttpURLConnection connection = (HttpURLConnection) request.url().url().openConnection();
    connection.setRequestMethod(request.method());
    for (String name : request.headers().names()) {
      connection.setRequestProperty(name, request.header(name));
    }
    Buffer body = new Buffer();
    request.body().writeTo(body);
    connection.setRequestProperty("Content-Type", request.body().contentType().toString());
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.readByteArray());
    Response.Builder response =
        new Response.Builder()
            .request(request)
            .protocol(Protocol.HTTP_1_1)
            .code(connection.getResponseCode())
            .message("");
    connection
        .getHeaderFields()
        .forEach((name, values) -> values.forEach(v -> add(response, name, v)));
    return response
        .body(ResponseBody.create(connection.getInputStream().readAllBytes(), null))
        .build();
  }

  private static void add(Response.Builder response, @Nullable String name, String value) {
    if (name != null) { // The status line stands among them, without a name.
      response.addHeader(name, value);
    }
  }

  /** Sends no cookies by itself, as OkHttp's own bridge does behind the interceptors. */
  private static Interceptor withSession() {
    List<String> session = new CopyOnWriteArrayList<>();
    return chain -> {
      Request.Builder request = chain.request().newBuilder();
      session.forEach(cookie -> request.header("Cookie", cookie));
      Response response = chain.proceed(request.build());
      for (String cookie : response.headers("Set-Cookie")) {
        session.add(cookie.substring(0, cookie.indexOf(';')));
      }
      return response;
    };
  }

  @Test
  void anInterceptorCanCarryTheRequestsInsteadOfOkHttp() throws Exception {
    OkHttpClient http =
        new OkHttpClient.Builder()
            .addInterceptor(withSession())
            .addInterceptor(OwnHttpClientTest::byUrlConnection)
            .build();
    try (KenbunServer kenbun = new KenbunServer().withBatches();
        KenbunClient client = kenbun.client().httpClient(http).build()) {
      for (int i = 0; i < 1000; i++) {
        client.track(Event.builder("T").leadId("ld_" + i % 10).build());
      }
      assertEquals(1000, client.close(10, TimeUnit.SECONDS).delivered());
      assertEquals(1000, kenbun.events.size());
      assertTrue(kenbun.requests.get(0).getHeader("User-Agent").startsWith("Java/"));
    }
    assertEquals(0, http.connectionPool().connectionCount());
  }
}
