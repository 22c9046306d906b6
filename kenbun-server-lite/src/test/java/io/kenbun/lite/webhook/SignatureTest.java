package io.kenbun.lite.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kenbun.lite.webhook.NodeVerifier.Signed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
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
    assumeTrue(
        NodeVerifier.isHere(),
        "Node with npm's standardwebhooks is not here; -Dkenbun.node.modules=DIR says where");
    String secret = Signature.newSecret(random);
    String body = "{\"id\":\"fir_1\",\"lead\":\"Zoë \\\"😀\\\"\"}";
    long at = 1_773_144_000;
    String signature = Signature.of(secret, "fir_1", at, body.getBytes(StandardCharsets.UTF_8));
    assertEquals(
        List.of(true, false, false, false, false),
        NodeVerifier.verify(
            directory,
            List.of(
                new Signed(secret, "fir_1", "" + at, signature, body),
                new Signed(secret, "fir_2", "" + at, signature, body),
                new Signed(secret, "fir_1", "" + (at + 1), signature, body),
                new Signed(secret, "fir_1", "" + at, signature, body + " "),
                new Signed(Signature.newSecret(random), "fir_1", "" + at, signature, body))));
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
