package io.kenbun.lite.http.ingest;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes gzip (RFC 1952) as it comes in, in pieces of the reader's choosing, so that a small body
 * cannot swell to more than the reader asks for. One thread.
 *
 * <pre>
 *   member := 1f 8b 08 flags time(4) xfl os [extra] [name 0] [comment 0] [crc16] deflated crc32 size
 *   body   := one member or more
 * </pre>
 */
final class Gunzip implements AutoCloseable {
  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAGS_RESERVED = 0xe0;

  private enum Part {
    HEADER,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    HEADER_CRC,
    DEFLATED,
    TRAILER
  }

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private byte[] input = new byte[0];
  private int at;
  private int end;
  private Part part = Part.HEADER;
  private int partBytes; // How much of the part has been seen.
  private long number; // A number of several bytes, as far as it has been seen.
  private int flags;
  private int extraLeft;
  private boolean wholeMember;

  /** Gives it {@code count} more bytes, which must not change before the next call. */
  void input(byte[] bytes, int count) {
    input = bytes;
    at = 0;
    end = count;
    if (part == Part.DEFLATED) {
      inflater.setInput(input, 0, end);
    }
  }

  /** Decodes into {@code out}; returns how much, 0 when it needs more input first. */
  int read(byte[] out) throws DataFormatException {
    while (true) {
      if (part == Part.DEFLATED) {
        int count = inflater.inflate(out);
        if (count > 0) {
          crc.update(out, 0, count);
          return count;
        }
        if (!inflater.finished()) {
          if (inflater.needsDictionary()) {
            throw new DataFormatException("a preset dictionary");
          }
          return 0;
        }
        at = end - inflater.getRemaining();
        enter(Part.TRAILER);
      } else if (at < end) {
        step(input[at++] & 0xff);
      } else {
        return 0;
      }
    }
  }

  /** Says whether the body may end here: at the end of a member. */
  boolean isWhole() {
    return wholeMember && part == Part.HEADER && partBytes == 0;
  }

  private void step(int value) throws DataFormatException {
    int index = partBytes++;
    switch (part) {
      case HEADER -> header(index, value);
      case EXTRA_LENGTH -> {
        extraLeft |= value << (8 * index);
        if (index == 1) {
          enter(extraLeft > 0 ? Part.EXTRA : afterExtra());
        }
      }
      case EXTRA -> {
        if (--extraLeft == 0) {
          enter(afterExtra());
        }
      }
      case NAME -> {
        if (value == 0) {
          enter(afterName());
        }
      }
      case COMMENT -> {
        if (value == 0) {
          enter(afterComment());
        }
      }
      case HEADER_CRC -> {
        if (index == 1) {
          enter(Part.DEFLATED); // What it guards is of no use to us.
        }
      }
      case TRAILER -> trailer(index, value);
      case DEFLATED -> throw new IllegalStateException("deflated bytes are the inflater's");
    }
  }

  private void header(int index, int value) throws DataFormatException {
    boolean right =
        switch (index) {
          case 0 -> value == 0x1f;
          case 1 -> value == 0x8b;
          case 2 -> value == 8;
          case 3 -> (value & FLAGS_RESERVED) == 0;
          default -> true;
        };
    if (!right) {
      throw new DataFormatException("no gzip header");
    }
    if (index == 3) {
      flags = value;
    } else if (index == HEADER_BYTES - 1) {
      extraLeft = 0;
      enter((flags & FLAG_EXTRA) != 0 ? Part.EXTRA_LENGTH : afterExtra());
    }
  }

  private Part afterExtra() {
    return (flags & FLAG_NAME) != 0 ? Part.NAME : afterName();
  }

  private Part afterName() {
    return (flags & FLAG_COMMENT) != 0 ? Part.COMMENT : afterComment();
  }

  private Part afterComment() {
    return (flags & FLAG_HEADER_CRC) != 0 ? Part.HEADER_CRC : Part.DEFLATED;
  }

  private void trailer(int index, int value) throws DataFormatException {
    number |= (long) value << (8 * (index % 4));
    if (index == 3) {
      if (number != crc.getValue()) {
        throw new DataFormatException("wrong checksum");
      }
      number = 0;
    } else if (index == TRAILER_BYTES - 1) {
      if (number != (inflater.getBytesWritten() & 0xffff_ffffL)) {
        throw new DataFormatException("wrong length");
      }
      wholeMember = true;
      enter(Part.HEADER);
    }
  }

  private void enter(Part next) {
    part = next;
    partBytes = 0;
    number = 0;
    if (next == Part.DEFLATED) {
      inflater.reset();
      crc.reset();
      inflater.setInput(input, at, end - at);
      at = end;
    }
  }

  /** Gives the inflater's memory back. */
  @Override
  public void close() {
    inflater.end();
  }
}
