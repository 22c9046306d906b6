package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.ingest.IngestLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the command line does besides serving: exit codes, and each sentence it says. */
class CommandsTest {
  private static final String ROWS =
      """
      email,event_type,timestamp,plan
      ada@example.com,Demo Request,2026-03-01T10:00:00Z,pro
      bob@example.com,Page View,2026-03-01T11:00:00Z,
      """;

  @TempDir Path dir;
  private Path csv;

  @BeforeEach
  void write() throws IOException {
    csv = Files.writeString(dir.resolve("events.csv"), ROWS);
  }

  /** What a command said, and how it ended. */
  private record Ran(int exitCode, String out, String err, String terminal) {
    Ran is(int expected, String expectedOut, String expectedErr) {
      assertEquals(expectedErr, err);
      assertEquals(expectedOut, out);
      assertEquals(expected, exitCode);
      return this;
    }
  }

  private static Ran run(Object... arguments) {
    return runOn(false, arguments);
  }

  private static Ran runOn(boolean onTerminal, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(print(out), onTerminal ? print(terminal) : null)
            .setErr(new PrintWriter(err, true))
            .execute(List.of(arguments).stream().map(String::valueOf).toArray(String[]::new));
    return new Ran(
        exitCode,
        out.toString(StandardCharsets.UTF_8),
        err.toString(),
        terminal.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static KenbunLite server() throws IOException {
    return KenbunLite.builder().port(0).inMemory().start();
  }

  @Test
  void everyOptionIsAnEnvironmentVariableToo() {
    List<String> without = new ArrayList<>();
    CommandLine root = Main.commandLine(System.out, null);
    for (CommandLine command :
        List.of(
            root,
            root.getSubcommands().get("serve"),
            root.getSubcommands().get("import"),
            root.getSubcommands().get("backup"),
            root.getSubcommands().get("check"),
            root.getSubcommands().get("secret").getSubcommands().get("new"))) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        String name = option.longestName();
        String variable = "KENBUN_" + name.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
        boolean isHelp = option.usageHelp() || option.versionHelp();
        if (isHelp) {
          continue;
        }
        String absent =
            ((Field) option.userObject()).getAnnotation(CommandLine.Option.class).defaultValue();
        if (!absent.startsWith("${env:" + variable)) {
          without.add(command.getCommandName() + " " + name);
        }
      }
    }
    assertEquals(List.of(), without);
  }

  @Test
  void everyCommandTeachesByExamples() {
    for (List<String> command :
        List.of(
            List.of("serve"),
            List.of("import"),
            List.of("backup"),
            List.of("check"),
            List.of("secret", "new"))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PrintStream before = System.out;
      List<String> arguments = new ArrayList<>(command);
      arguments.add("--help");
      System.setOut(print(out));
      try {
        assertEquals(0, Main.run(System.out, arguments.toArray(String[]::new)));
      } finally {
        System.setOut(before);
      }
      assertTrue(out.toString(StandardCharsets.UTF_8).contains("Example"), command.toString());
    }
  }

  @Test
  void aFileIsImportedAndCounted() throws Exception {
    try (KenbunLite server = server()) {
      run("import", csv, "--url", server.url()).is(0, "2 rows imported, 0 refused\n", "");
      Api api = new Api(server.url()).activate("unit_default");
      api.drain();
      assertEquals(2L, api.object("/leads").get("total"));
    }
  }

  @Test
  void refusedRowsAreCountedAndFoundWhereItSays() throws Exception {
    Files.writeString(csv, ROWS + ",Page View,,\nada@example.com,,,\n");
    try (KenbunLite server = server()) {
      run("import", csv, "--url", server.url() + "/", "--ou", "unit_default")
          .is(
              1,
              "2 rows imported, 2 refused\nWhy: curl -u dev '"
                  + server.url()
                  + "/lite/rejected?limit=100'\n",
              "");
      String rejected = new Api(server.url()).get("/lite/rejected?limit=100").body();
      assertTrue(rejected.contains("\"line\":4"), rejected);
      assertTrue(rejected.contains("\"line\":5"), rejected);
    }
  }

  @Test
  void theSameFileUnderTheSameKeyCountsOnce() throws Exception {
    try (KenbunLite server = server()) {
      for (int i = 0; i < 2; i++) {
        run("import", csv, "--url", server.url(), "--key", "monday", "--skip-triggers")
            .is(0, "2 rows imported, 0 refused\n", "");
      }
      Api api = new Api(server.url()).activate("unit_default");
      api.drain();
      assertEquals(2L, api.object("/events").get("total"));
    }
  }

  @Test
  void aBarIsDrawnOnATerminalAlone() throws Exception {
    try (KenbunLite server = server()) {
      assertEquals("", runOn(false, "import", csv, "--url", server.url()).terminal());
      String bar = runOn(true, "import", csv, "--url", server.url()).terminal();
      assertTrue(bar.endsWith("\revents.csv [####################] 100 %  0.0 of 0.0 MB\n"), bar);
    }
  }

  @Test
  void whatIsWrongWithAnImportIsASentence() throws Exception {
    try (KenbunLite server = server()) {
      String url = server.url().toString();
      run("import", dir.resolve("none.csv"), "--url", url)
          .is(2, "", "no file that can be read: " + dir.resolve("none.csv") + "\n");
      run("import", csv, "--url", url, "--client-secret", "wrong")
          .is(
              1,
              "",
              url
                  + "/org-units answered 401: client id and secret are required as HTTP Basic; give"
                  + " --client-id and --client-secret, or KENBUN_CLIENT_ID and"
                  + " KENBUN_CLIENT_SECRET\n");
      run("import", csv, "--url", url, "--ou", "unit_x")
          .is(
              1,
              "",
              url
                  + "/org-units/active answered 404: no such OU; does --ou name a unit"
                  + " that the credentials may use?\n");
      Files.writeString(csv, "email,type\n");
      run("import", csv, "--url", url)
          .is(1, "", url + "/import answered 400: file has no column event_type\n");
      new Api(server.url()).activate("unit_default").post("/org-units", "{\"name\":\"B\"}");
      Ran several = run("import", csv, "--url", url);
      assertTrue(
          several.err().startsWith("--ou is needed, there are unit_default, "), several.err());
      assertEquals(2, several.exitCode());
    }
    for (String wrong : List.of("localhost:8080", "ftp://a", "http://u:p@a", "http://a?b", "a b")) {
      Ran ran = run("import", csv, "--url", wrong);
      assertTrue(ran.err().startsWith("--url is n"), ran.err());
      assertFalse(ran.err().contains("u:p"), ran.err());
      assertEquals(2, ran.exitCode());
    }
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port;
    Ran nobody = run("import", csv, "--url", url);
    assertTrue(nobody.err().startsWith(url + " does not answer ("), nobody.err());
    assertEquals(1, nobody.exitCode());
    assertEquals(2, run("import").exitCode());
  }

  @Test
  void aFileThatIsTooLongIsRefusedBeforeItIsSent() throws Exception {
    IngestLimits usual = IngestLimits.DEFAULT;
    IngestLimits limits =
        new IngestLimits(
            usual.maxBatchBytes(),
            usual.maxBatchLines(),
            1_000_000,
            usual.maxJsonDepth(),
            0,
            usual.maxBodyBytesInFlight());
    Files.writeString(csv, "lead_id,event_type\n" + "ld_1,Page View\n".repeat(4_000_000));
    try (KenbunLite server = KenbunLite.builder().port(0).inMemory().limits(limits).start()) {
      run("import", csv, "--url", server.url())
          .is(
              1,
              "",
              server.url()
                  + "/import answered 413: body takes more than 1000000 bytes; start the server"
                  + " with a larger --max-import-bytes, or split the file\n");
    }
  }

  @Test
  void aBackupIsServedAndNeverOverwritten() throws Exception {
    Path data = dir.resolve("data");
    Path copy = dir.resolve("copy");
    try (KenbunLite server = KenbunLite.builder().port(0).data(data).start()) {
      run("import", csv, "--url", server.url());
      new Api(server.url()).drain();
      run("backup", copy, "--data", data)
          .is(
              0,
              "Copied " + data + " to " + copy + ": 2 leads, 2 events, 0 waiting, 0 failed\n",
              "");
      run("backup", copy, "--data", data)
          .is(1, "", copy + " is there already, and a backup overwrites nothing\n");
      run("check", "--data", data)
          .is(0, "2 leads, 2 events, 0 waiting, 0 failed\n" + data + " is well\n", "");
    }
    run("backup", dir.resolve("stopped"), "--data", data)
        .is(
            0,
            "Copied "
                + data
                + " to "
                + dir.resolve("stopped")
                + ": 2 leads, 2 events, 0 waiting, 0 failed\n",
            "");
    try (KenbunLite again = KenbunLite.builder().port(0).data(copy).start()) {
      assertEquals(2L, new Api(again.url()).activate("unit_default").object("/leads").get("total"));
    }
    run("backup", dir.resolve("x"), "--data", dir.resolve("none"))
        .is(1, "", "no server's data in " + dir.resolve("none") + ": there is no ingest.db\n");
    assertFalse(Files.exists(dir.resolve("x")));
    run("backup", dir.resolve("no/such"), "--data", data)
        .is(
            1,
            "",
            "there is no directory "
                + dir.resolve("no")
                + " to make "
                + dir.resolve("no/such")
                + " in\n");
  }

  @Test
  void aBrokenFileIsToldAndEndsWith1() throws Exception {
    Path data = dir.resolve("data");
    try (KenbunLite server = KenbunLite.builder().port(0).data(data).start()) {
      run("import", csv, "--url", server.url());
      new Api(server.url()).drain();
    }
    assertEquals(0, run("check", "--data", data).exitCode());
    Path kenbun = data.resolve("kenbun.db");
    byte[] whole = Files.readAllBytes(kenbun);
    spoil(kenbun, rootPage(kenbun, "event_type"));
    Ran broken = run("check", "--data", data);
    assertEquals(1, broken.exitCode(), broken.out());
    assertTrue(broken.out().startsWith("kenbun.db: "), broken.out());
    assertTrue(
        broken
            .out()
            .endsWith(
                data + " is broken; restore a backup, or start without what the file holds\n"),
        broken.out());
    Files.write(kenbun, whole);
    spoil(kenbun, whole.length / 4096); // Where it says what tables there are.
    assertEquals(1, run("check", "--data", data).exitCode());
    Files.write(kenbun, whole);
    assertEquals(0, run("check", "--data", data).exitCode());
    Files.writeString(data.resolve("ingest.db"), "not a database, but long enough to be looked at");
    Ran none = run("check", "--data", data);
    assertEquals(1, none.exitCode(), none.out());
    assertTrue(none.out().startsWith("ingest.db: "), none.out());
  }

  private static int rootPage(Path file, String table) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        PreparedStatement select =
            connection.prepareStatement("SELECT rootpage FROM sqlite_schema WHERE name = ?")) {
      select.setString(1, table);
      try (ResultSet row = select.executeQuery()) {
        return row.getInt(1);
      }
    }
  }

  private static void spoil(Path file, int page) throws IOException {
    byte[] rubbish = new byte[64];
    Arrays.fill(rubbish, (byte) 0x5a);
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek((page - 1) * 4096L);
      open.write(rubbish);
    }
  }

  @Test
  void theFirstLineIsTheAddressAndTheNextSayWhatElseThereIs() throws Exception {
    String banner = banner("--data", dir.resolve("made").toString());
    assertTrue(
        banner.matches(
            "(?s)Listening on (http://127.0.0.1:\\d+)\n"
                + "  Inspector    \\1/\n"
                + "  Data         \\Q"
                + dir.resolve("made")
                + "\\E\n"
                + "  Credentials  client id dev with secret dev, since none were given\n"),
        banner);
    String own =
        banner("--data", ":memory:", "--client-id", "app", "--client-secret", "s3cr3t-words");
    assertTrue(own.contains("  Data         :memory:\n"), own);
    assertTrue(own.contains("  Credentials  client id app with the secret that was given\n"), own);
    assertFalse(own.contains("s3cr3t"), own);
  }

  /** Starts a server, ends it, and returns all that it printed. */
  private static String banner(String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--port",
                "0"));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    StringBuilder text = new StringBuilder();
    @Nullable String line;
    try (java.io.BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      while ((line = out.readLine()) != null) {
        text.append(line).append('\n');
        if (line.startsWith("  Credentials")) {
          process.toHandle().destroy(); // Destroyed itself, it would not be read to its end.
        }
      }
    }
    process.waitFor();
    return text.toString();
  }
}
