package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.squareup.moshi.JsonReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import kotlin.Unit;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.jetbrains.annotations.NotNull;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that uses the client, shrunk, optimised and renamed, still delivers. Needs ProGuard and
 * R8; see proguard/pom.xml for the two commands.
 */
@EnabledIfSystemProperty(named = "kenbun.proguard", matches = ".+")
final class ShrinkTest {
  @TempDir Path directory;

  /** Uses what an application uses: several kinds of events, spool, listener, batches. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      KenbunClient client =
          KenbunClient.builder()
              .baseUrl(arguments[0])
              .credentials(Credentials.basic("dev", "dev"))
              .orgUnit("unit_default")
              .spool(new File(arguments[1]))
              .listener(
                  new DeliveryListener() {
                    @Override
                    public void dropped(Event event, DropReason reason, String detail) {
                      System.out.println("dropped " + reason);
                    }
                  })
              .build();
      for (int i = 0; i < 50; i++) {
        client.track(
            Event.builder("T").email("a@example.com").leadId("l").metadata("n", i).build());
      }
      System.out.println(client.close(5, TimeUnit.SECONDS) + " " + client.stats().lastError());
    }
  }

  private static File jarOf(Class<?> type) throws Exception {
    return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @Test
  void aProgramShrunkByProGuardDelivers() throws Exception {
    Path shrunk = directory.resolve("shrunk.jar");
    List<String> lines = new ArrayList<>();
    for (File input : libraries()) {
      lines.add("-injars '" + input + "'(!META-INF/versions/**,!module-info.class)");
    }
    lines.add("-injars '" + jarOf(ShrinkTest.class) + "'(**/ShrinkTest$Program*.class)");
    lines.add("-outjars '" + shrunk + "'");
    lines.add("-libraryjars <java.home>/jmods(!**.jar;!module-info.class)");
    lines.add(
        "-include '"
            + Path.of("src/main/resources/META-INF/proguard/kenbun-client.pro").toAbsolutePath()
            + "'");
    try (JarFile okhttp = new JarFile(jarOf(OkHttpClient.class))) {
      var rules = okhttp.getEntry("META-INF/proguard/okhttp3.pro");
      Path copy = directory.resolve("okhttp3.pro");
      Files.copy(okhttp.getInputStream(rules), copy);
      lines.add("-include '" + copy + "'");
    }
    lines.add("-dontwarn okio.**");
    lines.add("-dontwarn kotlin.**");
    lines.add("-dontwarn com.squareup.moshi.**");
    lines.add("-dontwarn okhttp3.**");
    // ProGuard 7.7 specialises a return type of okio so that the verifier refuses it.
    lines.add("-optimizations !method/specialization/**,!class/merging/**");
    lines.add("-dontnote **");

    run("-cp", tools() + "/*", "proguard.ProGuard", "@" + config(lines));

    delivers(shrunk);
  }

  /** Full mode, which is what Android builds use: it assumes that nothing is reflected upon. */
  @Test
  void aProgramShrunkByR8Delivers() throws Exception {
    Path shrunk = directory.resolve("shrunk.jar");
    r8("--classfile", shrunk);
    delivers(shrunk);
  }

  @Test
  void r8MakesDexForAndroid5OfIt() throws Exception {
    Path dex = directory.resolve("dex.zip");
    r8("--min-api=21", dex);
    try (ZipFile zip = new ZipFile(dex.toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry("classes.dex")).readAllBytes();
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      assertEquals("dex\n035", text.substring(0, 7));
      assertTrue(text.contains("KENBUNQ1"), "the spool is not in it");
      assertNull(zip.getEntry("classes2.dex"), "over 65,536 methods");
    }
  }

  private void r8(String what, Path out) throws Exception {
    Path program = directory.resolve("program.jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(program))) {
      Path classes = jarOf(ShrinkTest.class).toPath();
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(classes.resolve("io/kenbun/client"), "ShrinkTest$Program*")) {
        for (Path file : files) {
          jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
          Files.copy(file, jar);
          jar.closeEntry();
        }
      }
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-Xmx1g", "-cp", tools() + "/*", "com.android.tools.r8.R8"));
    command.addAll(List.of("--release", "--lib", System.getProperty("java.home")));
    command.addAll(List.of(what.split("=")));
    // The rules in the jars' own META-INF are read by R8 itself; ours are not in one yet.
    Path ours = Path.of("src/main/resources/META-INF/proguard/kenbun-client.pro");
    command.addAll(List.of("--pg-conf", ours.toAbsolutePath().toString()));
    command.addAll(List.of("--pg-conf", config(new ArrayList<>()).toString()));
    command.addAll(List.of("--output", out.toString(), program.toString()));
    for (File input : libraries()) {
      command.add(asJar(input).toString());
    }
    run(command.toArray(new String[0]));
  }

  /** The client's classes lie in a directory, which R8 does not read. */
  private Path asJar(File input) throws Exception {
    if (input.isFile()) {
      return input.toPath();
    }
    Path root = input.toPath();
    Path copy = directory.resolve("client.jar");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(copy));
        Stream<Path> files = Files.walk(root)) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
        jar.putNextEntry(new JarEntry(root.relativize(file).toString()));
        Files.copy(file, jar);
        jar.closeEntry();
      }
    }
    return copy;
  }

  private static List<File> libraries() throws Exception {
    List<File> libraries = new ArrayList<>();
    for (Class<?> each :
        List.of(
            KenbunClient.class,
            OkHttpClient.class,
            Buffer.class,
            JsonReader.class,
            Unit.class,
            NotNull.class)) {
      libraries.add(jarOf(each));
    }
    return libraries;
  }

  private static String tools() {
    return new File(System.getProperty("kenbun.proguard")).getAbsolutePath();
  }

  private Path config(List<String> lines) throws Exception {
    lines.add("-keep class " + Program.class.getName() + " { public static void main(...); }");
    lines.add("-dontwarn io.kenbun.client.ShrinkTest"); // Encloses the program and is not needed.
    return Files.write(directory.resolve("config.pro"), lines);
  }

  private void delivers(Path shrunk) throws Exception {
    try (KenbunServer kenbun = new KenbunServer().withBatches()) {
      String spool = directory.resolve("spool").toString();
      String out = run("-cp", shrunk.toString(), Program.class.getName(), kenbun.url(), spool);
      assertEquals(50, kenbun.events.size(), out);
      assertTrue(out.contains("delivered=50"), out);
    }
  }

  private String run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(120, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), out);
    return out;
  }
}
