package io.kenbun.lite.http.ingest;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.pipeline.Ticks;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.MultipartParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSourceChannel;

/**
 * A form with one file (RFC 7578), brought to disk: a temporary file that nobody else may read, and
 * that is gone when this is closed. So a form that is cut off or wrong anywhere has done nothing
 * yet, fields may come behind the file, and memory holds one piece of it. One worker.
 *
 * <pre>
 *   --boundary CRLF
 *   Content-Disposition: form-data; name="file"; filename="events.csv" CRLF
 *   CRLF
 *   lead_id,event_type LF …                                                  kept on disk
 *   CRLF --boundary CRLF
 *   Content-Disposition: form-data; name="skip_triggers" CRLF
 *   CRLF
 *   true                                                                     a few bytes
 *   CRLF --boundary-- CRLF
 * </pre>
 */
final class Upload implements AutoCloseable {
  private static final String FILE = "file";
  private static final String SKIP_TRIGGERS = "skip_triggers";
  private static final int PIECE_BYTES = 64 << 10;
  private static final int MAX_PART_HEADER_BYTES = 64 << 10;
  private static final int MAX_FIELD_BYTES = 16;
  // However steadily it drips: ten minutes at the default body time-out.
  private static final int BODY_TIMEOUTS_IN_ALL = 20;

  private final FileChannel file;
  private final StringBuilder skipTriggers = new StringBuilder();
  private boolean hasFile;

  private Upload(FileChannel file) {
    this.file = file;
  }

  /**
   * Reads the form that {@code call} brings.
   *
   * @param maxBytes the longest body; a longer one is refused
   * @throws Problem when it is not such a form
   * @throws IOException when the caller went away or was too slow, or the disk failed
   */
  static Upload read(Call call, long maxBytes) throws IOException {
    HttpServerExchange exchange = call.exchange();
    String type = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
      throw Problem.unsupportedMediaType("Content-Type is not multipart/form-data: " + type);
    }
    String boundary = Headers.extractQuotedValueFromHeader(type, "boundary");
    if (boundary == null || boundary.isEmpty()) {
      throw Problem.invalidField("Content-Type", "Content-Type names no boundary");
    }
    if (exchange.getRequestContentLength() > maxBytes) {
      throw Problem.bodyTooLarge(maxBytes);
    }
    if (HttpContinue.requiresContinueResponse(exchange)) {
      HttpContinue.sendContinueResponseBlocking(exchange);
    }
    Upload upload = new Upload(temporary());
    try {
      upload.take(call, boundary, maxBytes);
      return upload;
    } catch (IOException | RuntimeException e) {
      upload.close();
      throw e;
    }
  }

  private static FileChannel temporary() throws IOException {
    Path path = Files.createTempFile("kenbun-import-", ".csv"); // For its owner alone.
    return FileChannel.open(
        path,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  private void take(Call call, String boundary, long maxBytes) throws IOException {
    HttpServerExchange exchange = call.exchange();
    Parts parts = new Parts();
    MultipartParser.ParseState form =
        MultipartParser.beginParse(
            exchange.getConnection().getByteBufferPool(),
            parts,
            boundary.getBytes(StandardCharsets.US_ASCII),
            StandardCharsets.UTF_8.name());
    if (!exchange.isRequestComplete()) {
      copy(call, form, parts, maxBytes);
    }
    if (!form.isComplete()) {
      throw Problem.invalidField(FILE, "body is no whole multipart/form-data");
    }
    if (!hasFile) {
      throw Problem.missingField(FILE);
    }
  }

  private static void copy(Call call, MultipartParser.ParseState form, Parts parts, long maxBytes)
      throws IOException {
    StreamSourceChannel channel = call.body();
    long timeoutMillis = call.limits().bodyTimeout().toMillis();
    long until =
        Ticks.nanos() + BODY_TIMEOUTS_IN_ALL * TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    long bytes = 0;
    while (true) {
      piece.clear();
      int read =
          org.xnio.channels.Channels.readBlocking(
              channel, piece, timeoutMillis, TimeUnit.MILLISECONDS);
      if (read < 0) {
        return;
      }
      if (read == 0 || Ticks.nanos() > until) {
        throw new IOException("a form took too long to come");
      }
      bytes += read;
      if (bytes > maxBytes) {
        throw Problem.bodyTooLarge(maxBytes);
      }
      parts.about(read);
      form.parse(piece.flip());
    }
  }

  /** Returns the file from its beginning; one reader at a time. */
  InputStream open() throws IOException {
    file.position(0);
    return Channels.newInputStream(new Unclosed(file));
  }

  /** Says whether the form sets {@code skip_triggers}; false when it says nothing of it. */
  boolean skipTriggers() {
    String value = skipTriggers.toString().strip();
    if (!value.isEmpty() && !value.equals("true") && !value.equals("false")) {
      throw Problem.invalidField(
          SKIP_TRIGGERS, SKIP_TRIGGERS + " is none of true, false: \"" + value + '"');
    }
    return value.equals("true");
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Takes the parts as they come. */
  private final class Parts implements MultipartParser.PartHandler {
    private @Nullable String name;
    private long sinceLastSign;

    /** Holds headers of parts to a length: the parser gathers them in memory. */
    void about(int bytes) {
      sinceLastSign += bytes;
      if (sinceLastSign > MAX_PART_HEADER_BYTES + PIECE_BYTES) {
        throw Problem.invalidField(
            FILE, "a part has headers of more than " + MAX_PART_HEADER_BYTES + " bytes");
      }
    }

    @Override
    public void beginPart(HeaderMap headers) {
      sinceLastSign = 0;
      String disposition = headers.getFirst(Headers.CONTENT_DISPOSITION);
      name = disposition == null ? null : Headers.extractQuotedValueFromHeader(disposition, "name");
      if (FILE.equals(name)) {
        if (hasFile) {
          throw Problem.invalidField(FILE, FILE + " is given twice");
        }
        hasFile = true;
      }
    }

    @Override
    public void data(ByteBuffer piece) throws IOException {
      sinceLastSign = 0;
      if (FILE.equals(name)) {
        while (piece.hasRemaining()) {
          file.write(piece);
        }
      } else if (SKIP_TRIGGERS.equals(name)) {
        while (piece.hasRemaining() && skipTriggers.length() < MAX_FIELD_BYTES) {
          skipTriggers.append((char) piece.get());
        }
      }
    }

    @Override
    public void endPart() {
      sinceLastSign = 0;
      name = null;
    }
  }

  /** The file, for a reader that closes what it reads. */
  private record Unclosed(FileChannel channel) implements java.nio.channels.ReadableByteChannel {
    @Override
    public int read(ByteBuffer into) throws IOException {
      return channel.read(into);
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() {}
  }
}
