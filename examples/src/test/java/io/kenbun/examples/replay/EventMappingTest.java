package io.kenbun.examples.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.kenbun.client.Alias;
import io.kenbun.client.Event;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EventMappingTest {
  private static final List<String> HEADER = List.of("term", "day", "who", "what", "price");
  private static final Map<String, String> BY_DAY =
      Map.of(
          "external_id", "shop-{who}",
          "event_type", "{what}",
          "day", "{day}",
          "day.start", "{term}",
          "day.start.T1", "2024-02-01",
          "day.group", "{term}");

  @Test
  void fillsTemplatesAndRenamesValues() {
    EventMapping mapping =
        mapping(
            Map.of(
                "external_id", "shop-{term}-{who}",
                "event_type", "{what}",
                "event_type.buy", "Item Purchased",
                "metadata.price", "{price}",
                "metadata.label", "{price} EUR",
                "numbers", "price"));
    Event event = mapping.event(row("T1,1,7,buy,2.50"));
    assertEquals("Item Purchased", event.type());
    assertEquals(List.of(Alias.externalId("shop-T1-7")), event.aliases());
    assertEquals(Map.of("price", 2.5, "label", "2.50 EUR"), event.metadata());
    assertEquals("look", mapping.event(row("T1,1,7,look,1")).type());
  }

  @Test
  void leavesOutWhatTheRowLeavesEmpty() {
    EventMapping mapping =
        mapping(
            Map.of(
                "external_id", "customer-{who}",
                "cookie", "guest-{day}",
                "event_type", "{what}",
                "metadata.price", "{price}"));
    Event event = mapping.event(row("T1,1,,buy,"));
    assertEquals(List.of(Alias.cookie("guest-1")), event.aliases());
    assertEquals(Map.of(), event.metadata());
  }

  @Test
  void mapsTheColumnsOfTheCsvImportByThemselves() {
    List<String> header = List.of("email", "event_type", "timestamp");
    EventMapping mapping = new EventMapping(Map.of(), List.of(), header);
    Event event = mapping.event(row("a@example.com,Email Open,2025-09-15T14:30:00Z"));
    assertEquals("Email Open", event.type());
    assertEquals(List.of(Alias.email("a@example.com")), event.aliases());
    assertEquals(Instant.parse("2025-09-15T14:30:00Z").toEpochMilli(), event.timestampMillis());
  }

  @Test
  void givesTheRowsOfADayOneSecondEach() {
    EventMapping mapping = mapping(BY_DAY);
    assertEquals("2024-01-31T00:00:00Z", time(mapping.event(row("T1,-1,7,look,"))));
    assertEquals("2024-01-31T00:00:01Z", time(mapping.event(row("T1,-1,8,look,"))));
    assertEquals("2024-02-02T00:00:00Z", time(mapping.event(row("T1,1,7,look,"))));
    assertEquals("2024-01-31T00:00:02Z", time(mapping.event(row("T1,-1,7,look,"))));
  }

  @Test
  void countsTheSecondsOfRowsThatAreLeftOut() {
    EventMapping mapping = new EventMapping(BY_DAY, List.of("who=8"), HEADER);
    assertNull(mapping.event(row("T1,0,7,look,")));
    assertEquals("2024-02-01T00:00:01Z", time(mapping.event(row("T1,0,8,look,"))));
  }

  @Test
  void hasRoomFor86400RowsADay() {
    DayTimes times = new DayTimes();
    java.time.LocalDate start = java.time.LocalDate.of(2024, 2, 1);
    long last = 0;
    for (int i = 0; i < 86_400; i++) {
      last = times.next("T1", 0, start);
    }
    assertEquals(Instant.parse("2024-02-01T23:59:59Z").toEpochMilli(), last);
    assertRefused("more than 86400 rows on one day: T1 0", () -> times.next("T1", 0, start));
    assertEquals(Instant.parse("2024-02-01T00:00:00Z").toEpochMilli(), times.next("T2", 0, start));
  }

  @Test
  void refusesRowsThatAreNoEvent() {
    EventMapping mapping = mapping(BY_DAY);
    assertRefused("fields not 5 as in the header: 2", () -> mapping.event(row("T1,1")));
    assertRefused("fields not 5 as in the header: 6", () -> mapping.event(row("T1,1,7,a,b,c")));
    assertRefused("event_type is empty", () -> mapping.event(row("T1,1,7,,")));
    assertRefused("day not a number: x", () -> mapping.event(row("T1,x,7,look,")));
    assertRefused("day not a whole number: 1.5", () -> mapping.event(row("T1,1.5,7,look,")));
    assertRefused("day or day.start is empty", () -> mapping.event(row("T1,,7,look,")));
    assertRefused(
        "day.start not a date such as 2013-10-01: T9", () -> mapping.event(row("T9,1,7,look,")));
    assertRefused(
        "leadId and aliases missing: nothing names the lead",
        () -> mapping.event(row("T1,1,,look,")));
  }

  @Test
  void refusesAMappingThatCannotWork() {
    assertRefused(
        "nothing names the lead: map lead_id or one of [email, external_id, phone, cookie, social]",
        () -> mapping(Map.of("event_type", "{what}")));
    assertRefused(
        "nothing names the event type: map event_type", () -> mapping(Map.of("email", "{who}")));
    assertRefused("unknown key in the mapping: colour", () -> mapping(Map.of("colour", "{who}")));
    assertRefused(
        "email names a column that is not there: mail (there are: term, day, who, what, price)",
        () -> mapping(Map.of("email", "{mail}")));
    assertRefused(
        "day and day.start go together: one is missing",
        () -> mapping(Map.of("email", "{who}", "event_type", "{what}", "day", "{day}")));
    assertRefused("email has { without }: {who", () -> mapping(Map.of("email", "{who")));
  }

  @Test
  void comparesNumbersAsNumbersAndTextAsText() {
    assertEquals(List.of("9"), kept("day<28", "9", "28", "x"));
    assertEquals(List.of("9", "28"), kept("day<=28", "9", "28", "29"));
    assertEquals(List.of("28.5"), kept("day>28", "28", "28.5"));
    assertEquals(List.of("28", "028"), kept("day>=28", "27", "28", "028"));
    assertEquals(List.of("buy"), kept("day=buy", "buy", "Buy"));
    assertEquals(List.of("", "look"), kept("day != buy", "", "buy", "look"));
  }

  @Test
  void refusesAConditionThatIsNone() {
    assertRefused(
        "--only is not COLUMN, one of < <= > >= = !=, VALUE: day",
        () -> new EventMapping(BY_DAY, List.of("day"), HEADER));
    assertRefused(
        "--only names a column that is not there: dya (there are: term, day, who, what, price)",
        () -> new EventMapping(BY_DAY, List.of("dya<3"), HEADER));
  }

  private static List<String> kept(String condition, String... days) {
    RowFilter filter = new RowFilter(condition, HEADER);
    return List.of(days).stream()
        .filter(day -> filter.keeps(row("T1," + day + ",7,look,")))
        .toList();
  }

  private static EventMapping mapping(Map<String, String> settings) {
    return new EventMapping(settings, List.of(), HEADER);
  }

  private static CsvRecord row(String line) {
    return CsvReader.builder()
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .ofSingleCsvRecord(line);
  }

  private static String time(Event event) {
    return Instant.ofEpochMilli(event.timestampMillis()).toString();
  }

  private static void assertRefused(String message, org.junit.jupiter.api.function.Executable run) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, run).getMessage());
  }
}
