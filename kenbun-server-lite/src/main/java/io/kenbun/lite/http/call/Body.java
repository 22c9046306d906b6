package io.kenbun.lite.http.call;

import io.kenbun.lite.http.json.JsonException;
import io.kenbun.lite.http.json.JsonIn;
import io.kenbun.lite.http.json.JsonText;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.channels.StreamSourceChannel;

/**
 * Reads a whole body on the I/O thread without holding it up. Not Undertow's own receiver: that one
 * allocates at once what {@code Content-Length} claims, so that a thousand callers who claim a
 * megabyte and send nothing would cost a gigabyte; it also waits for ever.
 */
public final class Body {
  private static final Logger log = LoggerFactory.getLogger(Body.class);
  private static final int FIRST_BYTES = 4096;

  /** How much of a body that is not wanted is let pass, to keep the connection. */
  private static final long MAX_DISCARDED_BYTES = 16L << 20;

  private static final long DISCARD_MILLIS = 5_000;

  /** Takes a body that has come in whole. */
  public interface Sink {
    void accept(byte[] body) throws Exception;
  }

  /** What becomes of the fields of an object; each call reads or skips one value. */
  public interface Fields {
    void read(String name, JsonIn in) throws IOException;
  }

  private final Call call;
  private final StreamSourceChannel channel;
  private final int maxBytes;
  private final Sink sink;
  private byte[] bytes;
  private int count;
  private boolean waited; // For more of the body than came with the header.

  private Body(Call call, int maxBytes, long contentLength, Sink sink) {
    this.call = call;
    this.channel = call.body();
    this.maxBytes = maxBytes;
    this.sink = sink;
    // One more than is to come, so that the end is seen without growing.
    boolean isShort = contentLength >= 0 && contentLength < FIRST_BYTES;
    this.bytes = new byte[isShort ? (int) contentLength + 1 : FIRST_BYTES];
  }

  /** Refuses a body that does not say it is JSON as it stands, in UTF-8. */
  public static void checkMediaType(HeaderMap headers) {
    String encoding = headers.getFirst(Headers.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw Problem.unsupportedMediaType("Content-Encoding is not identity: " + encoding);
    }
    String type = headers.getFirst(Headers.CONTENT_TYPE);
    if (type != null && !type.equals("application/json") && !isJson(type)) {
      throw Problem.unsupportedMediaType("Content-Type is not application/json: " + type);
    }
  }

  private static boolean isJson(String type) {
    String normal = type.toLowerCase(Locale.ROOT).replace(" ", "").replace("\t", "");
    int semicolon = normal.indexOf(';');
    if (semicolon < 0) {
      return normal.equals("application/json");
    }
    String parameter = normal.substring(semicolon + 1);
    return normal.substring(0, semicolon).equals("application/json")
        && (parameter.equals("charset=utf-8") || parameter.equals("charset=\"utf-8\""));
  }

  /**
   * Hands the body of {@code call} to {@code sink} on the I/O thread once it is there; one of more
   * than {@code maxBytes} is refused, at once where its length is known. A caller that takes longer
   * than the body time-out is cut off.
   */
  public static void read(Call call, int maxBytes, Sink sink) throws Exception {
    HttpServerExchange exchange = call.exchange();
    if (exchange.isRequestComplete()) {
      sink.accept(new byte[0]);
      return;
    }
    long contentLength = exchange.getRequestContentLength();
    if (contentLength > maxBytes) {
      throw Problem.bodyTooLarge(maxBytes);
    }
    Body body = new Body(call, maxBytes, contentLength, sink);
    if (HttpContinue.requiresContinueResponse(exchange)) {
      body.waited = true;
      call.abortAfter(call.limits().bodyTimeout().toMillis());
      HttpContinue.sendContinueResponse(exchange, body.whenInvited());
    } else {
      body.start();
    }
  }

  /**
   * Has {@code fields} read the fields of the one object that {@code body} must be; what is wrong
   * with its JSON becomes the {@link Problem} that says so.
   */
  public static void readObject(byte[] body, Fields fields) {
    readObject(body, JsonText.MAX_DEPTH, fields);
  }

  /** The same, refusing what nests deeper than {@code maxDepth} levels. */
  public static void readObject(byte[] body, int maxDepth, Fields fields) {
    try {
      JsonIn.read(
          body,
          maxDepth,
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

  /**
   * Lets the rest of the body of an answered call pass, within limits, and ends the exchange. With
   * the connection closed at once it would be reset, and the answer lost before the caller reads
   * it.
   */
  static void discard(Call call) {
    if (HttpContinue.requiresContinueResponse(call.exchange())) {
      call.abort(); // Nobody asked for the body, and whether it comes nobody knows.
      return;
    }
    StreamSourceChannel channel = call.body();
    ByteBuffer scratch = ByteBuffer.allocate(1 << 16);
    long[] rest = {MAX_DISCARDED_BYTES};
    call.abortAfter(DISCARD_MILLIS);
    channel.getReadSetter().set(ready -> discard(call, ready, scratch, rest));
    channel.resumeReads();
  }

  private static void discard(
      Call call, StreamSourceChannel channel, ByteBuffer scratch, long[] rest) {
    try {
      int read;
      do {
        scratch.clear();
        read = channel.read(scratch);
        rest[0] -= read;
      } while (read > 0 && rest[0] > 0);
      if (read > 0) {
        call.abort();
      } else if (read < 0) {
        channel.suspendReads();
        call.cancelDeadline();
        call.exchange().endExchange();
      }
    } catch (IOException e) {
      log.debug("The rest of a body did not come", e);
      call.abort();
    }
  }

  private void start() {
    if (!readSome()) {
      waited = true;
      call.abortAfter(call.limits().bodyTimeout().toMillis());
      channel.getReadSetter().set(ready -> goOn());
      channel.resumeReads();
    }
  }

  private void goOn() {
    if (readSome()) {
      channel.suspendReads();
    }
  }

  /** Reads what is there; says whether that was all there will be. */
  private boolean readSome() {
    try {
      while (true) {
        if (count == bytes.length) {
          call.reserve(count); // It doubles. What everybody gets at first is not counted.
          bytes = Arrays.copyOf(bytes, (int) Math.min(2L * count, maxBytes + 1L));
        }
        int read = channel.read(ByteBuffer.wrap(bytes, count, bytes.length - count));
        if (read == 0) {
          return false;
        }
        if (read < 0) {
          channel.suspendReads();
          call.cancelDeadline();
          if (!waited) {
            call.stayReadable();
          }
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
      call.abort();
    } catch (Exception e) {
      call.fail(e, Arrays.copyOf(bytes, Math.min(count, RejectedRequests.MAX_BODY_BYTES)));
    }
    return true;
  }

  private IoCallback whenInvited() {
    return new IoCallback() {
      @Override
      public void onComplete(HttpServerExchange invited, Sender sender) {
        call.cancelDeadline();
        start();
      }

      @Override
      public void onException(HttpServerExchange invited, Sender sender, IOException e) {
        log.debug("100 Continue could not be sent", e);
        call.abort();
      }
    };
  }
}
