package io.kenbun.lite.http.inspector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A shell that commands are pasted into, in a directory of their own. */
final class Shell {
  private Shell() {}

  /** Runs {@code command}; returns its exit code. */
  static int run(String command) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("kenbun-shell");
    Process shell =
        new ProcessBuilder("sh", "-e")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    shell.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    shell.getOutputStream().close();
    int exitCode = shell.waitFor();
    Files.deleteIfExists(directory.resolve("jar"));
    Files.delete(directory);
    return exitCode;
  }
}
