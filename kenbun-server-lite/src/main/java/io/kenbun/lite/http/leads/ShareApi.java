package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Shares;
import io.kenbun.lite.store.reads.Reads;
import io.undertow.server.HttpServerExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;

/**
 * Links to an explanation, for people without a credential ({@code api.md} 7.3). Whoever has the
 * link sees the lead's explanation as it is then, and not whose it is. Runs on workers.
 */
final class ShareApi {
  private static final String PREFIX = "sxp_";
  private static final int TOKEN_BYTES = 32;
  private static final Duration VALID = Duration.ofDays(7);

  private final LeadApi leads;
  private final Reads reads;
  private final Shares shares;
  private final Rules rules;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  ShareApi(LeadApi leads, Reads reads, Shares shares, Rules rules, InstantSource clock) {
    this.leads = leads;
    this.reads = reads;
    this.shares = shares;
    this.rules = rules;
    this.clock = clock;
  }

  /** {@code POST /leads/{leadID}/share-explain}. */
  void create(Call call) throws StorageException {
    Lead lead = leads.lead(call);
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    long nowMillis = clock.millis();
    long expiresAtMillis = nowMillis + VALID.toMillis();
    shares.add(
        hash(token),
        new Shares.Share(call.unit().key(), lead.leadId(), expiresAtMillis),
        nowMillis);
    HttpServerExchange exchange = call.exchange();
    String base = exchange.getRequestScheme() + "://" + exchange.getHostAndPort();
    JsonOut out = new JsonOut().beginObject().field("token", token);
    out.timeField("expires_at", expiresAtMillis)
        .field("share_url", base + "/public/score-explain/" + token);
    call.answer(201, out.endObject());
  }

  /** {@code GET /public/score-explain/{token}}; without a credential. */
  void read(Call call) throws StorageException {
    int hours = Explanation.hours(call.query());
    long nowMillis = clock.millis();
    Shares.Share share = shares.find(hash(call.pathValue("token")), nowMillis);
    Rules.Snapshot snapshot = rules.current();
    Lead lead =
        share == null
            ? null
            : reads
                .leads()
                .lead(share.unit(), snapshot.engine(share.unit()), nowMillis, share.leadId());
    if (share == null || lead == null) {
      throw Problem.notFound("no such share, or it is over");
    }
    RuleSetup setup = snapshot.setup(share.unit());
    JsonOut out = new JsonOut().beginObject().field("score", Scores.headline(setup, lead));
    Explanation.write(reads.scores(), setup, lead, hours, nowMillis, out);
    call.answer(200, out.timeField("expires_at", share.expiresAtMillis()).endObject());
  }

  /** A fast hash is enough: nobody finds 256 random bits by trying. */
  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
