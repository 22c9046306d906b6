package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.squareup.moshi.JsonReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import kotlin.Unit;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that uses the client, shrunk, optimised and renamed, still delivers. Needs ProGuard;
 * see proguard/pom.xml for the two commands.
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
  void aShrunkProgramDelivers() throws Exception {
    Path shrunk = directory.resolve("shrunk.jar");
    Path config = directory.resolve("config.pro");
    List<String> lines = new ArrayList<>();
    for (Class<?> input :
        List.of(
            KenbunClient.class, OkHttpClient.class, Buffer.class, JsonReader.class, Unit.class)) {
      lines.add("-injars '" + jarOf(input) + "'(!META-INF/versions/**,!module-info.class)");
    }
    lines.add("-injars '" + jarOf(ShrinkTest.class) + "'(**/ShrinkTest$Program*.class)");
    lines.add("-outjars '" + shrunk + "'");
    lines.add("-libraryjars <java.home>/jmods(!**.jar;!module-info.class)");
    lines.add("-keep class " + Program.class.getName() + " { public static void main(...); }");
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
    lines.add("-dontwarn io.kenbun.client.ShrinkTest"); // Encloses the program and is not needed.
    lines.add("-dontwarn okio.**");
    lines.add("-dontwarn kotlin.**");
    lines.add("-dontwarn com.squareup.moshi.**");
    lines.add("-dontwarn okhttp3.**");
    // ProGuard 7.7 specialises a return type of okio so that the verifier refuses it.
    lines.add("-optimizations !method/specialization/**,!class/merging/**");
    lines.add("-dontnote **");
    Files.write(config, lines);

    String proguard = new File(System.getProperty("kenbun.proguard")).getAbsolutePath();
    run("-cp", proguard + "/*", "proguard.ProGuard", "@" + config);

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
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), out);
    return out;
  }
}
