package io.kenbun.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that takes every host for one server, and writes down what was asked of it. */
final class RecordingProxy implements AutoCloseable {
  private static final List<String> FORWARDED =
      List.of("Authorization", "Content-Type", "Content-Encoding", "Cookie", "Idempotency-Key");

  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer proxy;
  private final URI server;

  /** Such as {@code POST http://kenbun.invalid/ingest by shop/1.0}. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  RecordingProxy(URI server) throws IOException {
    this.server = server;
    this.proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.createContext("/", this::forward);
    proxy.start();
  }

  InetSocketAddress address() {
    return proxy.getAddress();
  }

  private void forward(HttpExchange exchange) throws IOException {
    String agent = exchange.getRequestHeaders().getFirst("User-Agent");
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " by " + agent);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(exchange.getRequestURI().getPath()))
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String name : FORWARDED) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    try {
      HttpResponse<byte[]> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!name.equals("content-length") && !name.equals("transfer-encoding")) {
                  exchange.getResponseHeaders().put(name, values);
                }
              });
      byte[] body = answer.body();
      exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  @Override
  public void close() {
    proxy.stop(0);
  }
}
