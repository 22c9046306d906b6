package io.kenbun.lite.http;

import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;

/**
 * Reads a whole body on the I/O thread without holding it up. Not Undertow's own receiver: that one
 * allocates at once what {@code Content-Length} claims, so that a thousand callers who claim a
 * megabyte and send nothing would cost a gigabyte; it also waits for ever.
 */
final class Body {
  private static final Logger log = LoggerFactory.getLogger(Body.class);
  private static final int FIRST_BYTES = 4096;

  /** Takes a body that has come in whole. */
  interface Sink {
    void accept(byte[] body) throws Exception;
  }

  /** What becomes of the fields of an object; each call reads or skips one value. */
  interface Fields {
    void read(String name, JsonIn in) throws IOException;
  }

  private final Call call;
  private final HttpServerExchange exchange;
  private final int maxBytes;
  private final Sink sink;
  private final StreamSourceChannel channel;
  private byte[] bytes;
  private int count;
  private XnioExecutor.@Nullable Key deadline;

  private Body(
      Call call, int maxBytes, long contentLength, StreamSourceChannel channel, Sink sink) {
    this.call = call;
    this.exchange = call.exchange();
    this.maxBytes = maxBytes;
    this.sink = sink;
    this.channel = channel;
    // One more than is to come, so that the end is seen without growing.
    this.bytes =
        new byte[(int) Math.min(contentLength < 0 ? FIRST_BYTES : contentLength + 1, FIRST_BYTES)];
  }

  /**
   * Hands the body of {@code call} to {@code sink} on the I/O thread once it is there; one of more
   * than {@code maxBytes} is refused, at once where its length is known. A caller that takes longer
   * than {@code timeoutMillis} is cut off.
   */
  static void read(Call call, int maxBytes, long timeoutMillis, Sink sink) throws Exception {
    HttpServerExchange exchange = call.exchange();
    if (exchange.isRequestComplete()) {
      sink.accept(new byte[0]);
      return;
    }
    long contentLength = exchange.getRequestContentLength();
    if (contentLength > maxBytes) {
      throw Problem.bodyTooLarge(maxBytes);
    }
    StreamSourceChannel channel = exchange.getRequestChannel();
    if (channel == null) {
      throw new IllegalStateException("body is being read already");
    }
    Body body = new Body(call, maxBytes, contentLength, channel, sink);
    if (HttpContinue.requiresContinueResponse(exchange)) {
      HttpContinue.sendContinueResponse(exchange, body.whenInvited(timeoutMillis));
    } else {
      body.start(timeoutMillis);
    }
  }

  /**
   * Has {@code fields} read the fields of the one object that {@code body} must be; what is wrong
   * with its JSON becomes the {@link Problem} that says so.
   */
  static void readObject(byte[] body, Fields fields) {
    try {
      JsonIn.read(
          body,
          in -> {
            JsonIn.Kind kind = in.peek();
            if (kind != JsonIn.Kind.OBJECT) {
              in.skip();
              throw Problem.invalidJson("body must be a JSON object: " + kind, null);
            }
            in.beginObject();
            while (in.hasNext()) {
              fields.read(in.name(), in);
            }
            in.endObject();
            return true;
          });
    } catch (JsonException e) {
      String field = e.path().startsWith("$.") ? e.path().substring(2) : null;
      throw e.kind() == JsonException.Kind.CONTENT && field != null
          ? Problem.invalidField(field, field + ": " + e.detail())
          : Problem.invalidJson("body is " + e.detail(), field);
    }
  }

  private void start(long timeoutMillis) {
    if (readSome()) {
      return;
    }
    deadline = call.ioThread().executeAfter(this::cutOff, timeoutMillis, TimeUnit.MILLISECONDS);
    channel.getReadSetter().set(ready -> goOn());
    channel.resumeReads();
  }

  private void goOn() {
    if (readSome()) {
      channel.suspendReads();
      if (deadline != null) {
        deadline.remove();
      }
    }
  }

  /** Reads what is there; says whether that was all there will be. */
  private boolean readSome() {
    try {
      while (true) {
        if (count == bytes.length) {
          bytes = Arrays.copyOf(bytes, (int) Math.min(2L * count, maxBytes + 1L));
        }
        int read = channel.read(ByteBuffer.wrap(bytes, count, bytes.length - count));
        if (read == 0) {
          return false;
        }
        if (read < 0) {
          sink.accept(count == bytes.length ? bytes : Arrays.copyOf(bytes, count));
          return true;
        }
        count += read;
        if (count > maxBytes) {
          throw Problem.bodyTooLarge(maxBytes);
        }
      }
    } catch (IOException e) {
      log.debug("A body ended before its end", e);
      end();
    } catch (Exception e) {
      call.fail(e);
    }
    return true;
  }

  private void cutOff() {
    log.debug("A body took too long and was cut off after {} bytes", count);
    end();
  }

  /** Ends the connection; there is nobody to answer, or nobody who keeps to the rules. */
  private void end() {
    if (deadline != null) {
      deadline.remove();
    }
    IoUtils.safeClose(exchange.getConnection());
    exchange.endExchange();
  }

  private IoCallback whenInvited(long timeoutMillis) {
    return new IoCallback() {
      @Override
      public void onComplete(HttpServerExchange invited, Sender sender) {
        start(timeoutMillis);
      }

      @Override
      public void onException(HttpServerExchange invited, Sender sender, IOException e) {
        log.debug("100 Continue could not be sent", e);
        end();
      }
    };
  }
}
