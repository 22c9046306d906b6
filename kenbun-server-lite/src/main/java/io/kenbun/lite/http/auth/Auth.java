package io.kenbun.lite.http.auth;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.call.Problem;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioWorker;

/**
 * Tells who is calling: {@code Basic client_id:client_secret}, {@code Bearer kbn_pat_…}, or,
 * without either, the cookie of a session that began with one of them. Absent, malformed and wrong
 * credentials get one and the same answer, and an id that nobody has costs what a wrong secret
 * costs; wrong ones get it late. Any thread.
 *
 * <pre>
 *   configured ─────────────────────────── fast hash, at once
 *   issued here, right secret seen before ─ fast hash, at once
 *   issued here, not seen since the start ─ slow hash, on a worker, one at a time
 * </pre>
 */
public final class Auth {
  private static final String BASIC = "Basic ";
  private static final String BEARER = "Bearer ";

  /** How many may wait for a slow hash; the rest is told to come again. */
  private static final int MAX_SLOW = 256;

  /** How many refusals may be held back; the rest is cut off. */
  private static final int MAX_HELD_BACK = 1_000;

  /** Compared with where there is no such id. */
  private static final Credential NOBODY =
      Credential.of("nobody", "nobody", "no secret matches this one's hash on purpose", Set.of());

  private final Map<String, Credential> byClientId = new HashMap<>();
  private final IssuedCredentials issued;
  private final Sessions sessions;
  private final Units units;
  private final InstantSource clock;
  private final FailedLogins failedLogins;
  private final AtomicInteger heldBack = new AtomicInteger();
  private final Queue<Runnable> slow = new ArrayDeque<>(); // Guarded by itself.
  private boolean slowRuns; // Guarded by slow.

  /** Goes on with whoever was found to call. */
  public interface Then {
    void pass(Credential caller) throws Exception;
  }

  /** Finds the {@code unit_id} of a unit's key. */
  public interface Units {
    String unitId(long key);
  }

  /**
   * Makes it.
   *
   * @param maxDelayMillis the longest that a refusal is held back
   */
  public Auth(
      List<Credential> credentials,
      IssuedCredentials issued,
      Sessions sessions,
      Units units,
      InstantSource clock,
      InstantSource realClock,
      long maxDelayMillis) {
    for (Credential credential : credentials) {
      byClientId.put(credential.clientId(), credential);
    }
    this.issued = issued;
    this.sessions = sessions;
    this.units = units;
    this.clock = clock;
    this.failedLogins = new FailedLogins(realClock, maxDelayMillis);
  }

  /** Goes on with whose credentials {@code call} carries, now or later, or refuses it. */
  public void authenticate(Call call, Then then) throws Exception {
    if (byClientId.isEmpty()) {
      then.pass(Credential.ANYONE); // HttpConfig allows this on a loopback address only.
      return;
    }
    HeaderValues values = call.requestHeaders().get(Headers.AUTHORIZATION);
    if (values == null) {
      Credential signedIn = signedIn(call.requestHeaders());
      if (signedIn == null) {
        throw unauthorized(call); // At once: clients ask like this to learn what is wanted.
      }
      Sessions.checkOrigin(call);
      then.pass(signedIn);
      return;
    }
    String header = values.size() == 1 ? values.getFirst() : "";
    if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      basic(call, header.substring(BASIC.length()).trim(), then);
    } else if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      bearer(call, header.substring(BEARER.length()).trim(), then);
    } else {
      refuse(call, "");
    }
  }

  /** Says whether the server takes anyone, which it does on a loopback address only. */
  boolean isOpen() {
    return byClientId.isEmpty();
  }

  /**
   * Returns whose session the request's cookie names, or null; an account that has ended has none.
   */
  @Nullable Credential signedIn(HeaderMap headers) {
    Sessions.Session session = sessions.find(headers);
    Credential owner = session == null ? null : caller(session.clientId());
    return owner == null || session == null ? null : owner.until(session.tokenExpiresAtMillis());
  }

  /**
   * A browser asks its user by itself where Basic is wanted; the inspector asks on its own page.
   */
  private static Problem unauthorized(Call call) {
    return Sessions.isFromPage(call.requestHeaders())
        ? Problem.signedOut()
        : Problem.unauthorized();
  }

  private void basic(Call call, String encoded, Then then) throws Exception {
    byte[] sent;
    try {
      sent = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      refuse(call, "");
      return;
    }
    int colon = 0;
    while (colon < sent.length && sent[colon] != ':') {
      colon++;
    }
    if (colon == sent.length) {
      refuse(call, "");
      return;
    }
    int secretAt = colon + 1;
    String clientId = new String(sent, 0, colon, StandardCharsets.UTF_8);
    IssuedCredentials.Account account = issued.account(clientId);
    if (account != null) {
      prove(call, account.issued(), sent, secretAt, clientId, () -> caller(clientId), then);
      return;
    }
    Credential known = byClientId.get(clientId);
    boolean right = (known == null ? NOBODY : known).isSecret(sent, secretAt);
    if (known != null && right) {
      then.pass(known);
    } else {
      refuse(call, known == null ? "" : clientId);
    }
  }

  private void bearer(Call call, String text, Then then) throws Exception {
    byte[] sent = text.getBytes(StandardCharsets.ISO_8859_1);
    IssuedCredentials.Token token =
        text.startsWith(IssuedCredentials.TOKEN_PREFIX) ? issued.token(sent) : null;
    if (token == null) {
      NOBODY.isSecret(sent, 0);
      refuse(call, "");
    } else {
      int secretAt = IssuedCredentials.TOKEN_SECRET_AT;
      String owner = token.record().owner();
      prove(call, token.issued(), sent, secretAt, owner, () -> caller(token, sent), then);
    }
  }

  /** Returns whom an account stands for, or null when it has ended. */
  private @Nullable Credential caller(String clientId) {
    IssuedCredentials.Account account = issued.account(clientId);
    if (account == null) {
      return byClientId.get(clientId);
    }
    String unitId = units.unitId(account.record().unit());
    return Credential.issued(clientId, account.record().name(), Set.of(unitId));
  }

  /** Returns whom a token stands for, or null when it has ended, or its owner has. */
  private @Nullable Credential caller(IssuedCredentials.Token token, byte[] sent) {
    Long expiresAtMillis = token.record().expiresAtMillis();
    boolean isOver = expiresAtMillis != null && clock.millis() >= expiresAtMillis;
    Credential owner = caller(token.record().owner());
    return isOver || owner == null || issued.token(sent) == null
        ? null
        : owner.until(expiresAtMillis);
  }

  /** Goes on with {@code caller} if the bytes of {@code sent} from {@code secretAt} on prove it. */
  private void prove(
      Call call,
      Issued proof,
      byte[] sent,
      int secretAt,
      String clientId,
      Supplier<@Nullable Credential> caller,
      Then then)
      throws Exception {
    switch (proof.quick(sent, secretAt)) {
      case RIGHT -> admit(call, caller.get(), clientId, then);
      case WRONG -> admit(call, null, clientId, then);
      case UNKNOWN ->
          soon(
              call,
              () -> {
                boolean right = proof.verify(sent, secretAt);
                call.onIoThread(() -> admit(call, right ? caller.get() : null, clientId, then));
              });
    }
  }

  private void admit(Call call, @Nullable Credential caller, String clientId, Then then)
      throws Exception {
    if (caller == null) {
      refuse(call, clientId);
    } else {
      then.pass(caller);
    }
  }

  /** Has a worker run {@code task} after those before it, so that reads keep their workers. */
  private void soon(Call call, Runnable task) {
    XnioWorker worker = call.exchange().getConnection().getWorker();
    synchronized (slow) {
      if (slow.size() >= MAX_SLOW) {
        throw Problem.overloaded();
      }
      slow.add(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              call.fail(e); // Those behind it are still to come.
            }
          });
      if (slowRuns) {
        return;
      }
      slowRuns = true;
    }
    try {
      worker.execute(this::runSlow);
    } catch (RejectedExecutionException e) {
      synchronized (slow) {
        slowRuns = false;
        slow.clear();
      }
      throw Problem.shuttingDown();
    }
  }

  private void runSlow() {
    while (true) {
      Runnable task;
      synchronized (slow) {
        task = slow.poll();
        if (task == null) {
          slowRuns = false;
          return;
        }
      }
      task.run();
    }
  }

  /** Refuses wrong credentials, late. On the I/O thread, which is not held up by it. */
  private void refuse(Call call, String clientId) {
    InetSocketAddress source = call.exchange().getSourceAddress();
    InetAddress address = source == null ? null : source.getAddress();
    long delayMillis = failedLogins.delayMillis(text(address), clientId);
    if (delayMillis == 0) {
      call.fail(unauthorized(call));
    } else if (heldBack.incrementAndGet() > MAX_HELD_BACK) {
      heldBack.decrementAndGet();
      call.abort();
    } else {
      call.ioThread()
          .executeAfter(
              () -> {
                heldBack.decrementAndGet();
                call.fail(unauthorized(call));
              },
              delayMillis,
              TimeUnit.MILLISECONDS);
    }
  }

  private static String text(@Nullable InetAddress address) {
    return address == null ? "unknown" : address.getHostAddress();
  }
}
