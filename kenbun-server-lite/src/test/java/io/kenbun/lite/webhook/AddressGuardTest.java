package io.kenbun.lite.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  private static final String NOT_PUBLIC =
      "leads to an address that is not public; --allow-private-webhooks would allow it";
  private static final String NO_FOUR_PARTS =
      "has a host that is a number and no address of four decimal parts";

  private final AddressGuard strict = new AddressGuard(false);
  private final AddressGuard open = new AddressGuard(true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[::169.254.169.254]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:a9fe:a9fe::1]/",
        "http://127.0.0.1:8080/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://172.31.255.255/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://100.127.255.255/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[fd12:3456::1]/",
        "http://[ff02::1]/",
        "http://localhost/",
        "https://LocalHost./",
        "http://api.localhost:8080/",
        "http://999.1.1.1/"
      })
  void refusesAddressesThatAreNotPublic(String url) {
    assertEquals(NOT_PUBLIC, strict.fault(url));
    assertNull(open.fault(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0251.0376.0251.0376/",
        "http://169.254.43518/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://8.8.8.8./",
        "http://%31%32%37.1/"
      })
  void refusesNumbersThatResolversReadDifferently(String url) {
    assertEquals(NO_FOUR_PARTS, strict.fault(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example.com/kenbun?x=1",
        "http://example.com:8080/",
        "http://8.8.8.8/",
        "http://172.15.255.255/",
        "http://172.32.0.0/",
        "http://100.63.255.255/",
        "http://100.128.0.0/",
        "http://169.253.255.255/",
        "http://[2606:4700:4700::1111]/",
        "http://[64:ff9b::808:808]/",
        "http://localhost.example.com/",
        "http://1e100.net/"
      })
  void takesPublicOnes(String url) {
    assertNull(strict.fault(url));
  }

  @Test
  void saysWhatElseIsWrongWithAUrl() {
    assertEquals("is no http or https URL", open.fault("ftp://example.com/"));
    assertEquals("is no http or https URL", open.fault("example.com/hook"));
    assertEquals("is no http or https URL", open.fault("http://"));
    assertEquals("holds a user name or a password", open.fault("http://u@example.com/"));
    assertEquals("holds a user name or a password", open.fault("http://:p@example.com/"));
    String shape = "holds a space, a backslash or a character that is not ASCII";
    assertEquals(shape, open.fault("http://example.com/a b"));
    assertEquals(shape, open.fault("http://example.com\\@10.0.0.1/"));
    assertEquals(shape, open.fault("http://１２７.0.0.1/"));
    String longest = "http://example.com/" + "x".repeat(AddressGuard.MAX_URL_LENGTH - 19);
    assertNull(open.fault(longest));
    assertEquals("has more than 2048 characters: 2049", open.fault(longest + "x"));
  }

  @Test
  void looksAgainAtTheAddressThatIsConnectedTo() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket refused = strict.sockets().createSocket();
        Socket allowed = open.sockets().createSocket()) {
      // As with DNS rebinding: the name was fine, the address is not.
      InetSocketAddress address =
          new InetSocketAddress(
              InetAddress.getByAddress("example.com", new byte[] {127, 0, 0, 1}),
              server.getLocalPort());
      IOException e = assertThrows(IOException.class, () -> refused.connect(address, 1_000));
      assertEquals("refused to connect to an address that is not public", e.getMessage());
      assertFalse(refused.isConnected());
      allowed.connect(address, 1_000);
      assertTrue(allowed.isConnected());
      assertThrows(
          IOException.class,
          () -> strict.sockets().createSocket("127.0.0.1", server.getLocalPort()).close());
    }
  }
}
