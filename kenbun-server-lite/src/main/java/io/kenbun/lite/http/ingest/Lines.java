package io.kenbun.lite.http.ingest;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts pieces of a body into lines. A line ends with LF or with the body; a CR before the LF is
 * left to it, since to JSON it is white space. Of a line that is too long only the length is kept.
 */
final class Lines {
  /** Takes the lines in order. */
  interface Taker {
    /**
     * Takes a line.
     *
     * @param number counted from 1
     * @param line null for one that is longer than allowed
     */
    void line(int number, byte @Nullable [] line);
  }

  private static final int FIRST_BYTES = 512;

  private final int maxBytes;
  private final Taker taker;
  private byte[] kept = new byte[FIRST_BYTES];
  private int count;
  private boolean tooLong;
  private int number;

  Lines(int maxBytes, Taker taker) {
    this.maxBytes = maxBytes;
    this.taker = taker;
  }

  void take(byte[] piece, int length) {
    int from = 0;
    for (int i = 0; i < length; i++) {
      if (piece[i] == '\n') {
        if (count == 0 && !tooLong && i - from <= maxBytes) {
          taker.line(++number, Arrays.copyOfRange(piece, from, i)); // The whole of it is here.
        } else {
          keep(piece, from, i);
          end();
        }
        from = i + 1;
      }
    }
    keep(piece, from, length);
  }

  /** Ends the line that the body ends with, if there is one. */
  void finish() {
    if (count > 0 || tooLong) {
      end();
    }
  }

  private void keep(byte[] piece, int from, int to) {
    int more = to - from;
    if (tooLong || more > maxBytes - count) {
      tooLong = true;
      return;
    }
    if (count + more > kept.length) {
      kept = Arrays.copyOf(kept, Math.min(maxBytes, Math.max(2 * kept.length, count + more)));
    }
    System.arraycopy(piece, from, kept, count, more);
    count += more;
  }

  private void end() {
    taker.line(++number, tooLong ? null : Arrays.copyOf(kept, count));
    count = 0;
    tooLong = false;
  }
}
