package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs what docs/http-api.md tells people to type, in its order, in one shell against one server,
 * and compares what it prints with what the page shows.
 *
 * <pre>
 *   ```sh      a block that is run
 *   ```json    the block below it, if there is one: its answer, where … stands for anything,
 *   ```text    and line ends and blanks at the start of a line for nothing
 * </pre>
 */
class CookbookTest {
  private static final Path PAGE = Path.of("..", "docs", "http-api.md");
  private static final Pattern BLOCK =
      Pattern.compile("```sh\n(.*?)\n```\n(?:\n```(?:json|text)\n(.*?)\n```\n)?", Pattern.DOTALL);
  private static final String MARK = "-- end of example --";

  private record Example(String command, String answer) {}

  @Test
  void everyExampleDoesWhatThePageShows(@TempDir Path dir) throws Exception {
    List<Example> examples = examples();
    assertTrue(examples.size() > 40, examples.size() + " examples");
    try (KenbunLite server =
        KenbunLite.builder().port(0).inMemory().defaultOu("unit_default").testClock().start()) {
      String host = server.url().getAuthority();
      StringBuilder script = new StringBuilder("set -euo pipefail\n");
      for (Example example : examples) {
        script.append(example.command().replace("localhost:8080", host));
        script.append("\nprintf '\\n" + MARK + "\\n'\n");
      }
      Path file = Files.writeString(dir.resolve("cookbook.sh"), script);
      Process bash =
          new ProcessBuilder("bash", file.toString())
              .directory(dir.toFile())
              .redirectError(dir.resolve("err").toFile())
              .start();
      String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(bash.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, bash.exitValue(), out + Files.readString(dir.resolve("err")));
      String[] answers = out.split("\n" + MARK + "\n", -1);
      for (int i = 0; i < examples.size(); i++) {
        Example example = examples.get(i);
        String answer = answers[i].replace(host, "localhost:8080").replaceAll("[\r\n]", "");
        assertTrue(
            pattern(example.answer()).matcher(answer).matches(),
            example.command() + "\nanswers\n" + answer + "\nand not\n" + example.answer());
      }
    }
  }

  @Test
  void theFirstFourAreThoseOfTheServicesOwnPage() throws Exception {
    assertEquals(
        """
        curl -X POST "https://api.kenbun.io/ingest" \\
        -H "Authorization: Basic <credentials>" \\
        -H "Content-Type: application/json" \\
        -d '{
        "alias_kind": "email",
        "alias": "user@example.com",
        "event_type": "Page View"
        }'
        curl -X POST "https://api.kenbun.io/ingest" \\
        -H "Authorization: Basic <credentials>" \\
        -H "Content-Type: application/json" \\
        -d '{
        "lead_id": "ld_abc123",
        "event_type": "Demo Request",
        "metadata": {"product": "enterprise", "source": "website"}
        }'
        curl -X POST "https://api.kenbun.io/ingest" \\
        -H "Authorization: Basic <credentials>" \\
        -H "Content-Type: application/json" \\
        -d '{
        "alias_kind": "email",
        "alias": "user@example.com",
        "event_type": "Email Open",
        "timestamp": "2025-09-15T14:30:00Z"
        }'
        # 1. Set the active OU
        curl -X POST "https://api.kenbun.io/org-units/active" \\
        -H "Authorization: Basic <credentials>" \\
        -H "Content-Type: application/json" \\
        -d '{"ouId": "unit_default"}'

        # 2. Ingest an event (OU is now set via cookie)
        curl -X POST "https://api.kenbun.io/ingest" \\
        -H "Authorization: Basic <credentials>" \\
        -H "Content-Type: application/json" \\
        -d '{"alias_kind": "email", "alias": "user@example.com", "event_type": "Page View"}'""",
        examples().stream()
            .limit(4)
            .map(Example::command)
            .collect(Collectors.joining("\n"))
            .replace("http://localhost:8080", "https://api.kenbun.io")
            .replace("ZGV2OmRldg==", "<credentials>"));
  }

  private static List<Example> examples() throws Exception {
    String page = Files.readString(PAGE);
    int from = page.indexOf("\n## Cookbook\n");
    int to = page.indexOf("\n## ", from + 1);
    List<Example> examples = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(page.substring(from, to < 0 ? page.length() : to));
    while (blocks.find()) {
      examples.add(new Example(blocks.group(1), blocks.group(2) == null ? "…" : blocks.group(2)));
    }
    return examples;
  }

  private static Pattern pattern(String answer) {
    return Pattern.compile(
        Arrays.stream(answer.replaceAll("\n *", "").split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")));
  }
}
