package io.kenbun.lite.http.auth;

import io.kenbun.lite.model.AccessToken;
import io.kenbun.lite.model.ServiceAccount;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Accounts;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The service accounts and access tokens that were made over the API. All of them are held in
 * memory, so that asking for one costs no look-up on disk, and one that is deleted is refused from
 * that moment on. Reads from any thread; changes wait for the store, so on workers.
 *
 * <pre>
 *   client_id      kbn_ci_ and 24 hex digits
 *   client_secret  kbn_cs_ and 256 random bits as base64url
 *   token          kbn_pat_ and 16 hex digits, which name it, and 256 random bits as base64url
 * </pre>
 */
public final class IssuedCredentials {
  static final String TOKEN_PREFIX = "kbn_pat_";
  private static final int TOKEN_NAME_BYTES = 8;
  private static final int SECRET_BYTES = 32;

  /** The secret starts behind this many characters of a token. */
  static final int TOKEN_SECRET_AT = TOKEN_PREFIX.length() + 2 * TOKEN_NAME_BYTES;

  /** An account and what proves it. */
  record Account(ServiceAccount record, Issued issued) {}

  /** A token and what proves it. */
  record Token(AccessToken record, Issued issued) {}

  /** What was made, and the secret that is shown this once. */
  public record Fresh<T>(T record, String secret) {}

  private final Accounts accounts;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Account> byClientId = new ConcurrentHashMap<>();
  private final Map<String, Token> byTokenId = new ConcurrentHashMap<>();

  public IssuedCredentials(Accounts accounts) throws StorageException {
    this.accounts = accounts;
    load();
    accounts.onChanged(this::load);
  }

  /**
   * Brings what is held in line with what is kept; who is in both is not asked to prove it anew.
   */
  private synchronized void load() throws StorageException {
    Map<String, Account> accountsNow = new HashMap<>();
    Map<String, Token> tokensNow = new HashMap<>();
    for (ServiceAccount secret : accounts.secrets()) {
      Account known = byClientId.get(secret.clientId());
      Issued issued =
          known != null && known.record().hash().equals(secret.hash())
              ? known.issued()
              : new Issued(secret.hash());
      accountsNow.put(secret.clientId(), new Account(secret, issued));
    }
    for (AccessToken token : accounts.tokens()) {
      Token known = byTokenId.get(token.id());
      tokensNow.put(token.id(), known == null ? new Token(token, new Issued(token.hash())) : known);
    }
    byClientId.putAll(accountsNow);
    byClientId.keySet().retainAll(accountsNow.keySet());
    byTokenId.putAll(tokensNow);
    byTokenId.keySet().retainAll(tokensNow.keySet());
  }

  @Nullable Account account(String clientId) {
    return byClientId.get(clientId);
  }

  /** Returns the token that {@code text} claims to be, or null. */
  @Nullable Token token(byte[] text) {
    if (text.length <= TOKEN_SECRET_AT) {
      return null;
    }
    return byTokenId.get(
        tokenId(
            new String(
                text,
                TOKEN_PREFIX.length(),
                TOKEN_SECRET_AT - TOKEN_PREFIX.length(),
                StandardCharsets.ISO_8859_1)));
  }

  /** Returns the accounts of {@code unit}, in the order they were made. */
  List<ServiceAccount> accounts(long unit) {
    List<ServiceAccount> own = new ArrayList<>();
    for (Account account : byClientId.values()) {
      if (account.record().unit() == unit) {
        own.add(account.record());
      }
    }
    own.sort(
        Comparator.comparingLong(ServiceAccount::createdAtMillis)
            .thenComparing(ServiceAccount::secretId));
    return own;
  }

  /** Returns the tokens of {@code owner}, in the order they were made. */
  List<AccessToken> tokens(String owner) {
    List<AccessToken> own = new ArrayList<>();
    for (Token token : byTokenId.values()) {
      if (token.record().owner().equals(owner)) {
        own.add(token.record());
      }
    }
    own.sort(Comparator.comparingLong(AccessToken::createdAtMillis).thenComparing(AccessToken::id));
    return own;
  }

  /** Makes an account for the unit of that key; {@code name} has 1 to 50 characters. */
  public Fresh<ServiceAccount> addAccount(long unit, String name, long nowMillis)
      throws StorageException {
    String secret = "kbn_cs_" + secretText();
    ServiceAccount account =
        new ServiceAccount(
            "sec_" + hex(8),
            unit,
            "kbn_ci_" + hex(12),
            name,
            false,
            SecretHash.of(secret, random),
            nowMillis);
    accounts.add(account);
    byClientId.put(account.clientId(), new Account(account, new Issued(account.hash())));
    return new Fresh<>(account, secret);
  }

  /** Says whether {@code unit} has that account, and sets its switch. */
  synchronized boolean trustUpstreamConsent(long unit, String secretId, boolean trust)
      throws StorageException {
    ServiceAccount old = find(unit, secretId);
    if (old == null || !accounts.trustUpstreamConsent(secretId, trust)) {
      return false;
    }
    ServiceAccount changed =
        new ServiceAccount(
            old.secretId(),
            unit,
            old.clientId(),
            old.name(),
            trust,
            old.hash(),
            old.createdAtMillis());
    byClientId.computeIfPresent(
        old.clientId(), (id, account) -> new Account(changed, account.issued()));
    return true;
  }

  /** Says whether {@code unit} had that account; it and its tokens are refused from here on. */
  synchronized boolean deleteAccount(long unit, String secretId) throws StorageException {
    ServiceAccount account = find(unit, secretId);
    if (account == null) {
      return false;
    }
    accounts.delete(account);
    byClientId.remove(account.clientId());
    byTokenId.values().removeIf(token -> token.record().owner().equals(account.clientId()));
    return true;
  }

  Fresh<AccessToken> addToken(
      String owner, String name, @Nullable Long expiresAtMillis, long nowMillis)
      throws StorageException {
    String id = hex(TOKEN_NAME_BYTES);
    String secret = secretText();
    AccessToken token =
        new AccessToken(
            tokenId(id), owner, name, SecretHash.of(secret, random), expiresAtMillis, nowMillis);
    accounts.add(token);
    byTokenId.put(token.id(), new Token(token, new Issued(token.hash())));
    return new Fresh<>(token, TOKEN_PREFIX + id + secret);
  }

  /** Says whether {@code owner} had that token; it is refused from here on. */
  synchronized boolean deleteToken(String owner, String id) throws StorageException {
    Token token = byTokenId.get(id);
    if (token == null || !token.record().owner().equals(owner)) {
      return false;
    }
    accounts.delete(token.record());
    byTokenId.remove(id);
    return true;
  }

  private @Nullable ServiceAccount find(long unit, String secretId) {
    for (ServiceAccount account : accounts(unit)) {
      if (account.secretId().equals(secretId)) {
        return account;
      }
    }
    return null;
  }

  private static String tokenId(String name) {
    return "pat_" + name;
  }

  private String secretText() {
    byte[] bits = new byte[SECRET_BYTES];
    random.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  private String hex(int bytes) {
    byte[] bits = new byte[bytes];
    random.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }
}
