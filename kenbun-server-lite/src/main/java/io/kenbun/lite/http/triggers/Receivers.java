package io.kenbun.lite.http.triggers;

import io.kenbun.lite.pipeline.StorageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where triggers may send to: which URLs, and which channels there are. Any thread. */
public final class Receivers {
  /** Returns what rule {@code url} breaks, null when a webhook may go there; never repeats it. */
  @Nullable String fault(String url) {
    try {
      URI parsed = new URI(url);
      String scheme = String.valueOf(parsed.getScheme());
      if ((!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https"))
          || parsed.getRawAuthority() == null) {
        return "is no http or https URL";
      }
      if (parsed.getRawAuthority().indexOf('@') >= 0) {
        return "holds a user name or a password";
      }
      return parsed.getHost() == null ? "is no http or https URL" : null;
    } catch (URISyntaxException e) {
      return "is no http or https URL";
    }
  }

  /** Returns the ids of the unit's channels by their keys. */
  Map<Long, String> channels(long unit) throws StorageException {
    return Map.of();
  }
}
