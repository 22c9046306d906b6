package io.kenbun.lite.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection on which a test writes what no HTTP client would. */
public final class RawConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  public RawConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  /**
   * Sends a request as {@code dev}, its line and one header as they are given; returns the answer.
   */
  static String ask(TestServer server, String line, String header) throws Exception {
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    try (RawConnection connection = new RawConnection(server.port())) {
      return connection
          .write(
              line
                  + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nAuthorization: "
                  + TestServer.DEV
                  + "\r\nCookie: "
                  + cookie
                  + "\r\n"
                  + header
                  + "\r\n\r\n")
          .readAnswer();
    }
  }

  /** Returns a header of an answer that must have it. */
  static String header(String answer, String name) {
    return answer
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + answer))
        .substring(name.length() + 2);
  }

  public RawConnection write(String text) throws IOException {
    return write(text.getBytes(StandardCharsets.UTF_8));
  }

  public RawConnection write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Writes until the other side stops taking; returns how many of {@code bytes} it took. */
  long writeUntilRefused(byte[] chunk, long bytes) {
    long written = 0;
    try {
      while (written < bytes) {
        socket.getOutputStream().write(chunk);
        written += chunk.length;
      }
    } catch (IOException e) {
      return written; // What the test is after.
    }
    return written;
  }

  RawConnection endOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Reads one answer, its body by Content-Length: status line, headers, empty line, body. */
  public String readAnswer() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("connection ended within: " + head);
      }
      head.write(c);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    int at = text.toLowerCase(Locale.ROOT).indexOf("content-length:");
    if (at < 0) {
      return text;
    }
    int length = Integer.parseInt(text.substring(at + 15, text.indexOf('\r', at)).trim());
    return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /** Waits until the server ends the connection; says whether it sent anything before. */
  boolean isSilentUntilClosed() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true; // A reset is an end, too.
    }
  }

  /**
   * Reads until the server ends the connection; says whether a 4xx came first, or nothing at all.
   */
  boolean isRefused() throws IOException {
    String answer = readAllOrNothing();
    return answer.isEmpty() || answer.startsWith("HTTP/1.1 4");
  }

  /** Reads until the server ends the connection; empty when it does so without a word. */
  public String readAllOrNothing() throws IOException {
    try {
      return readAll();
    } catch (SocketException e) {
      return "";
    }
  }

  /** Says whether nothing at all comes within {@code millis}. */
  public boolean isSilentFor(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      in.read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(20_000);
    }
  }

  /** Reads everything until the server ends the connection. */
  String readAll() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
