package io.kenbun.examples.oulad;

import io.kenbun.examples.KenbunReader;
import io.kenbun.examples.oulad.OuladFile.Enrolment;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the scores of a server whose every rule has a half-life of 14 days against the file, lead
 * by lead, at three moments: in the middle of the events, long after the first presentations, and
 * at the end.
 *
 * <p>Run by {@code examples/oulad.sh --half-life}, against a server with {@code --test-clock}; ends
 * with 1 if a claim fails.
 */
public final class HalfLifeCheck {
  private static final double HALF_LIFE_SECONDS = 14 * 86_400;

  /** None of them on a whole day: fractions of a day fade, too. */
  private static final List<Instant> MOMENTS =
      List.of(
          Instant.parse("2013-10-20T12:00:00Z"),
          Instant.parse("2014-02-11T03:45:06.789Z"),
          Instant.parse("2015-06-28T18:20:00Z"));

  private HalfLifeCheck() {}

  /** Checks the server at the first argument against the data set in the folder of the second. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.exit(run(URI.create(args[0]), Path.of(args[1]), System.out) ? 0 : 1);
  }

  /** Returns whether every claim holds. */
  static boolean run(URI url, Path data, PrintStream out) throws IOException, InterruptedException {
    OuladFile file = new OuladFile(data.resolve("oulad-events.csv.gz"));
    KenbunReader server = new KenbunReader(url, "dev", "dev", "unit_default");
    Map<String, String> leadIds = new HashMap<>();
    for (String alias : file.enrolments.keySet()) {
      leadIds.put(alias, server.leadId("external_id", alias));
    }
    boolean passed = true;
    for (Instant moment : MOMENTS) {
      server.stopClock(moment);
      int equal = 0;
      long sum = 0;
      for (Map.Entry<String, Enrolment> enrolment : file.enrolments.entrySet()) {
        int score = server.score(leadIds.getOrDefault(enrolment.getKey(), ""));
        equal += score == score(enrolment.getValue(), moment) ? 1 : 0;
        sum += score;
      }
      boolean holds = equal == file.enrolments.size();
      passed &= holds;
      out.printf(
          "%s  scores at %-24s as in the file: %d of %d leads, %d points%n",
          holds ? "PASS" : "FAIL", moment, equal, file.enrolments.size(), sum);
    }
    return passed;
  }

  /** Returns the score at {@code moment}; what lies ahead of it has not begun to fade. */
  private static long score(Enrolment enrolment, Instant moment) {
    double score = 0;
    for (Click click : enrolment.clicks) {
      double seconds = (moment.toEpochMilli() - click.epochSecond() * 1_000.0) / 1_000;
      score += OuladFile.points(click) * Math.pow(0.5, Math.max(0, seconds) / HALF_LIFE_SECONDS);
    }
    return Math.round(score); // Never below zero, so half up is half away from zero.
  }
}
