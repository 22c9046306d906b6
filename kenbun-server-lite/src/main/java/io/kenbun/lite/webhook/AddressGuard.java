package io.kenbun.lite.webhook;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Keeps webhooks from reaching into the network that the server stands in ({@code lite.md} 5). A
 * URL is looked at when it is saved, and each address again at the moment of connecting to it: a
 * name may stand for another address by then (DNS rebinding). Immutable; any thread.
 */
public final class AddressGuard {
  /** The most characters of a webhook's URL. Ours. */
  public static final int MAX_URL_LENGTH = 2_048;

  // A host that ends like this is read as an IPv4 address by some resolver: 2130706433, 0x7f.1.
  private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)\\.?");
  private static final Pattern FOUR_PARTS =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

  private final boolean allowPrivate;

  /**
   * Makes a guard.
   *
   * @param allowPrivate whether every address may be reached: when the server listens on loopback
   *     only, or was told so
   */
  public AddressGuard(boolean allowPrivate) {
    this.allowPrivate = allowPrivate;
  }

  /** Returns what rule {@code url} breaks, null when a webhook may go there. */
  public @Nullable String fault(String url) {
    if (url.length() > MAX_URL_LENGTH) {
      return "has more than " + MAX_URL_LENGTH + " characters: " + url.length();
    }
    if (url.chars().anyMatch(c -> c <= ' ' || c == '\\' || c >= 0x7f)) {
      return "holds a space, a backslash or a character that is not ASCII";
    }
    HttpUrl parsed = HttpUrl.parse(url);
    if (parsed == null) {
      return "is no http or https URL";
    }
    if (!parsed.encodedUsername().isEmpty() || !parsed.encodedPassword().isEmpty()) {
      return "holds a user name or a password";
    }
    return allowPrivate ? null : faultOfHost(parsed.host());
  }

  private static @Nullable String faultOfHost(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    boolean isAddress = name.indexOf(':') >= 0;
    if (!isAddress && NUMERIC.matcher(name).matches()) {
      if (!FOUR_PARTS.matcher(name).matches()) {
        return "has a host that is a number and no address of four decimal parts";
      }
      isAddress = true;
    }
    if (isAddress ? isPublicLiteral(name) : !isLocalName(name)) {
      return null;
    }
    return "leads to an address that is not public; --allow-private-webhooks would allow it";
  }

  private static boolean isLocalName(String name) {
    String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return bare.equals("localhost") || bare.endsWith(".localhost");
  }

  private static boolean isPublicLiteral(String address) {
    try {
      return isPublic(InetAddress.getByName(address)); // Without a look-up: it is no name.
    } catch (UnknownHostException e) {
      return false; // Such as 999.1.1.1.
    }
  }

  /**
   * Returns sockets that refuse, when they connect, what may not be reached. They go there
   * directly, whatever SOCKS proxy the system has.
   */
  SocketFactory sockets() {
    return new GuardedSockets(allowPrivate);
  }

  /**
   * Says whether an address is one that anybody on the internet may reach, by the registries of
   * special addresses of IANA. Of IPv6 that is 2000::/3 and, in networks that have nothing but
   * IPv6, 64:ff9b::/96 before a public IPv4 address (NAT64).
   */
  static boolean isPublic(InetAddress address) {
    byte[] a = address.getAddress();
    if (address instanceof Inet4Address) {
      return isPublicV4(a, 0);
    }
    if (startsWith(a, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) {
      return isPublicV4(a, 12);
    }
    boolean isGlobal = (a[0] & 0xe0) == 0x20;
    boolean isProtocol = startsWith(a, 0x20, 0x01) && (a[2] & 0xfe) == 0; // Teredo and others.
    boolean isDocumentation =
        startsWith(a, 0x20, 0x01, 0x0d, 0xb8) || (startsWith(a, 0x3f, 0xff) && (a[2] & 0xf0) == 0);
    boolean is6to4 = startsWith(a, 0x20, 0x02); // Whatever IPv4 address it wraps: it is obsolete.
    return isGlobal && !isProtocol && !isDocumentation && !is6to4;
  }

  private static boolean isPublicV4(byte[] a, int from) {
    int first = a[from] & 0xff;
    int second = a[from + 1] & 0xff;
    int third = a[from + 2] & 0xff;
    return switch (first) {
      case 0, 10, 127 -> false;
      case 100 -> (second & 0xc0) != 64; // Shared by a provider's customers, RFC 6598.
      case 169 -> second != 254; // Link-local; of clouds, their metadata.
      case 172 -> (second & 0xf0) != 16;
      case 192 ->
          second != 168
              && !(second == 0 && (third == 0 || third == 2))
              && !(second == 88 && third == 99);
      case 198 -> (second & 0xfe) != 18 && !(second == 51 && third == 100);
      case 203 -> !(second == 0 && third == 113);
      default -> first < 224; // From there on: multicast, reserved, broadcast.
    };
  }

  private static boolean startsWith(byte[] address, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((address[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /** Makes sockets that look at the address at the last moment. */
  private static final class GuardedSockets extends SocketFactory {
    private final boolean allowPrivate;

    GuardedSockets(boolean allowPrivate) {
      this.allowPrivate = allowPrivate;
    }

    @Override
    public Socket createSocket() {
      return new GuardedSocket(allowPrivate);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      return connected(new InetSocketAddress(host, port), new InetSocketAddress(from, fromPort));
    }

    private Socket connected(SocketAddress to, @Nullable SocketAddress from) throws IOException {
      Socket socket = createSocket();
      try {
        if (from != null) {
          socket.bind(from);
        }
        socket.connect(to);
        return socket;
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    }
  }

  /** A socket that looks at the address that it connects to. */
  private static final class GuardedSocket extends Socket {
    private final boolean allowPrivate;

    GuardedSocket(boolean allowPrivate) {
      super(Proxy.NO_PROXY);
      this.allowPrivate = allowPrivate;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
      InetAddress address =
          endpoint instanceof InetSocketAddress internet ? internet.getAddress() : null;
      if (!allowPrivate && (address == null || !isPublic(address))) {
        throw new IOException("refused to connect to an address that is not public");
      }
      super.connect(endpoint, timeoutMillis);
    }
  }
}
