package io.kenbun.examples;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Says whether a webhook comes from who shares its secret, and was made just now. */
public final class WebhookVerifier {
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final SecretKeySpec key;
  private final InstantSource clock;

  public WebhookVerifier(String signingSecret, InstantSource clock) {
    byte[] secret = Base64.getDecoder().decode(signingSecret.substring("whsec_".length()));
    this.key = new SecretKeySpec(secret, "HmacSHA256");
    this.clock = clock;
  }

  /** Takes the headers webhook-id, webhook-timestamp, webhook-signature, and the raw body. */
  public boolean isGenuine(String id, String timestamp, String signatures, byte[] body)
      throws GeneralSecurityException {
    long seconds;
    try {
      seconds = Long.parseLong(timestamp);
    } catch (NumberFormatException e) {
      return false;
    }
    if (Math.abs(clock.instant().getEpochSecond() - seconds) > TOLERANCE.toSeconds()) {
      return false; // An old one, sent again by somebody who has recorded it.
    }
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(key);
    mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
    String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    boolean genuine = false;
    for (String signature : signatures.split(" ", -1)) { // Several while a secret is changed.
      genuine |=
          MessageDigest.isEqual(
              signature.getBytes(StandardCharsets.UTF_8),
              expected.getBytes(StandardCharsets.UTF_8));
    }
    return genuine;
  }
}
