package io.kenbun.lite.http.ops;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.http.json.Timestamps;
import io.kenbun.lite.pipeline.MovableClock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The test clock ({@code lite.md} 4): 404 unless the server was started with one. Runs on workers.
 *
 * <pre>
 *   {"now":"2026-03-10T12:00:00Z"}  sets it      {"frozen":true}  stops it, false lets it run again
 *   {"advance":"P30DT12H"}          moves it     both may come with "frozen"
 * </pre>
 */
final class ClockApi {
  private static final String FIRST = "1970-01-01T00:00:00Z";
  private static final String LAST = "9999-12-31T23:59:59.999Z";
  private static final long LAST_MILLIS = Timestamps.parse(LAST);

  private final @Nullable MovableClock clock;

  ClockApi(@Nullable MovableClock clock) {
    this.clock = clock;
  }

  /** {@code GET /lite/clock}. */
  void read(Call call) {
    call.answer(200, json(clock().read()));
  }

  /** {@code PUT /lite/clock}. */
  void set(Call call) throws Exception {
    MovableClock movable = clock();
    JsonBody.readForWorker(call, body -> call.answer(200, json(set(movable, body))));
  }

  private static MovableClock.Reading set(MovableClock movable, JsonBody body) {
    String now = body.optionalText("now");
    String advance = body.optionalText("advance");
    Boolean frozen = body.optionalBool("frozen");
    if (now != null && advance != null) {
      throw Problem.invalidField("advance", "advance does not go with now");
    }
    if (now != null) {
      long millis = checked("now", Timestamps.parse(now), now);
      return movable.set(shown -> millis, frozen);
    }
    if (advance != null) {
      return movable.set(shown -> advanced(shown, advance), frozen);
    }
    if (frozen == null) {
      throw Problem.missingField("now");
    }
    return movable.set(shown -> shown, frozen);
  }

  private static long advanced(long fromMillis, String advance) {
    ZonedDateTime from = Instant.ofEpochMilli(fromMillis).atZone(ZoneOffset.UTC);
    try {
      int time = advance.indexOf('T');
      ZonedDateTime to = from;
      if (time != 1 && !(time == 2 && advance.charAt(1) == 'P')) {
        to = to.plus(Period.parse(time < 0 ? advance : advance.substring(0, time)));
      }
      if (time >= 0) {
        String sign = advance.startsWith("-") ? "-" : "";
        to = to.plus(Duration.parse(sign + "P" + advance.substring(time)));
      }
      return checked("advance", to.toInstant().toEpochMilli(), advance);
    } catch (DateTimeException | ArithmeticException e) {
      throw Problem.invalidField(
          "advance", "advance is no ISO 8601 duration, or too long: \"" + advance + "\"");
    }
  }

  private static long checked(String field, long millis, String text) {
    if (millis == Timestamps.INVALID) {
      throw Problem.invalidField(
          field, field + " is no RFC 3339 time with an offset: \"" + text + "\"");
    }
    if (millis < 0 || millis > LAST_MILLIS) {
      throw Problem.invalidField(
          field, field + " leads before " + FIRST + " or past " + LAST + ": \"" + text + "\"");
    }
    return millis;
  }

  private static JsonOut json(MovableClock.Reading reading) {
    return new JsonOut()
        .beginObject()
        .timeField("now", reading.nowMillis())
        .field("offset_ms", reading.offsetMillis())
        .field("frozen", reading.frozen())
        .endObject();
  }

  private MovableClock clock() {
    if (clock == null) {
      throw Problem.notFound("no such path"); // As if it were not there.
    }
    return clock;
  }
}
