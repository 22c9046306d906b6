package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.RawConnection;
import java.io.BufferedReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers and events say cannot pass for the server's own words in its log. */
class LogLineTest {
  private static final String FORGED = "2026-01-01T00:00:00.000+0000 INFO io.kenbun: all is well";
  private static final String EXPLODING = "(.*a){12}b\\n" + FORGED;

  @Test
  void anEntryIsOneLineAndItsTraceIsSetIn() {
    LogRecord entry = new LogRecord(Level.WARNING, "{0} is\n" + FORGED + "\r\u001b[2Jgone\u202e");
    entry.setInstant(Instant.parse("2026-03-10T12:00:00.5Z"));
    entry.setLoggerName("io.kenbun\nX");
    entry.setParameters(new Object[] {"a\tb\u0085\u2028"});
    entry.setThrown(new IllegalStateException("first\n" + FORGED, new Error("\u0007\r" + FORGED)));
    List<String> lines = new LogLine(ZoneOffset.ofHours(1)).format(entry).lines().toList();
    assertEquals(
        "2026-03-10T13:00:00.500+0100 WARNING io.kenbun\\u000aX: a\\u0009b\\u0085\\u2028 is\\u000a"
            + FORGED
            + "\\u000d\\u001b[2Jgone\\u202e",
        lines.get(0));
    assertEquals("\tjava.lang.IllegalStateException: first", lines.get(1));
    assertEquals("\t" + FORGED, lines.get(2));
    assertTrue(lines.contains("\tCaused by: java.lang.Error: \\u0007"), lines::toString);
    assertTrue(lines.stream().skip(1).allMatch(line -> line.startsWith("\t")), lines::toString);
  }

  @Test
  void whatIsPrintedStaysAsItIs() {
    String text = "Grüße, 東京, 🎉, C:\\temp {\"a\": 1}";
    assertEquals(text, LogLine.printable(text));
    assertEquals("", LogLine.printable(""));
  }

  @Test
  void nobodyWritesALineOfTheServersLog(@TempDir Path dir) throws Exception {
    Path config =
        Files.writeString(
            dir.resolve("kenbun.json"),
            "{\"org_units\": [{\"unit_id\": \"unit_default\", \"name\": \"Default\", \"rulesets\":"
                + " [{\"id\": \"r\", \"name\": \"R\", \"is_primary\": true, \"rules\":"
                + " [{\"event_type\": \"Up\", \"weight\": 1, \"attribute_filters\": [{\"field\": \"p\","
                + " \"operator\": \"regex\", \"value\": \""
                + EXPLODING
                + "\"}]}]}]}]}");
    Path log = dir.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // From JDK 24 on the virtual machine has lines of its own to say about native code, unless that
    // is allowed, as the jar's manifest does.
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    Collections.addAll(
        command,
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName(),
        "--port=0",
        "--log-level=debug",
        "--config=" + config,
        "--data=" + dir.resolve("data"));
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = String.valueOf(out.readLine());
      assertTrue(line.startsWith("Listening on "), line + Files.readString(log));
      URI url = URI.create(line.substring("Listening on ".length()));
      Api api = new Api(url).activate("unit_default");
      api.post(
          "/ingest",
          "{\"lead_id\":\"ld_1\",\"event_type\":\"Up\",\"metadata\":{\"p\":\""
              + "a".repeat(40)
              + "\\n"
              + FORGED
              + "\"}}");
      api.drain();
      for (String target :
          List.of("/%0d%0a" + FORGED.replace(" ", "%20"), "/%1b[2J", "/\u001b[2J")) {
        send(url, target + " HTTP/1.1\r\nHost: localhost\r\n");
      }
      for (String id : List.of("a\u001b[2J", "a\u0085b", "a\r" + FORGED, "a\n " + FORGED)) {
        send(url, "/healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: " + id + "\r\n");
      }
    } finally {
      process.destroy();
      process.waitFor();
    }
    List<String> lines = Files.readAllLines(log);
    assertTrue(
        lines.stream().anyMatch(line -> line.contains("regex took more than")), lines::toString);
    assertTrue(lines.stream().anyMatch(line -> line.contains("path=/%0d%0a2026")), lines::toString);
    for (String line : lines) {
      assertTrue(line.matches("\t.*|20..-..-..T..:..:..\\....[+-].... [A-Z]+ [\\w.]+: .*"), line);
      assertFalse(line.startsWith(FORGED), line);
      assertFalse(line.indexOf('\u001b') >= 0, line);
    }
  }

  /** Sends a request that may be refused, or ended without an answer. */
  private static void send(URI url, String request) throws Exception {
    try (RawConnection connection = new RawConnection(url.getPort())) {
      connection.write("GET " + request + "Connection: close\r\n\r\n");
      connection.readAllOrNothing();
    }
  }
}
