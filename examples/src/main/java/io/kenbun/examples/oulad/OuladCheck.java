package io.kenbun.examples.oulad;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.kenbun.examples.KenbunReader;
import io.kenbun.examples.oulad.OuladFile.Enrolment;
import io.kenbun.examples.replay.EventCsv;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds what a server made of the OULAD events against the file, claim by claim.
 *
 * <p>Run by {@code examples/oulad.sh}; ends with 1 if a claim fails. Every event of every lead is
 * read back over HTTP.
 */
public final class OuladCheck {
  private static final int PAGE = 100;

  /** Rows per activity as the data set's README publishes them. */
  private static final Map<String, Integer> PUBLISHED =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("forumng", 428_379),
              Map.entry("homepage", 196_950),
              Map.entry("oucontent", 117_519),
              Map.entry("subpage", 108_870),
              Map.entry("resource", 72_921),
              Map.entry("quiz", 69_391),
              Map.entry("url", 49_335),
              Map.entry("glossary", 2_134),
              Map.entry("ouelluminate", 1_022),
              Map.entry("oucollaborate", 988),
              Map.entry("dataplus", 967),
              Map.entry("sharedsubpage", 99)));

  private final PrintStream out;
  private final OuladFile file;
  private final KenbunReader all;
  private final KenbunReader firstDays;
  private final Map<String, String> leadIds = new HashMap<>();
  private boolean passed = true;

  private OuladCheck(PrintStream out, OuladFile file, KenbunReader all, KenbunReader firstDays) {
    this.out = out;
    this.file = file;
    this.all = all;
    this.firstDays = firstDays;
  }

  /** Checks the server at the first argument against the data set in the folder of the second. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.exit(run(URI.create(args[0]), Path.of(args[1]), System.out) ? 0 : 1);
  }

  /** Returns whether every claim holds. */
  static boolean run(URI url, Path data, PrintStream out) throws IOException, InterruptedException {
    OuladCheck check =
        new OuladCheck(
            out,
            new OuladFile(data.resolve("oulad-events.csv.gz")),
            new KenbunReader(url, "dev", "dev", "unit_default"),
            new KenbunReader(url, "dev", "dev", "unit_first_days"));
    check.counts();
    check.events();
    check.scores();
    check.ranking(data.resolve("oulad-learners.csv.gz"));
    return check.passed;
  }

  private void counts() throws IOException, InterruptedException {
    claim("rows per activity: file = README", PUBLISHED, file.rowsByActivity);
    claim("events stored: server = file", file.rows, all.events("", 1, 1).total());
    Map<String, Integer> stored = new TreeMap<>();
    Map<String, Integer> expected = OuladFile.byEventType(file.rowsByActivity);
    for (String type : expected.keySet()) {
      String filter = "event_type=" + KenbunReader.encoded(type);
      stored.put(type, all.events(filter, 1, 1).total());
    }
    claim("events stored per type: server = file", expected, stored);
    claim("leads: server = enrolments with events", 4_137, all.leads(1, 1).total());
    claim("enrolments with events: file = README", 4_137, file.enrolments.size());
  }

  private void events() throws IOException, InterruptedException {
    int missing = 0;
    int extra = 0;
    int repeated = 0;
    Map<String, Integer> byActivity = new TreeMap<>();
    for (Map.Entry<String, Enrolment> enrolment : file.enrolments.entrySet()) {
      String leadId = all.leadId("external_id", enrolment.getKey());
      leadIds.put(enrolment.getKey(), leadId);
      List<Click> stored = clicks(leadId);
      Map<Click, Integer> difference = new HashMap<>();
      enrolment.getValue().clicks.forEach(click -> difference.merge(click, 1, Integer::sum));
      stored.forEach(click -> difference.merge(click, -1, Integer::sum));
      for (int count : difference.values()) {
        missing += Math.max(count, 0);
        extra += Math.max(-count, 0);
      }
      repeated += OuladFile.repeated(stored);
      stored.forEach(click -> byActivity.merge(click.activity(), 1, Integer::sum));
    }
    claim("events per activity, read back = README", PUBLISHED, byActivity);
    claim("events lost or changed", 0, missing);
    claim("events twice or not in the file", 0, extra);
    claim("rows equal to an earlier row, read back", 89_529, repeated);
  }

  private List<Click> clicks(String leadId) throws IOException, InterruptedException {
    List<Click> clicks = new ArrayList<>();
    for (int page = 1; ; page++) {
      KenbunReader.Events events = all.events("lead_id=" + leadId, page, PAGE);
      events.events().forEach(event -> clicks.add(Click.of(event)));
      if (events.events().size() < PAGE) {
        return clicks;
      }
    }
  }

  private void scores() throws IOException, InterruptedException {
    int equal = 0;
    for (Map.Entry<String, Enrolment> enrolment : file.enrolments.entrySet()) {
      int score = all.score(leadIds.getOrDefault(enrolment.getKey(), ""));
      equal += score == enrolment.getValue().score ? 1 : 0;
    }
    claim("leads whose score is the sum from the file", file.enrolments.size(), equal);
  }

  private void ranking(Path learners) throws IOException, InterruptedException {
    claim(
        "events of the first days stored", file.firstDaysRows, firstDays.events("", 1, 1).total());
    List<Ranking.Case> cases = new ArrayList<>();
    int equal = 0;
    int active = 0;
    try (EventCsv csv = new EventCsv(learners)) {
      for (CsvRecord row : csv) {
        String withdrawn = row.getField(4);
        if (!withdrawn.isEmpty() && Integer.parseInt(withdrawn) < OuladFile.FIRST_DAYS) {
          continue;
        }
        String alias = OuladFile.alias(row.getField(0), row.getField(1), row.getField(2));
        Enrolment enrolment = file.enrolments.get(alias);
        int score = 0;
        if (enrolment != null && enrolment.firstDaysScore > 0) {
          score = firstDays.score(firstDays.leadId("external_id", alias));
          equal += score == enrolment.firstDaysScore ? 1 : 0;
          active++;
        }
        String outcome = row.getField(7);
        cases.add(new Ranking.Case(score, outcome.equals("Pass") || outcome.equals("Distinction")));
      }
    }
    claim("scores of the first days = file", active, equal);
    claim("enrolments not withdrawn by day 28", 4_084, cases.size());
    claim("of them passed", 2_406, (int) cases.stream().filter(Ranking.Case::reached).count());
    double auc = Ranking.auc(cases);
    boolean near = Math.abs(auc - 0.690) <= 0.001;
    report(
        near, "AUC of the score against the outcome, 0.690 +- 0.001", String.format("%.4f", auc));
  }

  private void claim(String what, Object expected, Object actual) {
    boolean holds = expected.equals(actual);
    report(holds, what, holds ? actual.toString() : actual + ", expected " + expected);
  }

  private void report(boolean holds, String what, String actual) {
    passed &= holds;
    out.printf("%s  %-52s %s%n", holds ? "PASS" : "FAIL", what, actual);
  }
}
