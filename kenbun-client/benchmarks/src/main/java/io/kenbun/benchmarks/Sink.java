package io.kenbun.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/**
 * A server that takes everything from everybody and counts: requests, bytes on the wire, and how
 * often the name of the benchmark's event occurs in the bodies, once decompressed.
 */
final class Sink {
  static final String EVENT = "Bench Page View";
  private static final byte[] NEEDLE = EVENT.getBytes(StandardCharsets.US_ASCII);

  private final HttpServer server;
  final AtomicLong requests = new AtomicLong();
  final AtomicLong wireBytes = new AtomicLong();
  final AtomicLong events = new AtomicLong();
  volatile long lastNanos = System.nanoTime();
  private final long latencyMillis;
  private final boolean batches;

  Sink(long latencyMillis, boolean batches) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    this.latencyMillis = latencyMillis;
    this.batches = batches;
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/", this::take);
    server.setExecutor(Executors.newFixedThreadPool(latencyMillis > 0 ? 64 : 4));
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void stop() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/warm/count")) {
      byte[] count = String.valueOf(events.get()).getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(200, count.length);
      exchange.getResponseBody().write(count);
      exchange.close();
      return;
    }
    boolean counts = !path.startsWith("/warm");
    long found = 0;
    if (!path.endsWith("/org-units/active")) {
      byte[] plain = body;
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(body))) {
          plain = in.readAllBytes();
        }
      }
      found = count(plain);
    }
    if (latencyMillis > 0) {
      try {
        Thread.sleep(latencyMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    boolean kenbun = path.contains("/ingest");
    if (batches) {
      exchange.getResponseHeaders().set("Kenbun-Capabilities", "ingest-batch, idempotency-key");
    }
    exchange.getResponseHeaders().set("Set-Cookie", "activeOu=x; Path=/");
    byte[] answer =
        (kenbun ? "{\"accepted\":" + found + ",\"rejected\":[]}" : "{}")
            .getBytes(StandardCharsets.US_ASCII);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(kenbun ? 202 : 200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
    if (counts) {
      requests.incrementAndGet();
      wireBytes.addAndGet(body.length);
      events.addAndGet(found);
    }
    lastNanos = System.nanoTime();
  }

  private static long count(byte[] body) {
    long found = 0;
    outer:
    for (int i = 0; i <= body.length - NEEDLE.length; i++) {
      for (int j = 0; j < NEEDLE.length; j++) {
        if (body[i + j] != NEEDLE[j]) {
          continue outer;
        }
      }
      found++;
      i += NEEDLE.length - 1;
    }
    return found;
  }
}
