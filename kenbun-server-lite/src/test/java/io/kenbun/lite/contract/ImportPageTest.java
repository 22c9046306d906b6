package io.kenbun.lite.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code POST /import} and the import of leads: {@code api.md} 4. */
class ImportPageTest extends Page {
  @Test
  @Tag("O")
  void rowsAreCountedAsImportedAndAsErrors() throws Exception {
    JsonNode answer =
        body(
            202,
            csv(
                "/import",
                """
                email,event_type,timestamp
                ada@example.com,Page View,2026-03-10T11:00:00Z
                bob@example.com,,
                """));
    assertEquals(tree("{'imported':1,'errors':1}"), answer);
  }

  @Test
  @Tag("O")
  void aRowByAliasMakesItsLeadAndIsScored() throws Exception {
    body(202, csv("/import", "event_type,email\nForm Submit,ada@example.com\n"));
    server.score();
    String lead = get("/lead/by-alias?value=ada@example.com").get("lead_id").asText();
    assertEquals(20, get("/score/" + lead).get("score").asInt());
  }

  @Test
  @Tag("O")
  void aRowNeedsALeadIdOrAnAlias() throws Exception {
    assertEquals(
        1,
        body(202, csv("/import", "event_type,lead_id,email\nPage View,,\n")).get("errors").asInt());
  }

  @Test
  @Tag("O")
  void triggersCanBeSkippedInTheQuery() throws Exception {
    answer(201, "POST", "/triggers", "{'name':'Hot','score_threshold':5}");
    body(202, csv("/import?skip_triggers=true", "event_type,lead_id\nForm Submit,ld_1\n"));
    server.score();
    assertEquals(0, get("/milestone-events").get("total").asInt());
    body(202, csv("/import", "event_type,lead_id\nForm Submit,ld_2\n"));
    server.score();
    assertEquals(1, get("/milestone-events").get("total").asInt());
  }

  @Test
  @Tag("ours")
  void anyOtherColumnIsMetadata() throws Exception {
    body(202, csv("/import", "event_type,lead_id,path\nPage View,ld_1,/pricing\n"));
    server.score();
    assertEquals("/pricing", get("/events/ld_1").at("/events/0/metadata/path").asText());
  }

  @Test
  @Tag("N")
  void leadsAreNotImportedHere() throws Exception {
    assertEquals(
        "not_supported", answer(501, "POST", "/leads/import/preview", null).get("code").asText());
  }

  private HttpResponse<String> csv(String path, String csv) throws Exception {
    String form =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"events.csv\"\r\n\r\n"
            + csv
            + "\r\n--b--\r\n";
    return server.post(
        path, "multipart/form-data; boundary=b", form.getBytes(StandardCharsets.UTF_8));
  }
}
