package io.kenbun.lite.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignatureTest {
  private static final SecureRandom random = new SecureRandom();

  /** The example of the Standard Webhooks libraries, the same in every language. */
  @Test
  void signsThePublishedExample() {
    assertEquals(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        Signature.of(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void npmsStandardwebhooksVerifiesWhatIsSignedHere(@TempDir Path directory) throws Exception {
    Path folder = Path.of(System.getProperty("kenbun.node.modules", "target/node/node_modules"));
    String modules = folder.toAbsolutePath().toString();
    assumeTrue(
        Files.isDirectory(folder.resolve("standardwebhooks")) && hasNode(),
        "Node with npm's standardwebhooks is not here; -Dkenbun.node.modules=DIR says where");
    String secret = Signature.newSecret(random);
    String body = "{\"id\":\"fir_1\",\"lead\":\"Zoë \\\"😀\\\"\"}";
    long now = System.currentTimeMillis() / 1_000;
    Path script = directory.resolve("verify.js");
    Files.writeString(
        script,
        """
        const { Webhook } = require(process.argv[2] + "/standardwebhooks");
        const [secret, id, at, signature, body] = process.argv.slice(3);
        new Webhook(secret).verify(body, {
          "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature });
        """);
    String signature = Signature.of(secret, "fir_1", now, body.getBytes(StandardCharsets.UTF_8));
    assertEquals(0, node(script, modules, secret, "fir_1", "" + now, signature, body));
    assertNotEquals(0, node(script, modules, secret, "fir_2", "" + now, signature, body));
    assertNotEquals(0, node(script, modules, secret, "fir_1", "" + now, signature, body + " "));
  }

  private static boolean hasNode() throws InterruptedException {
    try {
      return new ProcessBuilder("node", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int node(Path script, String... arguments) throws Exception {
    String[] command = new String[arguments.length + 2];
    command[0] = "node";
    command[1] = script.toString();
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(true, process.waitFor(20, TimeUnit.SECONDS));
    return process.exitValue();
  }

  @Test
  void aNewSecretMayBeUsed() {
    String secret = Signature.newSecret(random);
    assertNull(Signature.fault(secret));
    assertEquals(32, Base64.getDecoder().decode(secret.substring(6)).length);
    assertNotEquals(secret, Signature.newSecret(random));
  }

  @Test
  void aSecretHas24To64BytesAsStandardWebhooksAsks() {
    assertEquals("has less than 24 or more than 64 bytes: 23", Signature.fault(secretOf(23)));
    assertNull(Signature.fault(secretOf(24)));
    assertNull(Signature.fault(secretOf(64)));
    assertEquals("has less than 24 or more than 64 bytes: 65", Signature.fault(secretOf(65)));
    assertEquals("does not start with whsec_", Signature.fault("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    assertEquals("is not base64 after whsec_", Signature.fault("whsec_MfKQ9r8GKYq rTwjUPD8"));
  }

  private static String secretOf(int bytes) {
    return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
