package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
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

  @Test
  void namesEveryLibraryInItWithItsLicence() throws Exception {
    String notices;
    try (JarFile jar = new JarFile(JAR.toFile())) {
      notices = text(jar, "META-INF/THIRD-PARTY.md");
    }
    List<String> unnamed = new ArrayList<>();
    for (String name : entries()) {
      java.util.regex.Matcher library = LIBRARY.matcher(name);
      if (library.matches()
          && !library.group(1).equals("io.kenbun")
          && !notices.contains("| " + library.group(1) + " |")) {
        unnamed.add(library.group(1) + ":" + library.group(2));
      }
    }
    assertEquals(List.of(), unnamed);
  }

  @Test
  void carriesItsLicenceAndThoseThatAskToGoAlong() throws Exception {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      String licence = text(jar, "META-INF/LICENSE");
      assertEquals(Files.readString(Path.of("..", "LICENSE")), licence);
      String notices = text(jar, "META-INF/THIRD-PARTY.md");
      for (String holder : List.of("2014-2025 Oliver Siegmar", "2004-2023 QOS.ch")) {
        assertTrue(notices.contains("Copyright (c) " + holder), notices);
      }
      assertTrue(notices.contains("Permission is hereby granted"), notices);
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
