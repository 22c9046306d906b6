package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimestampsTest {
  private static final DateTimeFormatter JAVA_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @Test
  void agreesWithJavaTimeBothWays() {
    Random random = new Random(42);
    long span = Timestamps.MAX_MILLIS - Timestamps.MIN_MILLIS;
    for (int i = 0; i < 20_000; i++) {
      long millis = Timestamps.MIN_MILLIS + (long) (random.nextDouble() * span);
      String text = JAVA_TIME.format(Instant.ofEpochMilli(millis));
      assertEquals(text, Timestamps.format(millis));
      assertEquals(millis, Timestamps.parse(text), text);
    }
    assertEquals("0000-01-01T00:00:00.000Z", Timestamps.format(Timestamps.MIN_MILLIS));
    assertEquals("9999-12-31T23:59:59.999Z", Timestamps.format(Timestamps.MAX_MILLIS));
    assertEquals("1969-12-31T23:59:59.999Z", Timestamps.format(-1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-09-15T14:30:00Z",
        "2025-09-15t14:30:00z",
        "2025-09-15T14:30:00.1Z",
        "2025-09-15T14:30:00.123456789+05:30",
        "2024-02-29T23:59:59-12:00"
      })
  void readsEveryFormOfRfc3339(String text) {
    long expected = OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant().toEpochMilli();
    assertEquals(expected, Timestamps.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2025-09-15",
        "2025-09-15T14:30:00",
        "2025-9-15T14:30:00Z",
        "2025-13-15T14:30:00Z",
        "2025-02-29T14:30:00Z",
        "2025-09-15T24:00:00Z",
        "2025-09-15T14:60:00Z",
        "2025-09-15T14:30:61Z",
        "2025-09-15T14:30:00.Z",
        "2025-09-15T14:30:00+0530",
        "2025-09-15T14:30:00Zx",
        "\u0662025-09-15T14:30:00Z"
      })
  void refusesAnythingElse(String text) {
    assertEquals(
        "timestamp is not an RFC 3339 date-time with an offset, such as 2025-09-15T14:30:00Z: "
            + text,
        assertThrows(IllegalArgumentException.class, () -> Timestamps.parse(text)).getMessage());
  }

  @Test
  void followsNeitherTheDefaultLocaleNorTheDefaultTimeZone() {
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      for (String tag : new String[] {"ar-SA-u-nu-arab", "th-TH-u-ca-buddhist-nu-thai", "tr-TR"}) {
        for (String id : new String[] {"Asia/Kolkata", "America/St_Johns", "Pacific/Apia"}) {
          Locale.setDefault(Locale.forLanguageTag(tag));
          TimeZone.setDefault(TimeZone.getTimeZone(id));
          assertEquals("2025-09-15T14:30:00.007Z", Timestamps.format(1_757_946_600_007L));
          assertEquals("email:title@i.example", Alias.email("TITLE@I.example").identity());
          Event event = Event.builder("T").leadId("l").timestampMillis(0).metadata("n", 12).build();
          assertEquals(
              "{\"lead_id\":\"l\",\"event_type\":\"T\",\"timestamp\":\"1970-01-01T00:00:00.000Z\","
                  + "\"metadata\":{\"n\":12}}",
              new String(EventCodec.encode(event), StandardCharsets.UTF_8));
        }
      }
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }
}
