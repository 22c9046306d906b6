package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventImportTest {
  @TempDir File directory;
  private KenbunServer kenbun;
  private KenbunClient client;

  @BeforeEach
  void start() throws Exception {
    kenbun = new KenbunServer();
    client = kenbun.client().build();
    answerWith(202, "{\"imported\": 142, \"errors\": 3}");
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    kenbun.close();
  }

  private void answerWith(int status, String body) {
    kenbun.script = request -> new MockResponse().setResponseCode(status).setBody(body);
  }

  private static String csv(RecordedRequest request) {
    String body = request.getBody().clone().readUtf8();
    int from = body.indexOf("\r\n\r\n") + 4;
    return body.substring(from, body.lastIndexOf("\r\n--"));
  }

  @Test
  void streamsAFileAsItIsAndReturnsTheServersCounts() throws Exception {
    File file = new File(directory, "history.csv");
    Files.writeString(file.toPath(), "email,event_type\na@example.com,Page View\n");

    EventImport.Result result = client.importEvents(EventImport.ofCsv(file).skippingTriggers());

    assertEquals(142, result.imported());
    assertEquals(3, result.errors());
    RecordedRequest request = kenbun.requests.get(0);
    assertEquals("/import?skip_triggers=true", request.getPath());
    assertEquals("activeOu=unit_default.0", request.getHeader("Cookie"));
    assertEquals("Basic ZGV2OmRldg==", request.getHeader("Authorization"));
    assertEquals("email,event_type\na@example.com,Page View\n", csv(request));
    assertTrue(request.getBody().clone().readUtf8().contains("name=\"file\"; filename="));
  }

  @Test
  void writesEventsAsCsvAndQuotesWhatHasToBe() throws Exception {
    List<Event> events =
        List.of(
            Event.builder("Page View").leadId("ld_1").timestampMillis(0).build(),
            Event.builder("Say \"hi\", twice")
                .email("a@example.com")
                .externalId("x,1")
                .email("second@example.com")
                .timestampMillis(1000)
                .build());

    client.importEvents(EventImport.of(events));

    assertEquals(
        List.of(
            "lead_id,event_type,timestamp,external_id,email,phone,cookie,social",
            "ld_1,Page View,1970-01-01T00:00:00.000Z,,,,,",
            ",\"Say \"\"hi\"\", twice\",1970-01-01T00:00:01.000Z,\"x,1\",a@example.com,,,"),
        csv(kenbun.requests.get(0)).lines().toList());
  }

  @Test
  void reportsProgressAndCanBeCancelled() throws Exception {
    File file = new File(directory, "large.csv");
    Files.write(file.toPath(), new byte[300_000]);
    List<Long> sent = new ArrayList<>();
    EventImport all =
        EventImport.ofCsv(file)
            .reportingTo(
                (bytes, total) -> {
                  assertEquals(300_000, total);
                  sent.add(bytes);
                  return true;
                });
    client.importEvents(all);
    assertEquals(300_000L, sent.get(sent.size() - 1));
    assertTrue(sent.size() > 3);

    IOException cancelled =
        assertThrows(
            IOException.class,
            () ->
                client.importEvents(
                    EventImport.ofCsv(file).reportingTo((bytes, total) -> bytes < 100_000)));
    assertEquals("the import was cancelled", cancelled.getMessage());
  }

  @Test
  void saysWhatTheServerSaid() {
    answerWith(400, "{\"error\":\"no header\",\"code\":\"invalid_csv\"}");
    IOException refused =
        assertThrows(IOException.class, () -> client.importEvents(EventImport.of(List.of())));
    assertEquals("import failed: 400 no header (invalid_csv)", refused.getMessage());
    kenbun.activationScript = request -> KenbunServer.error(403, "not yours", "forbidden");
    IOException unit =
        assertThrows(IOException.class, () -> client.importEvents(EventImport.of(List.of())));
    assertEquals(
        "org unit unit_default cannot be set: 403 not yours (forbidden)", unit.getMessage());
  }
}
