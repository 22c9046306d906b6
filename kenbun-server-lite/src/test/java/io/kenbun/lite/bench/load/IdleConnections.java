package io.kenbun.lite.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections that say nothing, held by this process, so that those of the server count against the
 * server's own limit of open files alone.
 */
public final class IdleConnections implements AutoCloseable {
  private static final byte[] REQUEST =
      "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final List<SocketChannel> channels = new ArrayList<>();

  /** Opens {@code count}; each asks once, so that all of them are accepted, and is silent then. */
  public IdleConnections(URI url, int count) throws IOException {
    InetSocketAddress address = new InetSocketAddress(url.getHost(), url.getPort());
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(address);
      channels.add(channel);
      ask(channel);
    }
  }

  /** Has each ask once more; fails unless every one is answered. */
  public void askAgain() throws IOException {
    for (SocketChannel channel : channels) {
      ask(channel);
    }
  }

  private static void ask(SocketChannel channel) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(REQUEST);
    while (out.hasRemaining()) {
      channel.write(out);
    }
    ByteBuffer in = ByteBuffer.allocate(1_024);
    do {
      if (channel.read(in) < 0) {
        throw new IOException("the server closed an idle connection");
      }
    } while (!new String(in.array(), 0, in.position(), StandardCharsets.US_ASCII)
        .endsWith("{\"status\":\"ok\"}"));
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
  }
}
