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
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import kotlin.Unit;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.jetbrains.annotations.NotNull;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that is a module requires the client by its name, and delivers. */
final class ModulePathTest {
  private static final String MODULE =
      """
      module app {
        requires io.kenbun.client;
        requires okhttp3; // A module of its own from OkHttp 5 on, which is found only if required.
        requires kotlin.stdlib; // OkHttp 4 needs it, and as an automatic module cannot say so.
      }
      """;

  private static final String PROGRAM =
      """
      package app;

      import io.kenbun.client.Credentials;
      import io.kenbun.client.Event;
      import io.kenbun.client.KenbunClient;
      import java.io.File;
      import java.util.concurrent.TimeUnit;

      public final class Main {
        public static void main(String[] arguments) {
          KenbunClient client =
              KenbunClient.builder()
                  .baseUrl(arguments[0])
                  .credentials(Credentials.basic("dev", "dev"))
                  .orgUnit("unit_default")
                  .spool(new File(arguments[1]))
                  .build();
          client.track(Event.builder("Page View").email("user@example.com").build());
          System.out.println(KenbunClient.class.getModule() + " " + client.close(10, TimeUnit.SECONDS));
        }
      }
      """;

  @TempDir Path directory;

  @Test
  void aModuleThatRequiresItDelivers() throws Exception {
    List<String> modules = new ArrayList<>();
    modules.add(clientJar().toString());
    for (Class<?> each :
        List.of(
            OkHttpClient.class,
            Buffer.class,
            JsonReader.class,
            Unit.class,
            NotNull.class,
            NullMarked.class)) {
      modules.add(locationOf(each).toString());
    }
    String path = String.join(File.pathSeparator, modules);

    Path sources = Files.createDirectories(directory.resolve("src/app"));
    Path module = Files.writeString(directory.resolve("src/module-info.java"), MODULE);
    Path main = Files.writeString(sources.resolve("Main.java"), PROGRAM);
    Path classes = directory.resolve("classes");
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    assertEquals(
        0,
        javac.run(
            null,
            null,
            null,
            "--module-path",
            path,
            "-Xlint:-requires-automatic",
            "-d",
            classes.toString(),
            module.toString(),
            main.toString()));

    try (KenbunServer kenbun = new KenbunServer().withBatches()) {
      Process process =
          new ProcessBuilder(
                  System.getProperty("java.home") + "/bin/java",
                  "--module-path",
                  classes + File.pathSeparator + path,
                  "--module",
                  "app/app.Main",
                  kenbun.url(),
                  directory.resolve("spool").toString())
              .redirectErrorStream(true)
              .start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), out);
      assertTrue(out.startsWith("module io.kenbun.client FlushResult{delivered=1,"), out);
      assertEquals(1, kenbun.events.size());
    }
  }

  /** As the build makes it: tests run before it does. */
  private Path clientJar() throws Exception {
    Matcher name =
        Pattern.compile("<Automatic-Module-Name>(.+)</Automatic-Module-Name>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(name.find());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Automatic-Module-Name", name.group(1));
    Path root = locationOf(KenbunClient.class);
    Path jar = directory.resolve("client.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        out.putNextEntry(new JarEntry(root.relativize(file).toString()));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
    return jar;
  }

  private static Path locationOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
