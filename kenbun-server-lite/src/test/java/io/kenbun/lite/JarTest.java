package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The runnable jar as the build made it; {@code -Dkenbun.jar} names it. */
@EnabledIfSystemProperty(named = "kenbun.jar", matches = ".+")
class JarTest {
  private static final Path JAR = Path.of(System.getProperty("kenbun.jar", ""));
  private static final Pattern LIBRARY =
      Pattern.compile("META-INF/maven/([^/]+)/([^/]+)/pom.properties");

  /** A row of the notices: a group, and where its files begin. */
  private static final Pattern NOTICE =
      Pattern.compile("^\\| ([a-z0-9.]+) \\| `([^|]+)` \\|", Pattern.MULTILINE);

  private static final Pattern VERSION = Pattern.compile("^META-INF/versions/\\d+/");

  /** What is ours, and what only tells of the libraries; their resources are theirs. */
  private static final Pattern OURS_OR_ABOUT =
      Pattern.compile("io/kenbun/|META-INF/(?!resources/)|OSGI-INF/");

  @TempDir Path elsewhere;

  @Test
  void startsFromAnotherDirectoryAndTakesAnEvent() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-jar",
                JAR.toAbsolutePath().toString(),
                "--port",
                "0")
            .directory(elsewhere.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = String.valueOf(out.readLine());
      assertTrue(line.startsWith("Listening on "), line);
      Api api =
          new Api(URI.create(line.substring("Listening on ".length()))).activate("unit_default");
      assertEquals(
          202,
          api.post("/ingest", "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}").statusCode());
      api.drain();
      assertEquals(1L, api.object("/score/ld_1").get("score"));
      assertTrue(Files.isDirectory(elsewhere.resolve("kenbun-data")));
    } finally {
      process.toHandle().destroy();
      assertEquals(143, process.waitFor());
    }
  }

  @Test
  void isUnderTwentyMegabytesAndHasThePlatformsThatMatterAlone() throws Exception {
    assertTrue(Files.size(JAR) < 20_000_000, Files.size(JAR) + " bytes");
    assertEquals(
        List.of(
            "Linux-Musl/aarch64/libsqlitejdbc.so",
            "Linux-Musl/x86_64/libsqlitejdbc.so",
            "Linux/aarch64/libsqlitejdbc.so",
            "Linux/x86_64/libsqlitejdbc.so",
            "Mac/aarch64/libsqlitejdbc.dylib",
            "Mac/x86_64/libsqlitejdbc.dylib",
            "Windows/x86_64/sqlitejdbc.dll"),
        entries().stream()
            .filter(name -> name.startsWith("org/sqlite/native/") && !name.endsWith("/"))
            .map(name -> name.substring("org/sqlite/native/".length()))
            .sorted()
            .toList());
  }

  /** Of each library the notices say where its files are, whatever it says of itself. */
  @Test
  void namesEveryLibraryInItWithItsLicence() throws Exception {
    Map<String, List<String>> filesByGroup = new TreeMap<>();
    try (JarFile jar = new JarFile(JAR.toFile())) {
      NOTICE
          .matcher(text(jar, "META-INF/THIRD-PARTY.md"))
          .results()
          .forEach(row -> filesByGroup.put(row.group(1), List.of(row.group(2).split("[` ]+"))));
    }
    Set<String> notFound = new TreeSet<>();
    filesByGroup.values().forEach(notFound::addAll);
    notFound.remove("");
    Set<String> known = Set.copyOf(notFound);
    List<String> unnamed = new ArrayList<>();
    for (String name : entries()) {
      String file = VERSION.matcher(name).replaceFirst("");
      Matcher library = LIBRARY.matcher(file);
      if (library.matches()) {
        if (!library.group(1).equals("io.kenbun") && !filesByGroup.containsKey(library.group(1))) {
          unnamed.add(library.group(1));
        }
      } else if (!name.endsWith("/") && !OURS_OR_ABOUT.matcher(file).lookingAt()) {
        if (known.stream().noneMatch(file::startsWith)) {
          unnamed.add(file);
        }
        notFound.removeIf(file::startsWith);
      }
    }
    assertEquals(List.of(), unnamed);
    assertEquals(Set.of(), notFound);
  }

  @Test
  void carriesItsLicenceAndThoseThatAskToGoAlong() throws Exception {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      String licence = text(jar, "META-INF/LICENSE");
      assertEquals(Files.readString(Path.of("..", "LICENSE")), licence);
      String notices = text(jar, "META-INF/THIRD-PARTY.md");
      for (String holder :
          List.of(
              "2014-2025 Oliver Siegmar",
              "2004-2023 QOS.ch",
              "1997, PostgreSQL Global Development Group")) {
        assertTrue(notices.contains("Copyright (c) " + holder), notices);
      }
      assertTrue(notices.contains("Permission is hereby granted"), notices);
      assertTrue(notices.contains("Redistributions in binary form must reproduce"), notices);
      List<String> beside =
          List.of(
              "META-INF/maven/org.xerial/sqlite-jdbc/LICENSE",
              "META-INF/maven/org.xerial/sqlite-jdbc/LICENSE.zentus",
              "META-INF/licenses/com.ongres.scram/scram-client-3.2/META-INF/LICENSE",
              "META-INF/licenses/com.ongres.stringprep/stringprep-2.2/META-INF/LICENSE",
              "okhttp3/internal/publicsuffix/NOTICE");
      for (String entry : beside) {
        assertFalse(text(jar, entry).isBlank(), entry);
      }
      assertTrue(
          entries().stream().anyMatch(name -> name.endsWith("swagger-ui-bundle.js.LICENSE.txt")));
    }
  }

  private static String text(JarFile jar, String entry) throws Exception {
    return new String(
        jar.getInputStream(jar.getEntry(entry)).readAllBytes(), StandardCharsets.UTF_8);
  }

  private static List<String> entries() throws Exception {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return jar.stream().map(entry -> entry.getName()).toList();
    }
  }
}
