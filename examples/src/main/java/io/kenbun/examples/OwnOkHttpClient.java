package io.kenbun.examples;

import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;

/**
 * Reports through a proxy, with a header and time-outs of the application's own: {@code
 * OwnOkHttpClient URL PROXY_HOST PROXY_PORT}.
 */
public final class OwnOkHttpClient {
  private OwnOkHttpClient() {}

  /** Runs the example. */
  public static void main(String[] args) {
    int port = Integer.parseInt(args[2]);
    Proxy proxy = new Proxy(Proxy.Type.HTTP, new InetSocketAddress(args[1], port));
    try (KenbunClient client = client(args[0], application(proxy))) {
      client.track(Event.builder("Page View").email("ada@example.com").build());
      System.out.println(client.flush(10, TimeUnit.SECONDS));
    }
  }

  /** The client that the application has anyway; TLS settings and a DNS would go here, too. */
  static OkHttpClient application(Proxy proxy) {
    return new OkHttpClient.Builder()
        .proxy(proxy)
        .addInterceptor(
            chain ->
                chain.proceed(
                    chain.request().newBuilder().header("User-Agent", "shop/1.0").build()))
        .connectTimeout(2, TimeUnit.SECONDS)
        .callTimeout(5, TimeUnit.SECONDS)
        .build();
  }

  /**
   * Derives kenbun's client from it: proxy, interceptors, time-outs and connection pool are shared,
   * cookies and dispatcher are not, and the application's is neither changed nor closed.
   */
  static KenbunClient client(String url, OkHttpClient application) {
    return KenbunClient.builder()
        .baseUrl(url)
        .credentials(Credentials.basic("dev", "dev"))
        .orgUnit("unit_default")
        .httpClient(application)
        .build();
  }
}
