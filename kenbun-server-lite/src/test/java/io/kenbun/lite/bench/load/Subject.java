package io.kenbun.lite.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The server that is measured, in a process of its own, and requests to it as bytes. */
public final class Subject {
  private static final String AUTHORIZATION = "Basic ZGV2OmRldg==";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Subject() {}

  /** Returns a POST, whole. */
  public static byte[] request(
      URI url, String path, String cookie, String type, String headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + url.getPort()
            + "\r\nAuthorization: "
            + AUTHORIZATION
            + "\r\nContent-Type: "
            + type
            + "\r\n"
            + (cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n")
            + headers
            + "Content-Length: "
            + bytes.length
            + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[start.length + bytes.length];
    System.arraycopy(start, 0, request, 0, start.length);
    System.arraycopy(bytes, 0, request, start.length, bytes.length);
    return request;
  }

  /** Returns a GET, whole. */
  public static byte[] request(URI url, String path, String cookie) {
    return ("GET "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + url.getPort()
            + "\r\nAuthorization: "
            + AUTHORIZATION
            + "\r\nCookie: "
            + cookie
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns the same for a client of the JDK. */
  public static HttpRequest get(URI url, String path, String cookie) {
    return HttpRequest.newBuilder(url.resolve(path))
        .header("Authorization", AUTHORIZATION)
        .header("Cookie", cookie)
        .build();
  }

  /** Starts it in a JVM of 256 MB: {@code server}, or a part of one. */
  public static Process launch(Path data, String... what) throws IOException {
    return launch("256m", data, what);
  }

  /** Starts it with another heap. */
  public static Process launch(String heap, Path data, String... what) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseParallelGC", // As docs/operations.md says, and as it is packaged.
                "-cp",
                System.getProperty("java.class.path")));
    if (what[0].equals("server")) {
      command.addAll(List.of("io.kenbun.lite.Main", "--port", "0", "--max-queue", "100000000"));
      command.addAll(List.of(what).subList(1, what.length)); // Options of the server.
      command.add("--data");
    } else {
      command.add("io.kenbun.lite.SubjectServer");
      command.addAll(List.of(what).subList(1, what.length));
    }
    command.add(data.toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Returns where it listens, once it does. */
  public static URI url(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the server did not start");
    }
    return URI.create(line.substring("Listening on ".length()));
  }

  /** Returns the cookie of the active unit. */
  public static String activate(URI url) throws Exception {
    CookieManager cookies = new CookieManager();
    HttpClient client = HttpClient.newBuilder().cookieHandler(cookies).build();
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(url.resolve("/org-units/active"))
                .header("Authorization", AUTHORIZATION)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"ouId\":\"unit_default\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(answer.body());
    }
    return cookies.getCookieStore().getCookies().get(0).toString();
  }

  /** Returns a number of {@code /lite/status}. */
  public static String status(URI url, String cookie, String key) throws Exception {
    HttpRequest request = get(url, "/lite/status", cookie);
    String status = CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return number(status, key);
  }

  private static String number(String json, String key) {
    int from = json.indexOf('"' + key + "\":") + key.length() + 3;
    int to = from;
    while (to < json.length() && (Character.isDigit(json.charAt(to)) || json.charAt(to) == '-')) {
      to++;
    }
    return json.substring(from, to);
  }

  public static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
