package io.kenbun.lite.http.openapi;

import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.http.call.StaticFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/**
 * {@code GET /openapi.json} and {@code GET /docs}, Swagger UI out of its WebJar: nothing is fetched
 * from elsewhere, and the page may run no script but its own.
 */
public final class OpenApi {
  /** Swagger UI draws its icons from {@code data:}. */
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self';"
          + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private static final String VIEWER = "io/kenbun/lite/http/openapi/viewer/";
  private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui/";
  private static final String WEBJAR_FACTS = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

  private OpenApi() {}

  /**
   * Returns the routes.
   *
   * @param table all that are served; read when the document is first asked for, so it may grow
   *     until then
   */
  public static List<Route> of(List<Route> table, String version) {
    String webJar = WEBJAR + webJarVersion() + "/";
    return new StaticFiles(PAGE_POLICY)
        .file("/openapi.json", "application/json", () -> Document.of(table, version))
        .file("/docs", VIEWER + "index.html")
        .file("/docs/page.css", VIEWER + "page.css")
        .file("/docs/page.js", VIEWER + "page.js")
        .file("/docs/swagger-ui.css", webJar + "swagger-ui.css")
        .file("/docs/swagger-ui-bundle.js", webJar + "swagger-ui-bundle.js")
        .file("/docs/favicon-32x32.png", webJar + "favicon-32x32.png")
        .routes();
  }

  /** Returns the version of the WebJar, which is part of its paths. */
  private static String webJarVersion() {
    try (InputStream in = OpenApi.class.getClassLoader().getResourceAsStream(WEBJAR_FACTS)) {
      if (in == null) {
        throw new IllegalStateException("no " + WEBJAR_FACTS);
      }
      Properties facts = new Properties();
      facts.load(in);
      return String.valueOf(facts.getProperty("version"));
    } catch (IOException e) {
      throw new UncheckedIOException(WEBJAR_FACTS, e);
    }
  }
}
