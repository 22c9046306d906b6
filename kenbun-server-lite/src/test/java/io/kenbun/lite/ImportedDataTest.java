package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.kenbun.client.Alias;
import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.client.OverflowPolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real histories, once sent by the SDK and once imported as a file, give the same scores. What is
 * sent goes to SQLite, what is imported to the engine that tests run on: that must be the same,
 * too. {@code -Dkenbun.data=DIR} names the folder with the files; it takes the first 20,000 rows of
 * each, with {@code -Dkenbun.data.rows=0} all. Without it rows are made up that look like theirs.
 */
class ImportedDataTest {
  private static final List<String> COLUMNS =
      List.of("external_id", "cookie", "event_type", "timestamp", "first", "second", "amount");

  private static final int ROWS_MADE_UP = 1_500;
  private static final String CLICKS =
      "code_module,code_presentation,id_student,id_site,activity_type,date,sum_click";
  private static final String ORDERS =
      "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

  @TempDir Path dir;

  /** One event as either way in takes it. */
  private record Row(
      Alias alias, String eventType, String timestamp, String first, String second, String amount) {

    Event event() {
      return Event.builder(eventType)
          .alias(alias)
          .timestamp(timestamp)
          .metadata("first", first)
          .metadata("second", second)
          .metadata("amount", amount)
          .build();
    }

    List<String> cells() {
      boolean known = alias.kind().equals("external_id");
      return List.of(
          known ? alias.value() : "",
          known ? "" : alias.value(),
          eventType,
          timestamp,
          first,
          second,
          amount);
    }
  }

  /** Makes an event of a row of a file. */
  private interface Mapping {
    Row row(NamedCsvRecord row);
  }

  @Test
  void learnersClicks() throws Exception {
    Map<String, String> types =
        Map.ofEntries(
            Map.entry("forumng", "Forum View"),
            Map.entry("homepage", "Home Page View"),
            Map.entry("oucontent", "Content View"),
            Map.entry("subpage", "Page View"),
            Map.entry("sharedsubpage", "Page View"),
            Map.entry("resource", "Resource View"),
            Map.entry("quiz", "Quiz View"),
            Map.entry("url", "Link Click"),
            Map.entry("glossary", "Glossary View"),
            Map.entry("ouelluminate", "Live Session View"),
            Map.entry("oucollaborate", "Live Session View"),
            Map.entry("dataplus", "Database View"));
    Map<String, LocalDate> starts =
        Map.of(
            "2013B", LocalDate.of(2013, 2, 1),
            "2013J", LocalDate.of(2013, 10, 1),
            "2014J", LocalDate.of(2014, 10, 1));
    Map<String, Integer> rowsOfDay = new HashMap<>();
    assertSameScores(
        "oulad-events.csv.gz",
        row -> {
          String presentation = row.getField("code_presentation");
          String course = row.getField("code_module") + "-" + presentation;
          int day = Integer.parseInt(row.getField("date"));
          int second = rowsOfDay.merge(course + day, 1, Integer::sum) - 1;
          return new Row(
              Alias.externalId("oulad-" + course + "-" + row.getField("id_student")),
              String.valueOf(types.get(row.getField("activity_type"))),
              String.valueOf(
                  starts
                      .getOrDefault(presentation, LocalDate.EPOCH)
                      .plusDays(day)
                      .atStartOfDay()
                      .plusSeconds(second)
                      .toInstant(ZoneOffset.UTC)),
              course,
              row.getField("id_site"),
              row.getField("sum_click"));
        });
  }

  private static InputStream open(String name) throws IOException {
    String folder = System.getProperty("kenbun.data");
    return folder == null
        ? new ByteArrayInputStream(madeUp(name).getBytes(StandardCharsets.UTF_8))
        : new GZIPInputStream(Files.newInputStream(Path.of(folder, name)));
  }

  private static String madeUp(String name) {
    Random random = new Random(ROWS_MADE_UP);
    StringBuilder rows = new StringBuilder(name.startsWith("oulad") ? CLICKS : ORDERS);
    for (int i = 0; i < ROWS_MADE_UP; i++) {
      rows.append('\n').append(name.startsWith("oulad") ? click(random) : order(random, i));
    }
    return rows.toString();
  }

  private static String click(Random random) {
    List<String> activities = List.of("forumng", "homepage", "subpage", "quiz", "url", "glossary");
    return String.join(
        ",",
        random.nextInt(4) == 0 ? "BBB,2014J" : "AAA,2013J",
        String.valueOf(random.nextInt(80)),
        String.valueOf(540_000 + random.nextInt(20)),
        activities.get(random.nextInt(activities.size())),
        String.valueOf(random.nextInt(60) - 10),
        String.valueOf(1 + random.nextInt(6)));
  }

  private static String order(Random random, int number) {
    boolean returned = random.nextInt(9) == 0;
    return String.join(
        ",",
        (returned ? "C" : "") + (536_000 + number / 5),
        "85123A",
        "\"LANTERN, \"\"WHITE\"\"\"",
        String.valueOf(returned ? -1 - random.nextInt(3) : random.nextInt(24) - 1),
        "2010-12-%02dT%02d:%02d"
            .formatted(1 + number / 100, random.nextInt(24), random.nextInt(60)),
        random.nextInt(20) == 0 ? "0" : "2.55",
        random.nextInt(4) == 0 ? "" : String.valueOf(17_850 + random.nextInt(90)),
        "United Kingdom");
  }

  @Test
  void linesOfOrders() throws Exception {
    assertSameScores(
        "online-retail-dec2010-jan2011.csv.gz",
        row -> {
          String invoice = row.getField("InvoiceNo");
          String customer = row.getField("CustomerID");
          boolean adjusted =
              row.getField("Quantity").startsWith("-")
                  || Double.parseDouble(row.getField("UnitPrice")) <= 0;
          return new Row(
              customer.isEmpty()
                  ? Alias.cookie("guest-" + invoice)
                  : Alias.externalId("customer-" + customer),
              invoice.startsWith("C")
                  ? "Item Returned"
                  : adjusted ? "Stock Adjusted" : "Item Purchased",
              row.getField("InvoiceDate") + ":00Z",
              row.getField("Description"),
              row.getField("Country"),
              row.getField("Quantity"));
        });
  }

  private void assertSameScores(String name, Mapping mapping) throws Exception {
    long most = Long.getLong("kenbun.data.rows", 20_000);
    Path csv = dir.resolve("events.csv");
    Map<String, Alias> aliases = new TreeMap<>();
    long[] rows = {0};
    try (KenbunLite sent = server(KenbunLite.builder().port(0).inMemory());
        KenbunLite imported = server(TestLite.temporary())) {
      Api sentApi = frozen(sent);
      Api importedApi = frozen(imported);
      try (KenbunClient client =
              KenbunClient.builder()
                  .baseUrl(sent.url().toString())
                  .credentials(Credentials.basic("dev", "dev"))
                  .orgUnit("unit_default")
                  .overflowPolicy(OverflowPolicy.BLOCK)
                  .blockTimeout(60, TimeUnit.SECONDS)
                  .maxInFlight(8)
                  .build();
          CsvWriter file = CsvWriter.builder().build(csv);
          CsvReader<NamedCsvRecord> reader =
              CsvReader.builder()
                  .ofNamedCsvRecord(new InputStreamReader(open(name), StandardCharsets.UTF_8))) {
        file.writeRecord(COLUMNS);
        for (NamedCsvRecord record : reader) {
          if (most > 0 && rows[0] == most) {
            break;
          }
          rows[0]++;
          Row row = mapping.row(record);
          aliases.put(row.alias().value(), row.alias());
          file.writeRecord(row.cells());
          assertTrue(client.track(row.event()));
        }
        client.flush(10, TimeUnit.MINUTES);
        assertEquals(rows[0], client.stats().delivered());
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertEquals(
          0,
          Main.commandLine(new PrintStream(out, true, StandardCharsets.UTF_8), null)
              .execute("import", csv.toString(), "--url", imported.url().toString()));
      assertEquals(rows[0] + " rows imported, 0 refused\n", out.toString(StandardCharsets.UTF_8));
      drain(sentApi);
      drain(importedApi);
      assertEquals(
          sentApi.object("/leads").get("total"), importedApi.object("/leads").get("total"));
      assertEquals(
          sentApi.object("/milestone-events").get("total"),
          importedApi.object("/milestone-events").get("total"));
      long points = 0;
      for (Alias alias : aliases.values()) {
        Map<?, ?> score = score(sentApi, alias);
        assertEquals(score, score(importedApi, alias), alias.value());
        points += Math.abs((long) score.get("score"));
      }
      assertTrue(points > 0);
      System.out.println(
          name + ": " + rows[0] + " rows, " + aliases.size() + " leads, " + points + " points");
    }
  }

  private static void drain(Api api) throws Exception {
    while (api.post("/lite/drain?timeout_ms=20000", "").statusCode() == 504) {}
  }

  private static Map<?, ?> score(Api api, Alias alias) throws Exception {
    Map<?, ?> lead =
        api.object(
            "/lead/by-alias?kind="
                + alias.kind()
                + "&value="
                + URLEncoder.encode(alias.value(), StandardCharsets.UTF_8));
    Map<String, Object> score = new TreeMap<>();
    api.object("/score/" + lead.get("lead_id")).forEach((key, value) -> score.put("" + key, value));
    score.put("events", api.object("/events/" + lead.get("lead_id") + "?limit=1").get("total"));
    score.put(
        "why",
        api.object("/lead/" + lead.get("lead_id") + "/score-explain?hours=8760")
            .get("top_drivers"));
    score.remove("lead_id"); // Each server makes its own.
    return score;
  }

  private static Api frozen(KenbunLite server) throws Exception {
    Api api = new Api(server.url()).activate("unit_default");
    assertEquals(
        200,
        api.send(
                api.request("/lite/clock")
                    .header("Content-Type", "application/json")
                    .PUT(
                        java.net.http.HttpRequest.BodyPublishers.ofString(
                            "{\"now\":\"2015-07-01T00:00:00Z\",\"frozen\":true}"))
                    .build())
            .statusCode());
    return api;
  }

  private KenbunLite server(KenbunLite.Builder builder) throws IOException {
    Path config =
        Files.writeString(
            dir.resolve("config.json"),
            """
            {"org_units": [{"unit_id": "unit_default", "rulesets": [{
              "id": "rs", "name": "By hand", "is_primary": true, "rules": [
                {"event_type": "Forum View", "weight": 3, "half_life_days": 400},
                {"event_type": "Home Page View", "weight": 1},
                {"event_type": "Content View", "weight": 3},
                {"event_type": "Quiz View", "weight": 5, "attribute_filters": [
                  {"field": "amount", "operator": "gt", "value": "3"}]},
                {"event_type": "Link Click", "weight": 2},
                {"event_type": "Item Purchased", "weight": 1},
                {"event_type": "Item Purchased", "weight": 4, "attribute_filters": [
                  {"field": "amount", "operator": "gte", "value": "10"}]},
                {"event_type": "Item Returned", "weight": -5}]}]}]}""");
    return builder.testClock().config(config).start();
  }
}
