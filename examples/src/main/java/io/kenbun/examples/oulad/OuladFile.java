package io.kenbun.examples.oulad;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.kenbun.examples.replay.EventCsv;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the file says, worked out without the replay and without the server, to hold them against.
 *
 * <p>Keeps the million events in memory, some 200 MB.
 */
final class OuladFile {
  /** The day before which events predict the outcome. */
  static final int FIRST_DAYS = 28;

  private static final Map<String, LocalDate> STARTS =
      Map.of(
          "2013B", LocalDate.of(2013, 2, 1),
          "2013J", LocalDate.of(2013, 10, 1),
          "2014J", LocalDate.of(2014, 10, 1));

  /** Activity, event type and the points set by hand, from the data set's README. */
  private enum Activity {
    forumng("Forum View", 3),
    homepage("Home Page View", 1),
    oucontent("Content View", 3),
    subpage("Page View", 1),
    sharedsubpage("Page View", 1),
    resource("Resource View", 2),
    quiz("Quiz View", 5),
    url("Link Click", 2),
    glossary("Glossary View", 1),
    ouelluminate("Live Session View", 5),
    oucollaborate("Live Session View", 5),
    dataplus("Database View", 2);

    final String eventType;
    final int points;

    Activity(String eventType, int points) {
      this.eventType = eventType;
      this.points = points;
    }
  }

  /** What one enrolment did, and the points that makes in all and in the first days. */
  static final class Enrolment {
    final List<Click> clicks = new ArrayList<>();
    int score;
    int firstDaysScore;
  }

  /** Of each enrolment with events, by its alias. */
  final Map<String, Enrolment> enrolments = new TreeMap<>();

  /** Rows by activity, as the README counts them. */
  final Map<String, Integer> rowsByActivity = new TreeMap<>();

  int rows;
  int firstDaysRows;

  /** Reads {@code oulad-events.csv.gz}. */
  OuladFile(Path events) throws IOException {
    Map<String, Integer> seconds = new HashMap<>();
    try (EventCsv csv = new EventCsv(events)) {
      for (CsvRecord row : csv) {
        add(row, seconds);
      }
    }
  }

  // code_module, code_presentation, id_student, id_site, activity_type, date, sum_click
  private void add(CsvRecord row, Map<String, Integer> seconds) {
    String module = row.getField(0).intern();
    String presentation = row.getField(1).intern();
    Activity activity = Activity.valueOf(row.getField(4));
    int day = Integer.parseInt(row.getField(5));
    int second = seconds.merge(module + presentation + day, 1, Integer::sum) - 1;
    LocalDate date = STARTS.getOrDefault(presentation, LocalDate.MIN).plusDays(day);
    Click click =
        new Click(
            activity.eventType,
            date.atStartOfDay().toEpochSecond(ZoneOffset.UTC) + second,
            module,
            presentation,
            Long.parseLong(row.getField(3)),
            activity.name(),
            Long.parseLong(row.getField(6)));
    Enrolment enrolment =
        enrolments.computeIfAbsent(
            alias(module, presentation, row.getField(2)), alias -> new Enrolment());
    enrolment.clicks.add(click);
    enrolment.score += activity.points;
    rows++;
    rowsByActivity.merge(activity.name(), 1, Integer::sum);
    if (day < FIRST_DAYS) {
      enrolment.firstDaysScore += activity.points;
      firstDaysRows++;
    }
  }

  /** Returns the alias of an enrolment. */
  static String alias(String module, String presentation, String student) {
    return "oulad-" + module + "-" + presentation + "-" + student;
  }

  /** Returns the points of an event that do not fade. */
  static int points(Click click) {
    return Activity.valueOf(click.activity()).points;
  }

  /** Returns the event types of {@code rowsByActivity}, with the rows of each. */
  static Map<String, Integer> byEventType(Map<String, Integer> rowsByActivity) {
    Map<String, Integer> rows = new TreeMap<>();
    rowsByActivity.forEach(
        (activity, count) -> rows.merge(Activity.valueOf(activity).eventType, count, Integer::sum));
    return rows;
  }

  /**
   * Returns how many of one enrolment's clicks equal an earlier one in every column of the file.
   */
  static int repeated(Collection<Click> clicks) {
    Set<Click> distinct = new HashSet<>();
    clicks.forEach(click -> distinct.add(click.onItsDay()));
    return clicks.size() - distinct.size();
  }
}
