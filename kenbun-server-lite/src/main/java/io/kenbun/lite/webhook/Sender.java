package io.kenbun.lite.webhook;

import io.kenbun.lite.pipeline.Chaos;
import io.kenbun.lite.store.firing.DeliveryReads;
import io.kenbun.lite.store.firing.DeliveryReads.Exchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Proxy;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts one delivery and waits for what comes of it. The only class that knows OkHttp but for URLs.
 * Any thread.
 *
 * <p>Redirects are not followed, no cookies are kept, no proxy of the system's is used, of an
 * answer at most 64 KiB are read, and the whole takes at most ten seconds.
 */
final class Sender implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** How much of an answer is read before its connection is given up. */
  static final int MAX_ANSWER_BYTES = 64 << 10;

  /** How much of an answer is kept to be looked at. */
  static final int MAX_KEPT_BYTES = 1_024;

  private static final Logger log = LoggerFactory.getLogger(Sender.class);
  private static final MediaType JSON = MediaType.get("application/json");
  private static final int MAX_IDLE_CONNECTIONS = 256;

  private final OkHttpClient client;
  private final InstantSource clock;
  private final String userAgent;
  private final @Nullable Chaos chaos;
  private final CountDownLatch cancelled = new CountDownLatch(1);

  /**
   * Makes it.
   *
   * @param clock the real one: receivers hold {@code webhook-timestamp} to it
   * @param timeout for a whole try
   * @param chaos trouble on purpose, null for none
   */
  Sender(
      AddressGuard guard,
      InstantSource clock,
      String version,
      Duration timeout,
      @Nullable Chaos chaos) {
    this.clock = clock;
    this.chaos = chaos;
    this.userAgent = "kenbun-lite/" + version;
    this.client =
        new OkHttpClient.Builder()
            .socketFactory(guard.sockets())
            .proxy(Proxy.NO_PROXY)
            .followRedirects(false)
            .followSslRedirects(false)
            .callTimeout(timeout)
            // Of these three only the whole call's counts.
            .connectTimeout(Duration.ZERO)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .connectionPool(new ConnectionPool(MAX_IDLE_CONNECTIONS, 30, TimeUnit.SECONDS))
            .build();
  }

  /** Sends it; what goes wrong is in the answer. */
  Answer post(DeliveryReads.Due delivery, DeliveryReads.Destination to) {
    Chaos.Webhooks struck = chaos == null ? null : chaos.strikeWebhook();
    if (struck != null) {
      return lost(struck);
    }
    byte[] body = delivery.body().getBytes(StandardCharsets.UTF_8);
    long seconds = clock.millis() / 1_000;
    String secret = to.signingSecret();
    String signature = secret == null ? null : Signature.of(secret, delivery.id(), seconds, body);
    Exchange sent = new Exchange(seconds, signature, null);
    Request request = request(delivery.id(), body, to, sent);
    try (Response response = client.newCall(request).execute()) {
      Exchange exchange = new Exchange(seconds, signature, beginning(response.body()));
      long retryAfter =
          RetrySchedule.retryAfterMillis(
              response.header("Retry-After"), response.header("Date"), clock.millis());
      return Answer.of(response.code(), retryAfter, exchange);
    } catch (InterruptedIOException e) {
      return Answer.none("no answer within " + client.callTimeoutMillis() / 1_000 + " s", sent);
    } catch (IOException e) {
      return Answer.none(said(e), sent);
    } catch (RuntimeException e) {
      log.warn("A webhook could not be sent", e);
      return Answer.none(said(e), sent);
    }
  }

  private Answer lost(Chaos.Webhooks struck) {
    try {
      if (cancelled.await(struck.delayMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("A webhook was to fail on purpose, and the end came first");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Answer.none("lost on purpose: PUT /lite/chaos set it", null);
  }

  private Request request(String id, byte[] body, DeliveryReads.Destination to, Exchange sent) {
    Request.Builder request =
        new Request.Builder()
            .url(HttpUrl.get(to.url()))
            .header("User-Agent", userAgent)
            .header("Accept-Encoding", "identity") // Else OkHttp asks for gzip and unpacks it.
            .header("webhook-id", id)
            .header("webhook-timestamp", String.valueOf(sent.timestampSeconds()))
            .post(RequestBody.create(body, JSON));
    String signature = sent.signature();
    if (signature != null) {
      request.header("webhook-signature", signature);
    }
    String authorization = to.authHeader();
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return request.build();
  }

  /**
   * Returns how the answer begins, for people to look at, and reads to the end if that is near, so
   * that the connection can be used again.
   */
  private static String beginning(ResponseBody body) {
    byte[] kept = new byte[MAX_KEPT_BYTES];
    byte[] buffer = new byte[8 << 10];
    int length = 0;
    try {
      int rest = MAX_ANSWER_BYTES;
      while (rest > 0) {
        int read = body.byteStream().read(buffer, 0, Math.min(buffer.length, rest));
        if (read < 0) {
          break;
        }
        int more = Math.min(read, kept.length - length);
        System.arraycopy(buffer, 0, kept, length, more);
        length += more;
        rest -= read;
      }
      if (rest == 0) {
        log.debug("An answer has more than {} bytes and was cut off", MAX_ANSWER_BYTES);
      }
    } catch (IOException e) {
      log.debug("The status came, and not all of the answer", e); // The status is what counts.
    }
    return text(kept, length, body.contentType());
  }

  private static String text(byte[] bytes, int length, @Nullable MediaType type) {
    Charset named = type == null ? null : type.charset();
    return new String(bytes, 0, length, named == null ? StandardCharsets.UTF_8 : named);
  }

  private static String said(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** Ends calls that are under way. */
  void cancel() {
    cancelled.countDown();
    client.dispatcher().cancelAll();
  }

  @Override
  public void close() {
    client.connectionPool().evictAll();
  }
}
