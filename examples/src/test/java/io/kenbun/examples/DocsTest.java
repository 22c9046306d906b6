package io.kenbun.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.KenbunLite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void everyBlockIsRunCompiledOrMarked() throws IOException {
    List<String> sources = sources();
    List<String> loose = new ArrayList<>();
    for (String page : Fence.pages()) {
      Fence before = null;
      for (Fence fence : Fence.of(page)) {
        if (!isHeld(fence, before, sources)) {
          loose.add(fence.toString());
        }
        before = fence;
      }
    }
    assertEquals(List.of(), loose);
  }

  private static boolean isHeld(Fence fence, @Nullable Fence before, List<String> sources)
      throws IOException {
    if (fence.isNote("illustration")) {
      return true;
    }
    if (fence.isNote("by hand")) {
      String program = fence.text().strip().split(" ", 2)[0];
      return fence.isCommand() && Files.isExecutable(ROOT.resolve(program));
    }
    boolean isAnswer = before != null && before.isCommand() && before.note().isEmpty();
    return fence.note().isEmpty()
        && switch (fence.language()) {
          // Run by DocsCommandsTest, unless by CI.
          case "sh", "bash" -> true;
          case "java", "kotlin" -> sources.stream().anyMatch(source -> has(source, fence.text()));
          case "xml" -> fence.text().contains("<version>" + version() + "</version>");
          case "json" -> isAnswer || isConfiguration(fence);
          case "text" -> isAnswer || sources.stream().anyMatch(one -> has(one, fence.text()));
          default -> false;
        };
  }

  @Test
  void theConfigurationOfThePageIsTaken(@TempDir Path dir) throws IOException {
    int files = 0;
    for (Fence fence : Fence.of("docs/configuration.md")) {
      if (isConfiguration(fence)) {
        Path file = Files.writeString(dir.resolve("kenbun" + files++ + ".json"), fence.text());
        KenbunLite.builder().port(0).inMemory().config(file).start().close();
      }
    }
    assertEquals(1, files);
  }

  @Test
  void aMistakeInTheConfigurationOfThePageIsSaidAsThePageSays(@TempDir Path dir) throws Exception {
    String page = read("docs/configuration.md");
    assertTrue(page.contains("\"interval_days\": 7"));
    for (Fence fence : Fence.of("docs/configuration.md")) {
      if (isConfiguration(fence)) {
        String wrong = fence.text().replace("\"interval_days\": 7", "\"interval_days\": 0");
        Path file = Files.writeString(dir.resolve("kenbun.json"), wrong);
        KenbunLite.Builder builder = KenbunLite.builder().port(0).inMemory().config(file);
        Exception refusal = assertThrows(RuntimeException.class, builder::start);
        assertEquals(
            """
            kenbun.json: a whole number from 1 to 36500 expected: 0 at $.org_units[0].decays[0].interval_days
            """
                .strip(),
            String.valueOf(refusal.getMessage()).replace(dir + "/", ""));
      }
    }
  }

  private static boolean isConfiguration(Fence fence) {
    return fence.language().equals("json") && fence.text().contains("\"org_units\":");
  }

  /** Says whether a file has the text, blanks aside; … stands for anything, so {@code // …}. */
  private static boolean has(String source, String text) {
    int at = 0;
    for (String part : text.split("(?m)^ *// ….*\\n|…", -1)) {
      at = source.indexOf(withoutBlanks(part), at);
      if (at < 0) {
        return false;
      }
    }
    return true;
  }

  private static String withoutBlanks(String text) {
    return text.replaceAll("\\s+", "");
  }

  /** Returns what is compiled by the build or by a leg of .ci/run, without its blanks. */
  private static List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    for (String folder :
        List.of(
            "examples/src",
            "examples/android/src",
            "examples/kotlin/src",
            "kenbun-client/src/test",
            "kenbun-client/benchmarks/src",
            "kenbun-server-lite/src/test")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        for (Path file : files.filter(file -> file.toString().matches(".*\\.(java|kt)")).toList()) {
          sources.add(withoutBlanks(Files.readString(file)));
        }
      }
    }
    return sources;
  }

  private static String version() throws IOException {
    Matcher version = Pattern.compile("<version>([^<]+)</version>").matcher(read("pom.xml"));
    assertTrue(version.find());
    return version.group(1);
  }

  @Test
  void everyLegThatPagesNameIsOneOfCi() throws IOException {
    for (String page : List.of("docs/android.md", "docs/frameworks.md")) {
      Matcher command = Pattern.compile("`(mvn [^`]+)`").matcher(read(page));
      assertTrue(command.find(), page);
      assertTrue(read(".ci/run").lines().toList().contains(command.group(1)), command.group(1));
    }
  }

  @Test
  void theTestCommandOfTheReadmeIsTheOneThatCiRuns() throws IOException {
    assertTrue(block("sh").lines().toList().contains("mvn -B -ntp verify"));
    assertTrue(read(".ci/run").lines().toList().contains("mvn -B -ntp verify"));
    assertTrue(Files.isExecutable(ROOT.resolve(".ci/run")));
  }

  @Test
  void theQuickstartCommandOfTheReadmeIsTheOneThatCiRuns() throws IOException {
    String command = "mvn -B -ntp -Pquickstart verify";
    assertTrue(read("README.md").lines().toList().contains(command));
    assertTrue(read(".ci/run").contains(command));
  }

  @Test
  void everyLinkLeadsToAFileAndEveryAnchorToAHeading() throws IOException {
    int count = 0;
    List<String> pages = new ArrayList<>(Fence.pages());
    pages.add("CHANGELOG.md");
    for (String page : pages) {
      Path from = ROOT.resolve(page);
      Matcher links =
          Pattern.compile("]\\(([^)#]*)(?:#([^)]+))?\\)").matcher(Files.readString(from));
      for (; links.find(); count++) {
        if (links.group(1).startsWith("https://")) {
          continue;
        }
        Path to = links.group(1).isEmpty() ? from : from.resolveSibling(links.group(1));
        assertTrue(Files.exists(to), page + " links to " + links.group());
        if (links.group(2) != null) {
          assertTrue(anchors(to).contains(links.group(2)), page + " links to " + links.group());
        }
      }
    }
    assertTrue(count > 50, "links: " + count);
  }

  private static List<String> anchors(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }

  @Test
  void everyClassThatTheArchitecturePageNamesIsThere() throws IOException {
    List<String> classes = new ArrayList<>(List.of("OkHttp")); // Not ours.
    for (String module : List.of("kenbun-client/src", "kenbun-server-lite/src")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(file -> file.endsWith(".java"))
            .forEach(file -> classes.add(file.substring(0, file.length() - ".java".length())));
      }
    }
    Pattern camelCase = Pattern.compile("\\b(?:[A-Z][a-z]+){2,}\\b");
    Matcher named = camelCase.matcher(read("docs/architecture.md"));
    int count = 0;
    for (; named.find(); count++) {
      assertTrue(classes.contains(named.group()), named.group());
    }
    assertTrue(count > 10, "classes: " + count);
  }

  @Test
  void everyTestThatTheSecurityPageNamesIsThere() throws IOException {
    Matcher named = Pattern.compile("`(\\w+Test)#(\\w+)`").matcher(read("docs/security.md"));
    int count = 0;
    for (; named.find(); count++) {
      String test = named.group(1);
      try (Stream<Path> files = Files.walk(ROOT)) {
        List<Path> found =
            files
                .filter(file -> file.endsWith(test + ".java"))
                .filter(file -> !file.toString().contains("/target/"))
                .toList();
        String method = "void " + named.group(2) + "(";
        boolean there = false;
        for (Path file : found) {
          there |= Files.readString(file).contains(method);
        }
        assertTrue(there, named.group());
      }
    }
    assertTrue(count > 30, "tests: " + count);
  }

  @Test
  void theDocsKeepToTheirLength() throws IOException {
    assertTrue(read("README.md").lines().count() < 150);
    assertTrue(read("CONTRIBUTING.md").lines().count() < 60);
  }

  @Test
  void everyOptionOfTheReplayInTheReadmeExists() throws IOException {
    String readme = read("README.md");
    int start = readme.indexOf("io.kenbun.examples.replay.Replay \\");
    String command = readme.substring(start, readme.indexOf("```", start));
    List<String> options =
        Pattern.compile(" --[a-z-]+")
            .matcher(command)
            .results()
            .map(match -> match.group().strip())
            .toList();
    assertTrue(options.contains("--map") && options.contains("--only"), options::toString);
    String source = read("examples/src/main/java/io/kenbun/examples/replay/Replay.java");
    for (String option : options) {
      assertTrue(source.contains('"' + option + '"'), option);
    }
  }

  /** Returns the first block of the README that is marked as {@code language}. */
  private static String block(String language) throws IOException {
    String readme = read("README.md");
    int start = readme.indexOf("```" + language + "\n");
    assertTrue(start >= 0, "no block of " + language);
    int text = readme.indexOf('\n', start) + 1;
    return readme.substring(text, readme.indexOf("```", text));
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }
}
