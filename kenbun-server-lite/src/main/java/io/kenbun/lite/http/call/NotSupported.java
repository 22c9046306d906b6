package io.kenbun.lite.http.call;

/**
 * Serves a route of the real service that is not served here: 501 {@code not_supported}.
 *
 * @param what is not, in words, many of them
 */
public record NotSupported(String what) implements Routes.Handler {
  @Override
  public void handle(Call call) {
    throw Problem.notSupported(what);
  }
}
