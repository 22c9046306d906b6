package io.kenbun.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;

/**
 * The cookies of one organizational unit, above all {@code activeOu}. One jar for each unit, so
 * that several units over one connection pool never mix.
 */
final class UnitCookies implements CookieJar {
  private final List<Cookie> cookies = new ArrayList<>(); // Guarded by this.

  @Override
  public synchronized void saveFromResponse(HttpUrl url, List<Cookie> received) {
    for (Cookie cookie : received) {
      for (Iterator<Cookie> i = cookies.iterator(); i.hasNext(); ) {
        Cookie known = i.next();
        if (known.name().equals(cookie.name())
            && known.domain().equals(cookie.domain())
            && known.path().equals(cookie.path())) {
          i.remove();
        }
      }
      cookies.add(cookie);
    }
  }

  @Override
  public synchronized List<Cookie> loadForRequest(HttpUrl url) {
    long now = Clock.SYSTEM.epochMillis();
    List<Cookie> matching = new ArrayList<>();
    for (Cookie cookie : cookies) {
      if (cookie.expiresAt() > now && cookie.matches(url)) {
        matching.add(cookie);
      }
    }
    return matching;
  }
}
