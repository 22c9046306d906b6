package io.kenbun.lite.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Verifies webhooks with an implementation that is not ours: npm's {@code standardwebhooks}, run
 * with Node where both are found.
 */
public final class NodeVerifier {
  private static final Path MODULES =
      Path.of(System.getProperty("kenbun.node.modules", "target/node/node_modules"));
  private static final String SCRIPT =
      """
      const { Webhook } = require(process.argv[2] + "/standardwebhooks");
      const lines = require("fs").readFileSync(process.argv[3], "utf8").split("\\n");
      for (const line of lines.filter(l => l !== "")) {
        const [secret, id, at, signature, body] = line.split("\\t");
        // What came is looked at later: its age is the library's own affair elsewhere.
        Date.now = () => Number(at) * 1000;
        let genuine = true;
        try {
          new Webhook(secret).verify(Buffer.from(body, "base64").toString("utf8"), {
            "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature });
        } catch (e) {
          genuine = false;
        }
        console.log(genuine);
      }
      """;

  private NodeVerifier() {}

  /** A webhook as it came in, and the secret that it is to be signed with. */
  public record Signed(String secret, String id, String timestamp, String signature, String body) {}

  /** Says whether Node and the package are here. */
  public static boolean isHere() throws InterruptedException {
    if (!Files.isDirectory(MODULES.resolve("standardwebhooks"))) {
      return false;
    }
    try {
      return new ProcessBuilder("node", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    }
  }

  /**
   * Says of each whether it is genuine.
   *
   * @param directory for files of its own
   */
  public static List<Boolean> verify(Path directory, List<Signed> all) throws Exception {
    Path script = Files.writeString(directory.resolve("verify.js"), SCRIPT);
    StringBuilder lines = new StringBuilder();
    for (Signed one : all) {
      String body = Base64.getEncoder().encodeToString(one.body().getBytes(StandardCharsets.UTF_8));
      lines
          .append(String.join("\t", one.secret(), one.id(), one.timestamp(), one.signature(), body))
          .append('\n');
    }
    Path input = Files.writeString(directory.resolve("webhooks.tsv"), lines);
    Path output = directory.resolve("genuine.txt");
    Process process =
        new ProcessBuilder(
                "node",
                script.toString(),
                MODULES.toAbsolutePath().toString(),
                input.toAbsolutePath().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("Node did not verify");
    }
    return Files.readAllLines(output).stream().map(Boolean::valueOf).toList();
  }
}
