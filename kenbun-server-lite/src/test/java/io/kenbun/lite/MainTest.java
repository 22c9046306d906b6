package io.kenbun.lite;

import static io.kenbun.lite.ServerProcess.assertFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line, as a shell sees it. */
class MainTest {
  @TempDir Path data;

  @Test
  void sigtermEndsItCleanly() throws Exception {
    try (ServerProcess server = ServerProcess.start(data)) {
      Api api = new Api(server.url()).activate("unit_default");
      assertEquals(
          202,
          api.post("/ingest", "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}").statusCode());
      assertEquals(143, server.terminate());
    }
    try (KenbunLite again = KenbunLite.builder().port(0).data(data).start()) {
      Api api = new Api(again.url()).activate("unit_default");
      api.drain();
      assertEquals(1L, api.object("/score/ld_1").get("score"));
    }
  }

  @Test
  void sigtermEndsItWithinTenSecondsWhateverIsUnderWay() throws Exception {
    try (ServerProcess server = ServerProcess.start(data, "--body-timeout-ms", "60000");
        Socket slow = new Socket(server.url().getHost(), server.url().getPort())) {
      slow.getOutputStream()
          .write(
              ("POST /org-units/active HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n"
                      + "Authorization: Basic ZGV2OmRldg==\r\n\r\n{")
                  .getBytes(StandardCharsets.US_ASCII));
      new Api(server.url()).activate("unit_default"); // By then the other is read, too.
      long start = System.nanoTime();
      assertEquals(143, server.terminate());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      assertTrue(millis < 10_000, millis + " ms");
    }
  }

  @Test
  void aSecondServerOnTheSameDataIsSaidAndExitsWith1() throws Exception {
    try (ServerProcess first = ServerProcess.start(data)) {
      assertTrue(first.url().getPort() > 0);
      assertFailure(
          1,
          "data directory " + data + " is in use by another server; stop it or use --data DIR",
          "--port",
          "0",
          "--data",
          data.toString());
    }
  }

  @Test
  void anAddressOfAnotherComputerIsSaidAndExitsWith1() throws Exception {
    assertFailure(
        1,
        "; use --host and --port to choose others",
        "--host",
        "192.0.2.1",
        "--client-id",
        "a",
        "--client-secret",
        "b",
        "--data",
        ":memory:");
  }

  @Test
  void theDataDirectoryIsTheOwnersAlone() throws Exception {
    Path made = data.resolve("made");
    KenbunLite.builder().port(0).data(made).start().close();
    assertEquals(
        "[OWNER_EXECUTE, OWNER_READ, OWNER_WRITE]",
        new java.util.TreeSet<>(
                Files.getPosixFilePermissions(made).stream().map(Enum::name).toList())
            .toString());
  }

  @Test
  void wrongUsageIsSaidAndExitsWith2() throws Exception {
    assertFailure(2, "--port < 0 or > 65535: 65536", "--port", "65536");
    assertFailure(2, "Unknown option: '--prot'; did you mean --port?", "--prot", "1");
    assertFailure(2, "Unknown option: '--dat'; did you mean --data?", "serve", "--dat=x");
    assertFailure(2, "Unknown option: '--no-such'; kenbun-server-lite --help", "--no-such");
    assertFailure(2, "Unmatched argument at index 0: 'serv'; did you mean ", "serv");
    assertFailure(2, "'extra'; kenbun-server-lite serve --help shows what", "serve", "extra");
    assertFailure(2, "Invalid value for option '--port': 'a' is no whole number", "--port", "a");
    assertFailure(
        2,
        "'tcp://10.0.0.1:80' is no whole number; Kubernetes sets that for a Service named kenbun,"
            + " unless enableServiceLinks is false",
        "--port",
        "tcp://10.0.0.1:80");
    Path file = Files.writeString(data.resolve("file"), "");
    assertFailure(
        1,
        "data directory "
            + file
            + " cannot be used: there is a file of that name; make it writable for this user or use"
            + " --data DIR",
        "--data",
        file.toString());
    assertFailure(2, "kenbun-server-lite import --help shows what is allowed", "import");
    assertFailure(2, "--rate-limit < 0: -1", "--rate-limit", "-1");
    assertFailure(2, "--auth-delay-ms < 0 or > 10000 ms: 10001", "--auth-delay-ms", "10001");
    assertFailure(2, "--idle-timeout-ms < 1 or > 2147483647: 0", "--idle-timeout-ms", "0");
    assertFailure(2, "--max-queue < 1: 0", "--max-queue", "0");
    assertFailure(2, "--retain-events < 1: 0", "--retain-events", "0");
    assertFailure(
        2,
        "--max-body-bytes < 1 or > 2147483647: 0",
        "--max-body-bytes",
        "0",
        "--data",
        ":memory:");
    assertFailure(2, "--max-json-depth < 2 or > 200: 201", "--max-json-depth", "201");
    assertFailure(2, "--retain-deliveries < 1 or > 36500: 0", "--retain-deliveries", "0");
    assertFailure(2, "--retain-deliveries < 1 or > 36500: 36501", "--retain-deliveries", "36501");
    assertFailure(
        2,
        "--cors-origin is not scheme://host or scheme://host:port in small letters",
        "--cors-origin",
        "https://a.example,*",
        "--data",
        ":memory:");
    assertFailure(2, "none.json is not there; --config names a JSON file", "--config", "none.json");
    assertFailure(2, "--durability is full or normal: \"half\"", "--durability", "half");
    assertFailure(
        2,
        "Invalid value for option '--test-clock': 'maybe' is not a boolean",
        "--test-clock=maybe",
        "--data",
        ":memory:");
    assertFailure(2, "--client-id and --client-secret go together", "--client-id", "a");
    assertFailure(
        2, "refusing to listen on 0.0.0.0 with the built-in credentials", "--host", "0.0.0.0");
    assertFailure(
        2,
        "--default-ou: no such unit: \"x\", there are unit_default",
        "--default-ou",
        "x",
        "--data",
        ":memory:");
  }

  @Test
  void thePagesNameEveryCommandAndOnlyOptionsThatThereAre() throws Exception {
    CommandLine root = Main.commandLine(System.out, null);
    Set<String> commands = new TreeSet<>();
    int lines = 0;
    for (String page : List.of("operations.md", "scaling.md")) {
      for (String line : Files.readAllLines(Path.of("../docs", page))) {
        String[] words = line.split("[ \\[\\]]+", -1);
        if (!line.startsWith("java -jar kenbun-server-lite.jar ") || words[3].startsWith("-")) {
          continue;
        }
        lines++;
        commands.add(words[3]);
        CommandLine command = root.getSubcommands().get(words[3]);
        if (words[3].equals("secret")) {
          command = command.getSubcommands().get("new");
        }
        Set<String> options = command.getCommandSpec().optionsMap().keySet();
        for (String word : words) {
          assertTrue(!word.startsWith("--") || options.contains(word), line + ": " + word);
        }
      }
    }
    assertEquals(root.getSubcommands().keySet(), commands);
    assertTrue(lines > 8, "lines: " + lines);
  }

  @Test
  void thePagesNameEveryOptionOfTheServer() throws Exception {
    String said =
        Files.readString(Path.of("../docs/configuration.md"))
            + Files.readString(Path.of("../docs/http-api.md"));
    for (String option :
        Main.commandLine(System.out, null).getCommandSpec().optionsMap().keySet()) {
      assertTrue(
          !option.startsWith("--")
              || Set.of("--help", "--version").contains(option)
              || said.contains(option),
          option);
    }
  }

  @Test
  void aPortThatIsTakenIsSaidAndExitsWith1() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      assertFailure(
          1,
          "port " + port + " on 127.0.0.1 is taken; use --port to choose another",
          "--port",
          port,
          "--data",
          data.toString());
    }
  }

  @Test
  void aSecretMadeOnTheCommandLineIsTakenByTheServer() throws Exception {
    KenbunLite.builder().port(0).data(data).start().close();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertEquals(0, Main.run(print, "secret", "new", "CI", "--data", data.toString()));
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    String clientId = lines.get(0).substring("client_id:     ".length());
    String secret = lines.get(1).substring("client_secret: ".length());
    try (KenbunLite server = KenbunLite.builder().port(0).data(data).start()) {
      new Api(server.url(), clientId, secret).activate("unit_default");
      assertFailure(1, "in use", "secret", "new", "CI", "--data", data.toString());
    }
    assertFailure(
        2,
        "--ou: no such unit: \"x\", there are unit_default",
        "secret",
        "new",
        "CI",
        "--ou",
        "x",
        "--data",
        data.toString());
    assertFailure(2, "no data in ", "secret", "new", "CI", "--data", data + "/none");
    assertFailure(
        2, "NAME has less than 1 or more than 50 characters: 51", "secret", "new", "n".repeat(51));
  }

  @Test
  void helpAndVersionExitWith0() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      assertEquals(0, Main.run(System.out, "--help"));
      assertEquals(0, Main.run(System.out, "--version"));
    } finally {
      System.setOut(before);
    }
    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("How much callers may ask:"), text);
    assertTrue(text.contains("--max-queue"), text);
    assertTrue(text.contains("--rate-limit"), text);
    assertTrue(text.contains("kenbun-server-lite 0.1.0-SNAPSHOT"), text);
  }
}
