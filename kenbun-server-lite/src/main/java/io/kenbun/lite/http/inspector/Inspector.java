package io.kenbun.lite.http.inspector;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Routes;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.util.Locale;

/** {@code GET /}: the page for whoever asks for HTML, the status for everybody else. */
public final class Inspector {
  private final Routes.Handler status;
  private final PageFiles files = new PageFiles();

  /** Makes it; {@code status} answers those who are no browsers. */
  public Inspector(Routes.Handler status) {
    this.status = status;
  }

  public void home(Call call) throws Exception {
    call.header(Headers.VARY, "Accept");
    if (wantsHtml(call.requestHeaders().get(Headers.ACCEPT))) {
      files.answer(call, "index.html");
    } else {
      status.handle(call);
    }
  }

  private static boolean wantsHtml(@org.jspecify.annotations.Nullable HeaderValues accepted) {
    if (accepted == null) {
      return false;
    }
    for (String value : accepted) {
      if (value.toLowerCase(Locale.ROOT).contains("text/html")) {
        return true;
      }
    }
    return false;
  }
}
