package io.kenbun.lite.http.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.http.RecordingQueue;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.model.RawEvent;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that CSV readers get wrong, each with what must become of it. */
class CsvCorpusTest {
  private static final String HEAD = "lead_id,event_type,note\n";
  private static final String GOOD = "ld_9,Page View,ok\n";
  private static final String LATIN_1 =
      "{\"error\":\"file is not UTF-8\",\"code\":\"invalid_field\",\"field\":\"file\"}";
  private static final String EMPTY =
      "{\"error\":\"file is empty\",\"code\":\"invalid_field\",\"field\":\"file\"}";

  private final RecordingQueue queue = new RecordingQueue();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.queue = queue;
    server = new TestServer(setup);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /**
   * One file.
   *
   * @param notes what the events taken have as metadata, one for each
   */
  @SuppressWarnings("ArrayRecordComponent") // Two of them are never compared.
  private record File(String name, byte[] bytes, String answer, List<String> notes) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<File> files() {
    return Stream.of(
        file(
            "quotes in a quoted cell",
            HEAD + "a,Page View,\"say \"\"hi\"\"\"\n",
            1,
            0,
            "say \\\"hi\\\""),
        file(
            "a quote within an unquoted cell", HEAD + "a,Page View,5\" pipe\n", 1, 0, "5\\\" pipe"),
        file("a cell of nothing but quotes", HEAD + "a,Page View,\"\"\"\"\n", 1, 0, "\\\""),
        file("a comma in a quoted cell", HEAD + "a,Page View,\"x,y\"\n", 1, 0, "x,y"),
        file("a line feed in a cell", HEAD + "a,Page View,\"x\ny\"\n" + GOOD, 2, 0, "x\\ny", "ok"),
        file("CRLF in a cell", HEAD + "a,Page View,\"x\r\ny\"\r\n", 1, 0, "x\\r\\ny"),
        file(
            "a hundred lines in a cell",
            HEAD + "a,Page View,\"" + "x\n".repeat(100) + "\"\n" + GOOD,
            2,
            0,
            "x\\n".repeat(100),
            "ok"),
        file("lines ended by CR alone", (HEAD + GOOD).replace('\n', '\r'), 1, 0, "ok"),
        file(
            "line ends mixed",
            HEAD.replace("\n", "\r\n") + GOOD + GOOD.replace("\n", "\r\n"),
            2,
            0,
            "ok",
            "ok"),
        file("no line end at the end", HEAD + GOOD.strip(), 1, 0, "ok"),
        file("blank lines", HEAD + "\n\n" + GOOD + "\n\n", 1, 0, "ok"),
        file("a byte order mark", "\uFEFF" + HEAD + GOOD, 1, 0, "ok"),
        file(
            "a byte order mark before a quoted header",
            "\uFEFF\"lead_id\",\"event_type\",\"note\"\n" + GOOD,
            1,
            0,
            "ok"),
        file("blanks around names of columns", " lead_id , event_type ,note\n" + GOOD, 1, 0, "ok"),
        file("blanks around a cell are its own", HEAD + "a,Page View, x \n", 1, 0, " x "),
        file("empty cells", HEAD + "a,Page View,\nb,Page View,\"\"\n", 2, 0, null, null),
        file("too few cells", HEAD + "a,Page View\n" + GOOD, 1, 1, "ok"),
        file("too many cells", HEAD + "a,Page View,x,y\n" + GOOD, 1, 1, "ok"),
        file("a comma too many at the end", HEAD + "a,Page View,x,\n" + GOOD, 1, 1, "ok"),
        file(
            "semicolons instead of commas",
            "lead_id;event_type\na;Page View\n",
            "{\"error\":\"file has no column event_type\",\"code\":\"invalid_field\",\"field\":\"event_type\"}"),
        file(
            "tabs instead of commas",
            "lead_id\tevent_type\na\tPage View\n",
            "{\"error\":\"file has no column event_type\",\"code\":\"invalid_field\",\"field\":\"event_type\"}"),
        file("letters of all kinds", HEAD + "a,Page View,Zürich 東京 🎉\n", 1, 0, "Zürich 東京 🎉"),
        file(
            "half a pair of surrogates, as UTF-8 has none",
            concat(
                bytes(HEAD + "a,Page View,"),
                new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, '\n'}),
            LATIN_1),
        file(
            "Latin-1",
            (HEAD + "a,Page View,Zürich\n").getBytes(StandardCharsets.ISO_8859_1),
            LATIN_1),
        file("UTF-16", (HEAD + GOOD).getBytes(Charset.forName("UTF-16")), LATIN_1),
        file("U+0000 in an id", HEAD + "a\u0000b,Page View,x\n" + GOOD, 1, 1, "ok"),
        file("U+0000 in metadata", HEAD + "a,Page View,x\u0000y\n", 1, 0, "x\\u0000y"),
        file("a formula, which is text", HEAD + "a,Page View,=1+1\n", 1, 0, "=1+1"),
        file(
            "a cell of as much metadata as there may be",
            HEAD + "a,Page View," + "x".repeat(102_400 - 11) + "\n",
            1,
            0,
            "x".repeat(102_400 - 11)),
        file(
            "and of a byte more",
            HEAD + "a,Page View," + "x".repeat(102_401 - 11) + "\n" + GOOD,
            1,
            1,
            "ok"),
        file(
            "a cell of 1 MB",
            HEAD + "a,Page View," + "x".repeat(1_000_000) + "\n" + GOOD,
            1,
            1,
            "ok"),
        file(
            "a quoted cell of 1 MB",
            HEAD + "a,Page View,\"" + "x\n".repeat(500_000) + "\"\n" + GOOD,
            1,
            1,
            "ok"),
        file("empty", "", EMPTY),
        file("a byte order mark alone", "\uFEFF", EMPTY),
        file("line ends alone", "\n\r\n\n", EMPTY),
        file("header only", HEAD, 0, 0),
        file("header only, without a line end", HEAD.strip(), 0, 0));
  }

  @ParameterizedTest
  @MethodSource("files")
  void becomesWhatItMust(File file) throws Exception {
    HttpResponse<String> answer =
        server.post(
            "/import",
            "multipart/form-data; boundary=b",
            concat(
                bytes("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"),
                file.bytes(),
                bytes("\r\n--b--\r\n")));
    assertEquals(file.answer(), answer.body());
    assertEquals(
        file.notes(),
        queue.events().stream().map(RawEvent::metadata).map(CsvCorpusTest::note).toList());
  }

  /** Returns the text of {@code {"note":"…"}} as it stands there, empty when there is none. */
  private static String note(@Nullable String metadata) {
    return metadata == null ? "" : metadata.substring(9, metadata.length() - 2);
  }

  private static File file(String name, String text, int imported, int errors, String... notes) {
    return new File(
        name,
        bytes(text),
        "{\"imported\":" + imported + ",\"errors\":" + errors + "}",
        Stream.of(notes).map(note -> note == null ? "" : note).toList());
  }

  private static File file(String name, String text, String answer) {
    return file(name, bytes(text), answer);
  }

  private static File file(String name, byte[] bytes, String answer) {
    return new File(name, bytes, answer, List.of());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[]... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }
}
