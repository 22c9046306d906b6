package io.kenbun.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class DocsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void theProgramOfTheReadmeIsTheOneThatIsCompiled() throws IOException {
    String source = read("examples/src/main/java/io/kenbun/examples/FirstEvents.java");
    String program = source.substring(source.indexOf("public final class"));
    assertEquals(program, block("java"));
  }

  @Test
  void theAppOfTheAndroidPageIsTheOneThatIsCompiled() throws IOException {
    String source = read("examples/android/src/main/java/io/kenbun/examples/android/App.java");
    String page = read("docs/android.md");
    int start = page.indexOf("public final class App");
    String program = page.substring(start, page.indexOf("  // The other callbacks are empty."));
    assertTrue(source.contains(program), program);
    String command = "mvn -B -ntp -Pandroid process-classes -pl examples/android -am";
    assertTrue(page.contains(command));
    assertTrue(read(".ci/run").lines().toList().contains(command));
  }

  @Test
  void theTestOfTheDeliveryPageIsTheOneThatIsRun() throws IOException {
    String source = read("examples/src/test/java/io/kenbun/examples/SignUpTest.java");
    String test = source.substring(source.indexOf("final class SignUpTest"));
    assertTrue(read("docs/delivery.md").endsWith("```java\n" + test + "```\n"));
  }

  @Test
  void theTestOfTheTestingPageIsTheOneThatIsRun() throws IOException {
    String source = read("examples/src/test/java/io/kenbun/examples/PricingInterestTest.java");
    String test = source.substring(source.indexOf("final class PricingInterestTest"));
    assertTrue(read("docs/testing.md").contains("```java\n" + test + "```\n"));
  }

  @Test
  void theVerifierOfTheWebhooksPageIsTheOneThatIsRun() throws IOException {
    String source = read("examples/src/main/java/io/kenbun/examples/WebhookVerifier.java");
    String program = source.substring(source.indexOf("public final class"));
    assertTrue(read("docs/webhooks.md").contains("```java\n" + program + "```\n"));
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
  void everyLinkOfTheReadmeLeadsToAFile() throws IOException {
    Matcher links = Pattern.compile("]\\(([^)#]+)\\)").matcher(read("README.md"));
    int count = 0;
    for (; links.find(); count++) {
      assertTrue(Files.exists(ROOT.resolve(links.group(1))), links.group(1));
    }
    assertTrue(count > 3, "links: " + count);
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
