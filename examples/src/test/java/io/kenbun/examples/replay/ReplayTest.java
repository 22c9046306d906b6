package io.kenbun.examples.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.examples.KenbunReader;
import io.kenbun.lite.KenbunLite;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ReplayTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private KenbunLite server;

  @BeforeEach
  void start() throws Exception {
    server = KenbunLite.builder().port(0).inMemory().start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void deliversEveryRowAlsoThoseEqualToAnEarlierOne() throws Exception {
    assertEquals(0, replay(resource("shop.csv")));
    assertFigures(5, 0, 0, 5, 5, 0);
    assertEquals("", err.toString());

    KenbunReader reader = reader();
    reader.drain(Duration.ofSeconds(10));
    List<KenbunReader.Event> events = events(reader, "shop-7");
    assertEquals(3, events.size());
    assertEquals("2025-03-01T10:30:00Z", events.get(0).time().toString());
    assertEquals(Map.of("path", "/search?q=\"a, b\""), events.get(0).metadata());
    assertEquals(events.get(1).metadata(), events.get(2).metadata());
    assertEquals(events.get(1).createdAt(), events.get(2).createdAt());
    assertEquals(
        Map.of("path", "/checkout", "items", 3.0), events(reader, "shop-8").get(0).metadata());
    // Starter rules: Page View 1, on /pricing 10 more, Form Submit 10.
    assertEquals(23, reader.score(reader.leadId("external_id", "shop-7")));
    assertEquals(10, reader.score(reader.leadId("external_id", "shop-8")));
    assertEquals(1, reader.score(reader.leadId("external_id", "shop-9")));
  }

  @Test
  void readsGzipWhateverTheFileIsCalled() throws Exception {
    Path packed = folder.resolve("shop.data");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(resource("shop.csv"), gzip);
    }
    assertEquals(0, replay(packed));
    assertFigures(5, 0, 0, 5, 5, 0);
  }

  @Test
  void leavesOutWhatTheFiltersLeaveOut() throws Exception {
    assertEquals(0, replay(resource("shop.csv"), "--only", "customer>7", "--only", "kind=view"));
    assertFigures(5, 4, 0, 1, 1, 0);
  }

  @Test
  void aSettingOnTheCommandLineWinsOverTheFile() throws Exception {
    assertEquals(0, replay(resource("shop.csv"), "--map", "event_type.view=Email Open"));
    KenbunReader reader = reader();
    reader.drain(Duration.ofSeconds(10));
    assertEquals(4, reader.events("event_type=Email%20Open", 1, 1).total());
  }

  @Test
  void refusesBadRowsOneByOneAndEndsWithOne() throws Exception {
    Path bad = folder.resolve("bad.csv");
    List<String> lines = new ArrayList<>(Files.readAllLines(resource("shop.csv")));
    lines.add(2, "7,yesterday,view,/,");
    lines.add("9,2025-03-03T08:00:00Z,view");
    lines.add("9,2025-03-03T08:00:00Z,,/,");
    lines.add(",2025-03-03T08:00:00Z,view,/,");
    lines.add("9,2025-03-03T08:00:00Z,view,/,many");
    Files.write(bad, lines);
    assertEquals(1, replay(bad));
    assertFigures(10, 0, 5, 5, 5, 0);
    List<String> told = err.toString().lines().toList();
    assertEquals(5, told.size(), err::toString);
    assertTrue(told.get(0).startsWith("Line 3 refused: timestamp "), told.get(0));
    assertEquals("Line 8 refused: fields not 5 as in the header: 3", told.get(1));
    assertEquals("Line 9 refused: event_type is empty", told.get(2));
    assertEquals(
        "Line 10 refused: leadId and aliases missing: nothing names the lead", told.get(3));
    assertEquals("Line 11 refused: items not a number: many", told.get(4));
  }

  @Test
  void countsWhatTheServerRefusesAsDroppedAndEndsWithOne() throws Exception {
    Path future = folder.resolve("future.csv");
    Files.writeString(
        future,
        """
        email,event_type,timestamp
        a@example.com,Page View,2025-01-01T00:00:00Z
        a@example.com,Page View,9000-01-01T00:00:00Z
        """);
    assertEquals(1, execute(future));
    assertFigures(2, 0, 0, 2, 1, 1);
    assertTrue(err.toString().startsWith("Dropped Page View: "), err::toString);
  }

  @Test
  void dropsNothingFromAFileLongerThanTheQueue() throws Exception {
    Path many = folder.resolve("many.csv");
    try (PrintWriter text = new PrintWriter(Files.newBufferedWriter(many))) {
      text.println("external_id,event_type");
      for (int i = 0; i < 12_000; i++) {
        text.println("lead-" + i % 400 + ",Page View");
      }
    }
    assertEquals(0, execute(many, "--drain", "--in-flight", "64"));
    assertFigures(12_000, 0, 0, 12_000, 12_000, 0);
    assertEquals(12_000, reader().events("", 1, 1).total());
    assertEquals(30, reader().leads(1, 1).leads().get(0).score());
  }

  @Test
  void endsWithOneAndASentenceIfTheServerRefusesTheCredentials() throws Exception {
    assertEquals(1, replay(resource("shop.csv"), "--client-secret", "wrong"));
    assertTrue(
        err.toString()
            .startsWith("Replay failed: java.io.IOException: /org-units/active answered 401: "),
        err::toString);
  }

  @Test
  void endsWithTwoOnWrongUsage() throws Exception {
    assertEquals(2, replay(resource("shop.csv"), "--only", "age>3"));
    assertTrue(
        err.toString()
            .startsWith(
                "--only names a column that is not there: age"
                    + " (there are: customer, when, kind, page, items)"),
        err::toString);
    assertEquals(2, execute(resource("shop.csv"), "--speed", "11"));
  }

  private int replay(Path csv, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(List.of("--mapping", resource("shop.properties").toString()));
    return execute(csv, arguments.toArray(String[]::new));
  }

  private int execute(Path csv, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(List.of("--url", server.url().toString(), csv.toString()));
    CommandLine line = Replay.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(arguments.toArray(String[]::new));
  }

  private void assertFigures(
      int rows, int leftOut, int refused, int accepted, int delivered, int dropped) {
    List<String> figures =
        out.toString().lines().limit(6).map(line -> line.strip().split(" ", 2)[0]).toList();
    assertEquals(
        List.of(rows, leftOut, refused, accepted, delivered, dropped).stream()
            .map(figure -> String.format("%,d", figure))
            .toList(),
        figures,
        out::toString);
  }

  private KenbunReader reader() throws IOException, InterruptedException {
    return new KenbunReader(server.url(), "dev", "dev", "unit_default");
  }

  private static List<KenbunReader.Event> events(KenbunReader reader, String customer)
      throws IOException, InterruptedException {
    String leadId = reader.leadId("external_id", customer);
    return reader.events("lead_id=" + leadId, 1, 100).events();
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(ReplayTest.class.getResource(name).toURI());
  }
}
