package io.kenbun.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Derives our HTTP client from the application's, or from OkHttp's defaults.
 *
 * <p>OkHttp never sets TCP_NODELAY: without it a small request that follows another on a kept-alive
 * connection waits for the peer's delayed acknowledgement, some 40 ms. OkHttp layers TLS over the
 * sockets of the plain factory, so setting it there covers both.
 */
final class HttpDefaults {
  private static final int CONNECT_SECONDS = 10;
  private static final int READ_WRITE_SECONDS = 10;
  private static final int CALL_SECONDS = 30;

  private HttpDefaults() {}

  static OkHttpClient derive(@Nullable OkHttpClient theirs) {
    OkHttpClient.Builder ours;
    if (theirs == null) {
      ours =
          new OkHttpClient.Builder()
              .connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
              .readTimeout(READ_WRITE_SECONDS, TimeUnit.SECONDS)
              .writeTimeout(READ_WRITE_SECONDS, TimeUnit.SECONDS)
              .callTimeout(CALL_SECONDS, TimeUnit.SECONDS);
    } else {
      ours = theirs.newBuilder();
      if (theirs.callTimeoutMillis() == 0) { // A server that drips bytes would hold us for ever.
        ours.callTimeout(CALL_SECONDS, TimeUnit.SECONDS);
      }
    }
    SocketFactory sockets = theirs == null ? SocketFactory.getDefault() : theirs.socketFactory();
    return ours.socketFactory(new NoDelaySockets(sockets))
        .cache(null)
        .followRedirects(false)
        .followSslRedirects(false)
        .build();
  }

  /** Sets TCP_NODELAY on every socket of another factory. */
  private static final class NoDelaySockets extends SocketFactory {
    private final SocketFactory sockets;

    NoDelaySockets(SocketFactory sockets) {
      this.sockets = sockets;
    }

    private static Socket noDelay(Socket socket) throws IOException {
      socket.setTcpNoDelay(true);
      return socket;
    }

    @Override
    public Socket createSocket() throws IOException {
      return noDelay(sockets.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return noDelay(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
        throws IOException {
      return noDelay(sockets.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return noDelay(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
        throws IOException {
      return noDelay(sockets.createSocket(host, port, localHost, localPort));
    }
  }
}
