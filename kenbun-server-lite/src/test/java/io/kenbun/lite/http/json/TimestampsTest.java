package io.kenbun.lite.http.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
  @ParameterizedTest
  @CsvSource({
    "2025-09-15T14:30:00Z, 2025-09-15T14:30:00Z",
    "2025-09-15t14:30:00z, 2025-09-15T14:30:00Z",
    "2025-09-15T14:30:00+02:00, 2025-09-15T12:30:00Z",
    "2025-09-15T14:30:00-05:30, 2025-09-15T20:00:00Z",
    "2025-09-15T14:30:00-00:00, 2025-09-15T14:30:00Z",
    "2025-09-15T14:30:00+23:59, 2025-09-14T14:31:00Z",
    "2025-09-15T14:30:00.5Z, 2025-09-15T14:30:00.500Z",
    "2025-09-15T14:30:00.05Z, 2025-09-15T14:30:00.050Z",
    "2025-09-15T14:30:00.1239999999999999Z, 2025-09-15T14:30:00.123Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z",
    "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
    "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
    "2016-12-31T23:59:60.250Z, 2017-01-01T00:00:00.250Z",
    "2015-07-01T01:59:60+02:00, 2015-07-01T00:00:00Z",
  })
  void readsTimes(String text, String utc) {
    assertEquals(Instant.parse(utc), Instant.ofEpochMilli(Timestamps.parse(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2025-09-15",
        "2025-09-15T14:30:00",
        "2025-09-15 14:30:00Z",
        "2025-09-15T14:30Z",
        "2025-09-15T14:30:00.Z",
        "2025-09-15T14:30:00,5Z",
        "2025-09-15T14:30:00+0200",
        "2025-09-15T14:30:00+02",
        "2025-09-15T14:30:00+24:00",
        "2025-09-15T14:30:00+02:60",
        "2025-09-15T14:30:00ZZ",
        "2025-09-15T14:30:00Z ",
        " 2025-09-15T14:30:00Z",
        "2025-09-15T24:00:00Z",
        "2025-09-15T14:60:00Z",
        "2025-09-15T14:30:61Z",
        "2025-09-15T14:30:60Z",
        "2016-12-30T23:59:60Z",
        "2025-13-15T14:30:00Z",
        "2025-00-15T14:30:00Z",
        "2025-09-31T14:30:00Z",
        "2025-09-00T14:30:00Z",
        "2025-02-29T14:30:00Z",
        "1900-02-29T14:30:00Z",
        "-025-09-15T14:30:00Z",
        "+2025-09-15T14:30:00Z",
        "20250915T143000Z0000",
        "٢٠٢٥-09-15T14:30:00Z",
        "1757946600000",
      })
  void refusesWhatIsNoTime(String text) {
    assertEquals(Timestamps.INVALID, Timestamps.parse(text));
  }

  @Test
  void countsDaysAsTheCalendarDoes() {
    for (LocalDate day = LocalDate.of(1896, 1, 1);
        day.isBefore(LocalDate.of(2105, 1, 1));
        day = day.plusDays(1)) {
      assertEquals(
          day.toEpochDay() * 86_400_000, Timestamps.parse(day + "T00:00:00Z"), day::toString);
    }
  }

  @Test
  void readsBackWhatItWrites() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long first = Instant.parse("0000-01-01T00:00:00Z").toEpochMilli();
    long last = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
    for (int i = 0; i < 20_000; i++) {
      long millis = random.nextLong(first, last);
      assertEquals(millis, Timestamps.parse(Timestamps.format(millis)), () -> "seed " + seed);
    }
  }

  @Test
  void writesAFractionOnlyWhenThereIsOne() {
    assertEquals("2025-01-15T10:30:00Z", Timestamps.format(1_736_937_000_000L));
    assertEquals("2025-01-15T10:30:00.050Z", Timestamps.format(1_736_937_000_050L));
  }
}
