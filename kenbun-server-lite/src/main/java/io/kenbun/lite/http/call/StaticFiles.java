package io.kenbun.lite.http.call;

import io.kenbun.lite.http.call.Routes.Needs;
import io.kenbun.lite.http.call.Routes.On;
import io.kenbun.lite.http.call.Routes.Route;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files of the class path under paths of their own, for anybody to read: pages, scripts, WebJars.
 * What is served is listed at start, one literal route a file, so no request can name anything
 * else. A file is read when it is first asked for and kept from then on; browsers ask each time
 * whether theirs is still the one ({@code ETag}). Set up on one thread, then any.
 */
public final class StaticFiles {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private static final HttpString REFERRER = new HttpString("Referrer-Policy");
  private static final HttpString POLICY = new HttpString("Content-Security-Policy");

  private final String contentSecurityPolicy;
  private final Map<String, StaticFile> files = new LinkedHashMap<>();

  /**
   * Makes a mount without files.
   *
   * @param contentSecurityPolicy goes along with each of them, for example {@code default-src
   *     'self'}
   */
  public StaticFiles(String contentSecurityPolicy) {
    this.contentSecurityPolicy = contentSecurityPolicy;
  }

  /** Reads what a file holds. */
  public interface Source {
    byte[] read() throws IOException;
  }

  /**
   * Adds the resource {@code resource} (no slash in front) at {@code path} (one in front).
   *
   * @throws IllegalArgumentException when there is no such resource, or it ends in no known type
   */
  public StaticFiles file(String path, String resource) {
    URL url = StaticFiles.class.getClassLoader().getResource(resource);
    if (url == null) {
      throw new IllegalArgumentException("no such resource: " + resource);
    }
    return file(
        path,
        type(resource),
        () -> {
          try (InputStream in = url.openStream()) {
            return in.readAllBytes();
          }
        });
  }

  /** Adds something that is made when it is first asked for. */
  public StaticFiles file(String path, String type, Source source) {
    if (files.put(path, new StaticFile(type, source)) != null) {
      throw new IllegalArgumentException("path twice: " + path);
    }
    return this;
  }

  /**
   * Adds all files of a resource folder, at any depth, under {@code path}; neither ends with a
   * slash.
   *
   * @throws IllegalArgumentException when there is no such folder, or a file in it ends in no known
   *     type
   */
  public StaticFiles folder(String path, String folder) {
    for (String name : names(folder)) {
      file(path + "/" + name, folder + "/" + name);
    }
    return this;
  }

  /** Returns a route for each file; no credential is needed. */
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    files.forEach(
        (path, file) ->
            routes.add(
                new Route(
                    "GET",
                    path,
                    Needs.NOTHING,
                    On.WORKER,
                    (FileHandler) call -> answer(call, file))));
    return routes;
  }

  /** Says whether a route serves a file, so that there is nothing to say about it as a call. */
  public static boolean isFile(Route route) {
    return route.handler() instanceof FileHandler;
  }

  private interface FileHandler extends Routes.Handler {}

  /** Answers with the file at {@code path}, which must be one of them; on a worker. */
  public void answer(Call call, String path) throws IOException {
    StaticFile file = files.get(path);
    if (file == null) {
      throw new IllegalArgumentException("no such file: " + path);
    }
    answer(call, file);
  }

  private void answer(Call call, StaticFile file) throws IOException {
    Content content = file.content();
    call.header(REFERRER, "no-referrer");
    call.header(POLICY, contentSecurityPolicy);
    call.header(Headers.CACHE_CONTROL, "no-cache"); // Kept, but asked for each time.
    call.header(Headers.ETAG, content.etag);
    call.answer(200, file.type, content.bytes); // Or 304: ReadAnswer knows the tag.
  }

  private static String type(String name) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalArgumentException("file of no known type: " + name);
    }
    return type;
  }

  /** Returns the files below a resource folder, which lies in a directory or in a jar. */
  private static Set<String> names(String folder) {
    URL url = StaticFiles.class.getClassLoader().getResource(folder);
    if (url == null) {
      throw new IllegalArgumentException("no such resource folder: " + folder);
    }
    Set<String> names = new TreeSet<>();
    try {
      if (url.openConnection() instanceof JarURLConnection connection) {
        connection.setUseCaches(false); // The jar is ours to close.
        try (JarFile jar = connection.getJarFile()) {
          jar.stream()
              .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(folder + "/"))
              .forEach(entry -> names.add(entry.getName().substring(folder.length() + 1)));
        }
      } else {
        Path root = Path.of(URI.create(url.toString()));
        try (Stream<Path> below = Files.walk(root)) {
          below
              .filter(Files::isRegularFile)
              .forEach(file -> names.add(root.relativize(file).toString().replace('\\', '/')));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("resource folder " + folder + " cannot be listed", e);
    }
    return names;
  }

  private static final class StaticFile {
    final String type;
    private final Source source;
    private @Nullable Content content; // Guarded by this.

    StaticFile(String type, Source source) {
      this.type = type;
      this.source = source;
    }

    synchronized Content content() throws IOException {
      if (content == null) {
        content = new Content(source.read());
      }
      return content;
    }
  }

  private static final class Content {
    final byte[] bytes;
    final String etag;

    Content(byte[] bytes) {
      this.bytes = bytes;
      this.etag = ReadAnswer.tag(bytes);
    }
  }
}
