package io.kenbun.lite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An address that stays while what stands behind it comes and goes, and a network that can be cut:
 * bytes then go nowhere, and nobody is told.
 */
final class TestProxy implements AutoCloseable {
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int target;
  private volatile boolean cut;

  TestProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Has new connections go to another port. */
  void target(int port) {
    target = port;
  }

  /** Drops everything from now on, or lets through again what comes anew. */
  void cut(boolean drop) throws IOException {
    cut = drop;
    if (!drop) {
      for (Socket socket : open) { // What was lost between cannot be made good.
        socket.close();
      }
      open.clear();
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "test-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket in = server.accept();
        open.add(in);
        in.setTcpNoDelay(true); // It must not make what passes through slower.
        Socket out;
        try {
          out = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
          in.close();
          continue;
        }
        open.add(out);
        out.setTcpNoDelay(true);
        start(() -> pump(in, out));
        start(() -> pump(out, in));
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[8_192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!cut) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException e) {
      // One end is gone; the other is told by the close.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
