package io.kenbun.lite.http.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.client.Credentials;
import io.kenbun.client.EventImport;
import io.kenbun.client.KenbunClient;
import io.kenbun.lite.http.RawConnection;
import io.kenbun.lite.http.RecordingQueue;
import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Queue;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code POST /import}: a file of rows, each held to the rules of a single event. */
class ImportTest {
  private static final int MAX_BYTES = 1 << 20;
  private static final String FORM = "multipart/form-data; boundary=b";

  private final RecordingQueue queue = new RecordingQueue();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.queue = queue;
    setup.ingestLimits = new IngestLimits(4 << 20, 1_000, MAX_BYTES, 100, 0, 1 << 20);
    server = new TestServer(setup);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void takesTheContractsTwoHeaders() throws Exception {
    assertAnswer(
        "{\"imported\":1,\"errors\":0}",
        csv("lead_id,event_type,timestamp\nld_1,Page View,2026-03-10T12:00:00Z\n"));
    assertAnswer(
        "{\"imported\":1,\"errors\":0}",
        csv("email,event_type,timestamp\na@b.c,Demo Request,2026-03-10T13:00:00+01:00\n"));
    assertEquals(
        List.of("ld_1 [] Page View 1773144000000", "null [EMAIL a@b.c] Demo Request 1773144000000"),
        queue.events().stream().map(ImportTest::line).toList());
  }

  @Test
  void takesColumnsInAnyOrderWithAMarkAndCrlfAndQuotes() throws Exception {
    assertAnswer(
        "{\"imported\":1,\"errors\":0}",
        csv(
            String.join(
                "\r\n",
                "\uFEFFplan,event_type,phone,note,cookie",
                "pro,\"Form, Submit\",+49 30,\"say \"\"hi\"\"",
                "there\",",
                "")));
    RawEvent event = queue.events().get(0);
    assertEquals("Form, Submit", event.eventType());
    assertEquals(List.of(new Alias(AliasKind.PHONE, "+49 30")), event.aliases());
    assertEquals("{\"plan\":\"pro\",\"note\":\"say \\\"hi\\\"\\r\\nthere\"}", event.metadata());
    assertEquals(server.clock.millis(), event.timestampMillis());
  }

  @Test
  void wrongRowsAreCountedAndKeptReadableAndHoldNothingUp() throws Exception {
    assertAnswer(
        "{\"imported\":2,\"errors\":4}",
        csv(
            """
            lead_id,email,event_type,timestamp
            ld_1,,Page View,
            ,,Page View,
            ld_1,,,
            ld_1,,Page View,yesterday
            ld_1,Page View
            ld_2,,Page View,
            """));
    assertEquals(2, queue.events().size());
    String rejected = server.get("/lite/rejected").body();
    assertTrue(rejected.contains("\"code\":\"missing_identity\""), rejected);
    assertTrue(rejected.contains("row has not 4 cells: 2"), rejected);
    assertTrue(
        rejected.contains("timestamp is not RFC 3339 with an offset: \\\"yesterday\\\""), rejected);
    assertTrue(rejected.contains("\"line\":5"), rejected);
  }

  @Test
  void skipTriggersComesInTheQueryOrTheFormBeforeOrBehindTheFile() throws Exception {
    String rows = "lead_id,event_type\nld_1,Page View\n";
    send("/import", part("file", rows));
    send("/import?skip_triggers=true", part("file", rows));
    send("/import", part("file", rows), part("skip_triggers", "true"));
    send("/import", part("skip_triggers", "true"), part("file", rows));
    send("/import", part("skip_triggers", "false"), part("file", rows));
    assertEquals(
        List.of(false, true, true, true, false),
        queue.events().stream().map(RawEvent::skipTriggers).toList());
    assertRefused(
        400,
        "invalid_field",
        "skip_triggers",
        "skip_triggers is none of true, false: \"yes\"",
        send("/import", part("file", rows), part("skip_triggers", "yes")));
    assertRefused(
        400,
        "invalid_field",
        "skip_triggers",
        "skip_triggers is none of true, false: \"1\"",
        send("/import?skip_triggers=1", part("file", rows)));
    assertEquals(5, queue.events().size());
  }

  @Test
  void aFileThatIsNoCsvQueuesNothing() throws Exception {
    String good = "lead_id,event_type\n" + "ld_1,Page View\n".repeat(2_500);
    assertRefused(400, "invalid_field", "file", null, csv(good + "ld_1,\"open\n"));
    assertRefused(
        400,
        "invalid_field",
        "file",
        "file is not UTF-8",
        post(body(part("file", concat(bytes(good), new byte[] {(byte) 0xff, '\n'})))));
    assertRefused(400, "invalid_field", "file", "file is empty", csv(""));
    assertRefused(
        400,
        "invalid_field",
        "event_type",
        "file has no column event_type",
        csv("lead_id,type\nld_1,x\n"));
    assertRefused(
        400,
        "invalid_field",
        "lead_id",
        "file has none of the columns lead_id, external_id, email, phone, cookie, social",
        csv("event_type,plan\nx,pro\n"));
    assertRefused(
        400,
        "invalid_field",
        "file",
        "column is there twice: \"plan\"",
        csv("lead_id,event_type,plan,plan\n"));
    assertRefused(
        400, "invalid_field", "file", "column 2 has no name", csv("lead_id,,event_type\n"));
    assertEquals(List.of(), queue.events());
  }

  @Test
  void columnsAreBounded() throws Exception {
    String most =
        "lead_id,event_type,"
            + IntStream.rangeClosed(3, EventCsv.MAX_COLUMNS)
                .mapToObj(i -> "c" + i)
                .collect(Collectors.joining(","));
    assertAnswer("{\"imported\":0,\"errors\":0}", csv(most + "\n"));
    assertRefused(
        400,
        "invalid_field",
        "file",
        "file has more than 1000 columns: 1001",
        csv(most + ",more\n"));
  }

  @Test
  void aFormThatIsCutOrWrongQueuesNothing() throws Exception {
    byte[] whole = body(part("file", "lead_id,event_type\nld_1,Page View\n"));
    for (int cut = 0; cut < whole.length - 4; cut += 7) {
      HttpResponse<String> answer = post(Arrays.copyOf(whole, cut));
      assertEquals(400, answer.statusCode(), cut + ": " + answer.body());
    }
    assertRefused(
        400, "missing_field", "file", "file is required", send("/import", part("data", "x")));
    assertRefused(
        400,
        "invalid_field",
        "file",
        "file is given twice",
        send("/import", part("file", "a"), part("file", "b")));
    assertRefused(
        400,
        "invalid_field",
        "file",
        "a part has headers of more than 65536 bytes",
        post(bytes("--b\r\nX-Long: " + "x".repeat(200_000) + "\r\n\r\n")));
    assertRefused(
        415,
        "unsupported_media_type",
        null,
        "Content-Type is not multipart/form-data: application/json",
        server.post("/import", "application/json", bytes("{}")));
    assertRefused(
        400,
        "invalid_field",
        "Content-Type",
        "Content-Type names no boundary",
        server.post("/import", "multipart/form-data", bytes("{}")));
    assertEquals(List.of(), queue.events());
  }

  @Test
  void aBodyIsTakenUpToTheLimitAndRefusedAByteLater() throws Exception {
    int around = body(part("file", "lead_id,event_type\n")).length;
    String cell = "x".repeat(100);
    StringBuilder rows = new StringBuilder("lead_id,event_type\n");
    while (rows.length() + 128 < MAX_BYTES - around) {
      rows.append("ld_1,").append(cell).append('\n');
    }
    int rest = MAX_BYTES - around - (rows.length() - "lead_id,event_type\n".length());
    rows.append("ld_1,").append("y".repeat(rest - "ld_1,\n".length())).append('\n');
    assertEquals(MAX_BYTES, body(part("file", rows.toString())).length);
    assertEquals(202, csv(rows.toString()).statusCode());
    int taken = queue.events().size();
    assertRefused(
        413,
        "body_too_large",
        null,
        "body takes more than 1048576 bytes",
        csv(rows.append('z').toString()));
    assertEquals(taken, queue.events().size());
  }

  @Test
  void manyRowsGoInPiecesInTheirOrder() throws Exception {
    String rows =
        IntStream.range(0, 5_500)
            .mapToObj(i -> "ld_" + i + ",Page View\n")
            .collect(Collectors.joining());
    assertAnswer("{\"imported\":5500,\"errors\":0}", csv("lead_id,event_type\n" + rows));
    assertEquals(6, queue.appends());
    assertEquals(
        IntStream.range(0, 5_500).mapToObj(i -> "ld_" + i).toList(),
        queue.events().stream().map(RawEvent::leadId).toList());
  }

  @Test
  void rowsHaveKeysOfTheirOwnUnderTheImportsKey() throws Exception {
    String rows = "lead_id,event_type\nld_1,Page View\n\nld_2,Page View\n";
    assertEquals(202, keyed("import-7", rows).statusCode());
    assertEquals(List.of("import-7#2", "import-7#4"), queue.keys());
    String longest = "k".repeat(240);
    assertEquals(202, keyed(longest, rows).statusCode());
    assertRefused(
        400,
        "invalid_field",
        "Idempotency-Key",
        "Idempotency-Key of an import has more than 240 characters: 241",
        keyed(longest + "k", rows));
  }

  @Test
  void whatCannotBeStoredIsToldAndNotCountedIn() throws Exception {
    queue.mode(RecordingQueue.Mode.FAIL);
    assertRefused(
        503, "storage_unavailable", null, null, csv("lead_id,event_type\nld_1,Page View\n"));
    queue.refuse(Queue.Refusal.CLOSED);
    assertRefused(503, "shutting_down", null, null, csv("lead_id,event_type\nld_1,Page View\n"));
  }

  @Test
  void aFullQueueIsWaitedFor() throws Exception {
    queue.fullFor(3);
    assertAnswer("{\"imported\":1,\"errors\":0}", csv("lead_id,event_type\nld_1,Page View\n"));
    assertEquals(1, queue.events().size());
  }

  @Test
  void whoSendsNothingMoreIsCutOff() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.queue = queue;
    setup.limits = impatient(setup.limits);
    try (TestServer hasty = new TestServer(setup);
        RawConnection connection = new RawConnection(hasty.port())) {
      connection.write(
          "POST /import HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
              + TestServer.DEV
              + "\r\nCookie: "
              + hasty.cookie(TestServer.DEV, "unit_default")
              + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b\r\n");
      assertEquals("", connection.readAllOrNothing());
    }
    assertEquals(List.of(), queue.events());
  }

  @Test
  void theSdkImportsAFileThatIsScored(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("events.csv");
    Files.writeString(
        file,
        "email,event_type,timestamp\n"
            + "ada@example.com,Form Submit,2026-03-01T10:00:00Z\n".repeat(3));
    TestServer.Setup setup = new TestServer.Setup();
    setup.defaultOu = "unit_default";
    try (TestServer whole = new TestServer(setup);
        KenbunClient client =
            KenbunClient.builder()
                .baseUrl("http://127.0.0.1:" + whole.port())
                .credentials(Credentials.basic("dev", "dev"))
                .orgUnit("unit_default")
                .build()) {
      EventImport.Result result = client.importEvents(EventImport.ofCsv(file.toFile()));
      assertEquals(3, result.imported());
      whole.score();
      String lead = whole.ok("/lead/by-alias?kind=email&value=ada@example.com");
      assertTrue(lead.contains("\"lead_id\":\"ld_1\""), lead);
      String leads = whole.ok("/leads");
      assertTrue(leads.contains("\"lead_id\":\"ld_1\",\"score\":60,"), leads);
    }
  }

  private HttpResponse<String> csv(String rows) throws Exception {
    return send("/import", part("file", rows));
  }

  private HttpResponse<String> send(String path, byte[]... parts) throws Exception {
    return server.post(path, FORM, body(parts));
  }

  private HttpResponse<String> keyed(String key, String rows) throws Exception {
    return server.post("/import", FORM, body(part("file", rows)), "Idempotency-Key", key);
  }

  private HttpResponse<String> post(byte[] body) throws Exception {
    return server.post("/import", FORM, body);
  }

  private static void assertAnswer(String body, HttpResponse<String> answer) {
    assertEquals(body, answer.body());
    assertEquals(202, answer.statusCode());
  }

  private static void assertRefused(
      int status,
      String code,
      @Nullable String field,
      @Nullable String error,
      HttpResponse<String> answer)
      throws Exception {
    Refused refused = Refused.by(answer).is(status, code, field);
    if (error != null) {
      refused.says(error);
    }
  }

  private static String line(RawEvent event) {
    return event.leadId()
        + " "
        + event.aliases().stream().map(alias -> alias.kind() + " " + alias.value()).toList()
        + " "
        + event.eventType()
        + " "
        + event.timestampMillis();
  }

  private static HttpLimits impatient(HttpLimits usual) {
    return new HttpLimits(
        usual.maxBodyBytes(),
        usual.maxHeaderBytes(),
        usual.maxConnections(),
        usual.idleTimeout(),
        usual.headerTimeout(),
        Duration.ofMillis(200),
        usual.writeTimeout(),
        usual.maxAuthDelay());
  }

  private static byte[] part(String name, String content) {
    return part(name, bytes(content));
  }

  private static byte[] part(String name, byte[] content) {
    return concat(
        bytes("--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n"),
        content,
        bytes("\r\n"));
  }

  private static byte[] body(byte[]... parts) {
    return concat(concat(parts), bytes("--b--\r\n"));
  }

  private static byte[] concat(byte[]... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
