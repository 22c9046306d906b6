package io.kenbun.lite;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How large a file and a package may be, in all modules; what is larger has its reason here. */
class SizesTest {
  private static final int MOST_LINES = 450;
  private static final int MOST_FILES = 12;

  private static final List<String> SOURCES =
      List.of(
          "kenbun-client/src",
          "kenbun-client/benchmarks/src",
          "kenbun-server-lite/src",
          "examples/src",
          "examples/android/src");

  /** Of main code the reason in full is in the package's {@code package-info}. */
  private static final Map<String, String> LARGER =
      Map.ofEntries(
          entry("kenbun-client/src/main/io/kenbun/client", "the API, two thirds package-private"),
          entry("kenbun-client/src/test/io/kenbun/client", "sees what that package keeps private"),
          entry("kenbun-server-lite/src/main/io/kenbun/lite", "the file's classes, wired here"),
          entry("kenbun-server-lite/src/main/io/kenbun/lite/engine", "one rule of the page each"),
          entry("kenbun-server-lite/src/main/io/kenbun/lite/http/auth", "secrets stay in it"),
          entry("kenbun-server-lite/src/main/io/kenbun/lite/http/call", "all know Call"),
          entry(
              "kenbun-server-lite/src/main/io/kenbun/lite/http/configuration",
              "eleven kinds of things, a class each"),
          entry("kenbun-server-lite/src/main/io/kenbun/lite/http/ingest", "three calls, one way"),
          entry(
              "kenbun-server-lite/src/main/io/kenbun/lite/http/leads",
              "eleven groups of calls, a class each"),
          entry("kenbun-server-lite/src/main/io/kenbun/lite/model", "small values, all neighbours"),
          entry("kenbun-server-lite/src/main/io/kenbun/lite/pipeline", "what a pass may change"),
          entry(
              "kenbun-server-lite/src/main/io/kenbun/lite/store/configuration",
              "groups of tables, a class each"),
          entry(
              "kenbun-server-lite/src/test/io/kenbun/lite",
              "the server whole, as a process too; all share how it is started and asked"),
          entry(
              "kenbun-server-lite/src/test/io/kenbun/lite/http",
              "a promise of HTTP each, beside the server that every test below is run on"),
          entry(
              "kenbun-server-lite/src/test/io/kenbun/lite/http/inspector",
              "a view of the page each, in one browser"),
          entry(
              "kenbun-server-lite/src/test/io/kenbun/lite/reference",
              "scoring once more, not to be seen from outside"),
          entry(
              "kenbun-server-lite/src/test/io/kenbun/lite/store",
              "scoring over rows, a chapter each, on one scene"));

  @Test
  void noFileIsLonger() {
    List<String> longer = new ArrayList<>();
    for (Path file : files()) {
      long lines = lines(file);
      if (lines > MOST_LINES) {
        longer.add(file + ": " + lines);
      }
    }
    assertEquals(List.of(), longer);
  }

  @Test
  void aPackageThatIsLargerHasItsReasonAndNoOtherHasOne() {
    Map<String, Integer> filesOf = new TreeMap<>();
    for (Path file : files()) {
      filesOf.merge(named(file.getParent()), 1, Integer::sum);
    }
    filesOf.values().removeIf(count -> count <= MOST_FILES);
    assertEquals(new TreeSet<>(LARGER.keySet()), filesOf.keySet());
  }

  private static String named(Path directory) {
    return Path.of("..").relativize(directory).toString().replace("/java/", "/");
  }

  private static List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (String source : SOURCES) {
      try (Stream<Path> all = Files.walk(Path.of("..", source))) {
        all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
