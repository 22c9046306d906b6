package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar with the libraries inside, which the profile "shaded" makes; -Dkenbun.shaded names it.
 */
@EnabledIfSystemProperty(named = "kenbun.shaded", matches = ".+")
final class ShadedTest {
  private static final String JAR = System.getProperty("kenbun.shaded");
  private static final String SHADED = "io/kenbun/client/shaded/";

  @TempDir Path directory;

  @Test
  void deliversWithNothingElseOnTheClassPath() throws Exception {
    Path program = Files.createDirectories(directory.resolve("program/io/kenbun/client"));
    Path classes =
        Path.of(ShrinkTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(classes.resolve("io/kenbun/client"), "ShrinkTest$Program*")) {
      for (Path file : files) {
        Files.copy(file, program.resolve(file.getFileName()));
      }
    }
    String path = JAR + File.pathSeparator + directory.resolve("program");
    String spool = directory.resolve("spool").toString();
    try (KenbunServer kenbun = new KenbunServer().withBatches();
        ChildJvm child =
            ChildJvm.start(path, List.of(), ShrinkTest.Program.class, kenbun.url(), spool)) {
      String line = child.readLine();
      assertTrue(line.contains("delivered=50"), line);
      assertEquals(50, kenbun.events.size());
    }
  }

  @Test
  void everyClassInItIsOursOrRenamed() throws Exception {
    TreeSet<String> packages = new TreeSet<>();
    try (JarFile jar = new JarFile(JAR)) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        String name = entry.getName();
        if (name.endsWith(".class")) {
          packages.add(name.substring(0, name.lastIndexOf('/')));
        }
      }
    }
    assertTrue(packages.contains("io/kenbun/client/shaded/okhttp3"));
    packages.remove("io/kenbun/client");
    packages.removeIf(name -> name.startsWith("io/kenbun/client/shaded/"));
    assertEquals(new TreeSet<String>(), packages);
    assertFalse(Files.size(Path.of(JAR)) > 4 << 20);
  }

  @Test
  void namesEveryLibraryInItWithItsLicence() throws Exception {
    try (JarFile jar = new JarFile(JAR)) {
      String notices = text(jar, "META-INF/THIRD-PARTY.md");
      TreeSet<String> unnamed = new TreeSet<>();
      for (JarEntry entry : Collections.list(jar.entries())) {
        String name = entry.getName();
        String rest = name.startsWith(SHADED) ? name.substring(SHADED.length()) : "";
        if (rest.contains("/")
            && !notices.contains(SHADED + rest.substring(0, rest.indexOf('/')))) {
          unnamed.add(name);
        }
      }
      assertEquals(new TreeSet<String>(), unnamed);
      assertTrue(text(jar, "META-INF/LICENSE").contains("Apache License"));
      assertTrue(text(jar, SHADED + "okhttp3/internal/publicsuffix/NOTICE").contains("Mozilla"));
    }
  }

  private static String text(JarFile jar, String entry) throws Exception {
    try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
