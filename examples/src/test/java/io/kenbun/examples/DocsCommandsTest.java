package io.kenbun.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.KenbunLite;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs what the documentation tells people to type: each page's commands in their order, in one
 * shell, in an empty directory, against one server until a command starts another; and compares
 * what they print with what the page shows below them. {@link Fence} says how blocks are marked.
 *
 * <p>{@code docs-prologue.sh} has the jars mean the classes of this build, and the addresses of the
 * pages the server that runs.
 */
final class DocsCommandsTest {
  private static final String MARK = "-- end of example --";

  /** A command and what the page shows below it, null for nothing: then it has to succeed. */
  private record Example(String command, @Nullable String answer) {}

  @TempDir private Path dir;

  static List<String> pages() throws IOException {
    List<String> pages = new ArrayList<>();
    for (String page : Fence.pages()) {
      if (!examples(page).isEmpty()) {
        pages.add(page);
      }
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyCommandDoesWhatThePageShows(String page) throws Exception {
    List<Example> examples = examples(page);
    try (KenbunLite server = KenbunLite.builder().port(0).inMemory().chaos().start()) {
      writeFiles();
      StringBuilder script = new StringBuilder();
      script.append("HOST=").append(server.url().getAuthority()).append('\n');
      script.append("CP='").append(System.getProperty("java.class.path")).append("'\n");
      script.append(Files.readString(Path.of("src/test/resources/docs-prologue.sh")));
      for (Example example : examples) {
        script.append(example.answer() == null ? "MUST_SUCCEED=yes\n" : "MUST_SUCCEED=\n");
        script.append(example.command());
        script.append("\nprintf '\\n" + MARK + "\\n'\n");
      }
      Path file = Files.writeString(dir.resolve("commands.sh"), script);
      Path out = dir.resolve("out");
      Path err = dir.resolve("err");
      Process bash =
          new ProcessBuilder("bash", file.toString())
              .directory(dir.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      boolean ended = bash.waitFor(300, TimeUnit.SECONDS);
      bash.destroy();
      String said = Files.readString(out) + Files.readString(err);
      assertTrue(ended, said);
      assertEquals(0, bash.exitValue(), said);
      String[] answers = Files.readString(out).split("\n" + MARK + "\n", -1);
      for (int i = 0; i < examples.size(); i++) {
        Example example = examples.get(i);
        if (example.answer() == null) {
          continue;
        }
        String answer =
            answers[i]
                .replaceAll("127\\.0\\.0\\.1:\\d{4,5}", "localhost:8080")
                .replaceAll("[\r\n]", "");
        String shown = example.answer().replace("127.0.0.1:8080", "localhost:8080");
        assertTrue(
            pattern(shown).matcher(answer).matches(),
            example.command() + "\nanswers\n" + answer + "\nand not\n" + example.answer());
      }
    }
  }

  @Test
  void theCookbooksFirstFourAreThoseOfTheServicesOwnPage() throws Exception {
    List<Example> all = examples("docs/http-api.md");
    int start = 0;
    while (!all.get(start).command().contains("--default-ou")) {
      start++;
    }
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
        -d '{"alias_kind": "email", "alias": "user@example.com", "event_type": "Page View"}'
        """,
        all.subList(start + 1, start + 5).stream()
            .map(Example::command)
            .collect(Collectors.joining())
            .replace("http://localhost:8080", "https://api.kenbun.io")
            .replace("ZGV2OmRldg==", "<credentials>"));
  }

  /** What pages take for granted: files that their commands read. */
  private void writeFiles() throws IOException {
    Files.writeString(dir.resolve("events.csv"), "event_type,email\nPage View,ada@example.com\n");
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(dir.resolve("events.csv.gz")))) {
      out.write(
          """
          customer,action,when,url,amount
          7,view,2026-03-10T12:00:00Z,/pricing,12
          8,view,2026-03-10T12:00:00Z,/pricing,0
          """
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  private static List<Example> examples(String page) throws IOException {
    String ci = Files.readString(Fence.ROOT.resolve(".ci/run"));
    List<Fence> fences = Fence.of(page);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < fences.size(); i++) {
      Fence fence = fences.get(i);
      if (!fence.isCommand()
          || !fence.note().isEmpty()
          || fence.text().lines().allMatch(ci::contains)) {
        continue;
      }
      Fence next = i + 1 < fences.size() ? fences.get(i + 1) : null;
      boolean answered =
          next != null
              && next.note().isEmpty()
              && Stream.of("json", "text").anyMatch(next.language()::equals);
      examples.add(new Example(fence.text(), answered ? next.text() : null));
    }
    return examples;
  }

  private static Pattern pattern(String answer) {
    return Pattern.compile(
        Arrays.stream(answer.strip().replaceAll("\n *", "").split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")));
  }
}
