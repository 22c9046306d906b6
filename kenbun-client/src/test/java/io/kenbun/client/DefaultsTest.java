package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process's default charset, locale and time zone change nothing of what is sent. */
final class DefaultsTest {
  @TempDir File directory;

  /** Tracks an event whose every part would suffer, through the spool. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      try (KenbunClient client =
          KenbunClient.builder()
              .baseUrl(arguments[0])
              .credentials(Credentials.basic("dev", "geh\u00e9im"))
              .orgUnit("unit_default")
              .spool(new File(arguments[1]))
              .build()) {
        client.track(
            Event.builder("Besuch \u20ac")
                .email("I@example.com")
                .timestampMillis(1_600_000_000_123L)
                .metadata("n", 1234567.5)
                .metadata("emoji", "\ud83d\ude00")
                .build());
        client.flush(20, TimeUnit.SECONDS);
        System.out.println(client.stats().lastError());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "US-ASCII, en, US, UTC",
    "ISO-8859-1, tr, TR, Asia/Kathmandu",
    "UTF-16, ar, SA, America/St_Johns",
    "windows-1252, th, TH, Pacific/Apia"
  })
  void sendsTheSameBytesWhateverTheyAre(
      String charset, String language, String country, String zone) throws Exception {
    try (KenbunServer kenbun = new KenbunServer();
        ChildJvm child =
            ChildJvm.start(
                List.of(
                    "-Dfile.encoding=" + charset,
                    "-Duser.language=" + language,
                    "-Duser.country=" + country,
                    "-Duser.timezone=" + zone),
                Program.class,
                kenbun.url(),
                directory.getPath())) {
      child.ends(60, TimeUnit.SECONDS);
      assertEquals(
          List.of(
              "{\"alias_kind\":\"email\",\"alias\":\"I@example.com\","
                  + "\"event_type\":\"Besuch \u20ac\",\"timestamp\":\"2020-09-13T12:26:40.123Z\","
                  + "\"metadata\":{\"n\":1234567.5,\"emoji\":\"\ud83d\ude00\"}}"),
          kenbun.events);
      assertEquals(
          "Basic ZGV2OmdlaMOpaW0=", kenbun.requests.get(0).getHeader("Authorization")); // UTF-8.
    }
  }
}
