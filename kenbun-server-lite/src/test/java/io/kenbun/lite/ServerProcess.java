package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.store.TestStores;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server in a JVM of its own, which can be killed. */
public final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final URI url;

  private ServerProcess(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts one on a port of its own, unless the options name another, with the engine that tests
   * run on.
   */
  public static ServerProcess start(Path data, String... options) throws IOException {
    return start(engine(data), data, options);
  }

  private static Map<String, String> engine(Path data) {
    return TestStores.isPostgres() ? Map.of("KENBUN_ENGINE", TestStores.database(data)) : Map.of();
  }

  static ServerProcess start(Map<String, String> environment, Path data, String... options)
      throws IOException {
    Process process = launch(environment, data, options);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null || !line.startsWith("Listening on ")) {
      process.destroyForcibly();
      throw new IOException("the server did not start: " + line);
    }
    return new ServerProcess(process, URI.create(line.substring("Listening on ".length())));
  }

  static Process launch(Path data, String... options) throws IOException {
    return launch(Map.of(), data, options);
  }

  private static Process launch(Map<String, String> environment, Path data, String... options)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--data",
                data.toString()));
    command.addAll(List.of(options));
    if (!command.contains("--port")) {
      command.addAll(List.of("--port", "0"));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Asserts that a server with these options ends at once, and what it says. */
  static void assertFailure(int exitCode, String message, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(exitCode, process.exitValue(), output);
    assertTrue(output.contains(message), output);
    assertFalse(output.contains("\tat "), output);
  }

  public URI url() {
    return url;
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Stops it for a moment with SIGSTOP, as a machine does that is suspended, and lets it go on. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
    // A tenth of a second of real time is what the pause is about.
    new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  /** Ends it as {@code kill} does, with SIGTERM; returns its exit code. */
  public int terminate() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new IOException("the server did not end within 20 s of SIGTERM");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
