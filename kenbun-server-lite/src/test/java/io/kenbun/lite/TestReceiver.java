package io.kenbun.lite;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.xnio.Options;

/** A receiver of webhooks on a real socket: keeps what comes and answers as it is told. */
public final class TestReceiver implements AutoCloseable {
  /** Answers a request, on a worker; by itself the answer is 200 without a body. */
  public interface Script {
    void answer(Received request, HttpServerExchange exchange) throws Exception;
  }

  /** A request that came in. */
  public record Received(String path, HttpServerExchange exchange, String body) {
    /** Returns the header's value, "" when there is none. */
    public String header(String name) {
      String value = exchange.getRequestHeaders().getFirst(name);
      return value == null ? "" : value;
    }

    public String id() {
      return header("webhook-id");
    }
  }

  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final Undertow undertow;
  private volatile Script script = (request, exchange) -> {};

  public TestReceiver() {
    undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setIoThreads(2)
            .setWorkerThreads(8)
            .setWorkerOption(Options.THREAD_DAEMON, true)
            .setHandler(
                exchange ->
                    exchange
                        .getRequestReceiver()
                        .receiveFullBytes(
                            (receiving, body) -> receiving.dispatch(() -> take(receiving, body))))
            .build();
    undertow.start();
  }

  private void take(HttpServerExchange exchange, byte[] body) {
    Received one =
        new Received(exchange.getRequestPath(), exchange, new String(body, StandardCharsets.UTF_8));
    try {
      script.answer(one, exchange);
    } catch (Exception e) {
      exchange.setStatusCode(500);
    }
    received.add(one);
    exchange.endExchange();
  }

  /** Has requests answered by {@code newScript} from now on. */
  public TestReceiver answers(Script newScript) {
    script = newScript;
    return this;
  }

  /** Has them answered with {@code status}, and headers as name and value. */
  public TestReceiver answers(int status, String... headers) {
    return answers(
        (request, exchange) -> {
          exchange.setStatusCode(status);
          for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().put(new HttpString(headers[i]), headers[i + 1]);
          }
        });
  }

  public int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  /** Waits for the next request. */
  public Received next() throws InterruptedException {
    Received next = received.poll(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS);
    if (next == null) {
      throw new AssertionError("no webhook came");
    }
    return next;
  }

  /** Returns what has come and was not taken. */
  public List<Received> all() {
    List<Received> all = new ArrayList<>();
    received.drainTo(all);
    return all;
  }

  @Override
  public void close() {
    undertow.stop();
  }
}
