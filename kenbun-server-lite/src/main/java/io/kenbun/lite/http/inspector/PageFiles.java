package io.kenbun.lite.http.inspector;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.InputStream;

/** Stand-in. */
final class PageFiles {
  private static final String CSP =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  void answer(Call call, String name) throws IOException {
    String dir = System.getProperty("kenbun.inspector");
    byte[] bytes;
    try (InputStream in =
        dir == null
            ? PageFiles.class.getResourceAsStream("/io/kenbun/lite/inspector/" + name)
            : new java.io.FileInputStream(dir + "/" + name)) {
      if (in == null) {
        throw Problem.notFound("no such file");
      }
      bytes = in.readAllBytes();
    } catch (java.io.FileNotFoundException e) {
      throw Problem.notFound("no such file");
    }
    call.header(new HttpString("Content-Security-Policy"), CSP);
    call.header(Headers.CACHE_CONTROL, "no-cache");
    String type = name.endsWith(".js") ? "text/javascript" : name.endsWith(".css") ? "text/css" : "text/html";
    call.answer(200, type + "; charset=utf-8", bytes);
  }
}
