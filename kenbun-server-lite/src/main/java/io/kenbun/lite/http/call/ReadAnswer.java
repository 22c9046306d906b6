package io.kenbun.lite.http.call;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.QValueParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What goes out for a GET or HEAD: not at all when the caller has it, compressed when it takes
 * that, and with a word to caches. Our decisions:
 *
 * <pre>
 *                                             Cache-Control       ETag
 *   what is read with a credential            private, no-cache   W/"of the content"; 304 to who has it
 *   /lite/…, what anybody may read, refusals  no-store            none
 *   where the handler has said otherwise      as it says          as it says
 * </pre>
 *
 * <p>The tag is weak, since the content compressed and as it is are told by the same.
 */
final class ReadAnswer {
  /** Below that the bytes saved are not worth the work; it fits a packet in any case. */
  static final int MIN_COMPRESSED_BYTES = 1_024;

  private static final int TAG_BYTES = 16;

  private final int status;
  private final byte[] content;

  private ReadAnswer(int status, byte[] content) {
    this.status = status;
    this.content = content;
  }

  int status() {
    return status;
  }

  byte[] content() {
    return content;
  }

  /** Works it out and sets its headers; to be called where there is time for it. */
  static ReadAnswer of(
      HttpServerExchange exchange, boolean kept, int status, String type, byte[] content) {
    HeaderMap headers = exchange.getResponseHeaders();
    HeaderMap asked = exchange.getRequestHeaders();
    if (!headers.contains(Headers.CACHE_CONTROL)) {
      boolean tagged = kept && status == 200;
      headers.put(Headers.CACHE_CONTROL, tagged ? "private, no-cache" : "no-store");
      if (tagged) {
        headers.put(Headers.ETAG, "W/" + tag(content));
      }
    }
    boolean compressible = content.length >= MIN_COMPRESSED_BYTES && isText(type);
    if (compressible) {
      headers.add(Headers.VARY, Headers.ACCEPT_ENCODING_STRING);
    }
    if (status == 200
        && isThere(asked.get(Headers.IF_NONE_MATCH), headers.getFirst(Headers.ETAG))) {
      return new ReadAnswer(304, new byte[0]);
    }
    if (!compressible || !takesGzip(asked.get(Headers.ACCEPT_ENCODING))) {
      return new ReadAnswer(status, content);
    }
    headers.put(Headers.CONTENT_ENCODING, "gzip");
    String tag = headers.getFirst(Headers.ETAG);
    if (tag != null && !tag.startsWith("W/")) {
      headers.put(Headers.ETAG, "W/" + tag);
    }
    return new ReadAnswer(status, compressed(content));
  }

  /** Says whether the caller has the content already (RFC 9110, section 13.1.2). */
  private static boolean isThere(@Nullable HeaderValues known, @Nullable String tag) {
    if (known == null || tag == null) {
      return false;
    }
    for (String line : known) {
      for (String one : line.split(",", -1)) {
        String stripped = one.strip();
        if (stripped.equals("*") || opaque(stripped).equals(opaque(tag))) {
          return true;
        }
      }
    }
    return false;
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  private static boolean isText(String type) {
    return type.startsWith("text/")
        || type.startsWith("application/json")
        || type.startsWith("image/svg+xml");
  }

  private static boolean takesGzip(@Nullable HeaderValues accepted) {
    if (accepted == null) {
      return false;
    }
    boolean any = false;
    for (List<QValueParser.QValueResult> same : QValueParser.parse(accepted)) {
      for (QValueParser.QValueResult coding : same) {
        if (coding.getValue().equalsIgnoreCase("gzip")) {
          return !coding.isQValueZero();
        }
        any |= coding.getValue().equals("*") && !coding.isQValueZero();
      }
    }
    return any;
  }

  /** Returns the strong tag of {@code content}. */
  static String tag(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] compressed(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length / 4);
    try (GZIPOutputStream gzip = new Fast(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail to be written", e);
    }
    return bytes.toByteArray();
  }

  /** At its fastest, since most callers are on this computer or next to it. */
  private static final class Fast extends GZIPOutputStream {
    Fast(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
