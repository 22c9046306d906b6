package io.kenbun.lite.http.ingest;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.channels.StreamSourceChannel;

/**
 * Hands a long body on piece by piece as it comes in, decoded, on the I/O thread. Nothing of it is
 * kept here but one piece. After {@value #BYTES_PER_TURN} bytes the other connections of the thread
 * get their turn, so that a body of megabytes holds nobody up for longer than a short one.
 */
final class Inflow {
  private static final Logger log = LoggerFactory.getLogger(Inflow.class);
  private static final int PIECE_BYTES = 16 << 10;
  private static final int BYTES_PER_TURN = 128 << 10;

  /** Takes the pieces of a body; what it throws becomes the answer. */
  interface Taker {
    /** Takes the first {@code count} of {@code piece}, which is used again afterwards. */
    void take(byte[] piece, int count) throws Exception;

    /** There is no more. */
    void end() throws Exception;
  }

  private final Call call;
  private final StreamSourceChannel channel;
  private final int maxBytes;
  private final Taker taker;
  private final @Nullable Gunzip gunzip;
  private final byte[] encoded = new byte[PIECE_BYTES];
  private final byte[] decoded;
  private long encodedBytes;
  private long decodedBytes;

  private Inflow(Call call, int maxBytes, boolean isGzip, Taker taker) {
    this.call = call;
    this.channel = call.body();
    this.maxBytes = maxBytes;
    this.taker = taker;
    this.gunzip = isGzip ? new Gunzip() : null;
    this.decoded = isGzip ? new byte[PIECE_BYTES] : encoded;
  }

  /**
   * Hands the body of {@code call} to {@code taker}. One of more than {@code maxBytes}, as it comes
   * or decoded, is refused at that byte; a caller that takes longer than the body time-out is cut
   * off.
   */
  static void read(Call call, int maxBytes, boolean isGzip, Taker taker) throws Exception {
    HttpServerExchange exchange = call.exchange();
    if (exchange.isRequestComplete()) {
      taker.end();
      return;
    }
    if (exchange.getRequestContentLength() > maxBytes) {
      throw Problem.bodyTooLarge(maxBytes);
    }
    Inflow inflow = new Inflow(call, maxBytes, isGzip, taker);
    exchange.addExchangeCompleteListener(
        (done, next) -> {
          inflow.release();
          next.proceed();
        });
    call.abortAfter(call.limits().bodyTimeout().toMillis());
    if (HttpContinue.requiresContinueResponse(exchange)) {
      HttpContinue.sendContinueResponse(exchange, inflow.whenInvited());
    } else {
      inflow.turn();
    }
  }

  /** Takes what is there, up to a turn's worth. */
  private void turn() {
    try {
      long until = decodedBytes + BYTES_PER_TURN;
      while (decodedBytes < until) {
        int count = gunzip == null ? 0 : gunzip.read(decoded);
        if (count == 0) {
          int read = channel.read(ByteBuffer.wrap(encoded));
          if (read == 0) {
            channel.getReadSetter().set(ready -> turn());
            channel.resumeReads();
            return;
          }
          if (read < 0) {
            end();
            return;
          }
          encodedBytes += read;
          if (encodedBytes > maxBytes) {
            throw Problem.bodyTooLarge(maxBytes);
          }
          if (gunzip != null) {
            gunzip.input(encoded, read);
            continue;
          }
          count = read;
        }
        decodedBytes += count;
        if (decodedBytes > maxBytes) {
          throw Problem.bodyTooLarge(maxBytes);
        }
        taker.take(decoded, count);
      }
      channel.suspendReads();
      call.ioThread().execute(this::turn);
    } catch (DataFormatException e) {
      fail(Problem.invalidJson("body is not gzip: " + e.getMessage(), null));
    } catch (IOException e) {
      log.debug("A body ended before its end", e);
      channel.suspendReads();
      call.abort();
    } catch (Exception e) {
      fail(e);
    }
  }

  private void end() throws Exception {
    channel.suspendReads();
    call.cancelDeadline();
    if (gunzip != null && !gunzip.isWhole()) {
      throw Problem.invalidJson("body is not gzip: it ends too early", null);
    }
    taker.end();
  }

  private void fail(Exception e) {
    channel.suspendReads();
    call.fail(e);
  }

  private void release() {
    if (gunzip != null) {
      gunzip.close();
    }
  }

  private IoCallback whenInvited() {
    return new IoCallback() {
      @Override
      public void onComplete(HttpServerExchange invited, Sender sender) {
        turn();
      }

      @Override
      public void onException(HttpServerExchange invited, Sender sender, IOException e) {
        log.debug("100 Continue could not be sent", e);
        call.abort();
      }
    };
  }
}
