package io.kenbun.lite.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table of a sitting: what was asked beside what the benchmarks have printed, what falls short
 * first. Run by {@code kenbun-server-lite/benchmarks}.
 *
 * <p>Arguments: the folder with a file for each part, and the page whose lines between the two
 * markers the table is to replace, if any.
 */
public final class Sitting {
  static final String FROM = "<!-- What the last sitting found: written by the command above. -->";
  static final String TO = "<!-- End of it. -->";

  private static final String COSTS = "costs ([0-9.]+) times the CPU";

  private final Path folder;

  Sitting(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] args) throws IOException {
    String table = new Sitting(Path.of(args[0])).table();
    System.out.print(table);
    if (args.length > 1) {
      Path page = Path.of(args[1]);
      Files.writeString(page, between(Files.readString(page), table));
    }
  }

  /** Returns {@code page} with {@code table} between its markers. */
  static String between(String page, String table) {
    int from = page.indexOf(FROM);
    int to = page.indexOf(TO);
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("page without the markers " + FROM + " and " + TO);
    }
    return page.substring(0, from + FROM.length()) + "\n\n" + table + "\n" + page.substring(to);
  }

  /** One figure: at least or at most {@code limit}, in {@code unit}; NaN when nothing was asked. */
  private record Asked(String what, boolean atLeast, double limit, String unit, double seen) {
    boolean fallsShort() {
      return atLeast ? seen < limit : seen > limit;
    }

    String row() {
      String asked = Double.isNaN(limit) ? "" : (atLeast ? "at least " : "at most ") + text(limit);
      return String.format(
          Locale.ROOT,
          "| %s | %s | %s | %s |%n",
          what,
          asked,
          fallsShort() ? "**" + text(seen) + "**" : text(seen),
          fallsShort() ? "**no**" : Double.isNaN(limit) ? "" : "yes");
    }

    private String text(double value) {
      String number =
          Math.abs(value) >= 1_000
              ? String.format(Locale.ROOT, "%,.0f", value)
              : String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.2f", value);
      return unit.isEmpty() ? number : number + " " + unit;
    }
  }

  String table() throws IOException {
    List<Asked> all = new ArrayList<>();
    client(all);
    ingest(all);
    scoring(all);
    nodes(all);
    reads(all);
    webhooks(all);
    rest(all);
    StringBuilder table = new StringBuilder();
    for (String line : lines("machine")) {
      table.append(line).append(". ");
    }
    table.append("\n\n| figure | asked | measured | reached |\n| --- | --- | --- | --- |\n");
    List<Asked> seen = all.stream().filter(asked -> !Double.isNaN(asked.seen())).toList();
    Stream.concat(
            seen.stream().filter(Asked::fallsShort), seen.stream().filter(a -> !a.fallsShort()))
        .forEach(asked -> table.append(asked.row()));
    return table.toString();
  }

  private void client(List<Asked> all) throws IOException {
    for (int producers : new int[] {1, 4}) {
      String section = "keys, " + producers + " producer";
      String with = producers == 1 ? ", one producer" : ", four producers";
      double p50 = at("client", section, "kenbun-wide", 0);
      double p99 = at("client", section, "kenbun-wide", 1);
      double peer50 = at("client", section, "opentelemetry", 0);
      double peer99 = at("client", section, "opentelemetry", 1);
      if (producers == 1) {
        most(all, "`track`, p50 of OpenTelemetry's" + with, 1.2, "times", p50 / peer50);
      } else {
        seen(all, "`track`, p50 of OpenTelemetry's" + with, "times", p50 / peer50);
      }
      double asked99 = producers == 1 ? 2.5 : 1.5;
      most(all, "`track`, p99 of OpenTelemetry's" + with, asked99, "times", p99 / peer99);
      double best = 0;
      for (String peer : List.of("segment", "segment-nodelay", "posthog", "posthog-server")) {
        double delivered = at("client", section, peer, 4);
        best = delivered > best ? delivered : best; // NaN where it did not run.
      }
      double ours = at("client", section, "kenbun-wide", 4);
      least(
          all, "Delivered, of the fastest peer that loses nothing" + with, 1, "times", ours / best);
      most(
          all,
          "CPU of a delivered event" + with,
          12,
          "us",
          at("client", section, "kenbun-wide", 5));
      most(
          all,
          "On the wire, an event" + with,
          60,
          "bytes",
          at("client", section, "kenbun-wide", 6));
      most(
          all,
          "On the wire, of OpenTelemetry's" + with,
          Double.NaN,
          "times",
          at("client", section, "kenbun-wide", 6) / at("client", section, "opentelemetry", 6));
    }
  }

  private void ingest(List<Asked> all) throws IOException {
    for (int conns : new int[] {64, 256}) {
      String with = ", " + conns + " connections";
      least(all, "Ingest, of an empty handler" + with, 0.55, "", row("ingest full", conns, 1));
      most(all, "Ingest, p99" + with, conns == 64 ? 6 : 15, "ms", row("ingest full", conns, 3));
      double plain = row("one commit each", conns, 0);
      least(
          all,
          "Ingest, of one commit each" + with,
          5,
          "times",
          row("ingest full", conns, 0) / plain);
      double slower = 1 - mean("ingest full + keys", conns) / mean("same, longer header", conns);
      most(all, "Slower with idempotency keys" + with, 10, "%", slower * 100);
      least(all, "Batches of 100" + with, 250_000, "events/s", row("batches of 100", conns, 0));
      double singles = row("end to end, singles", conns, 0);
      if (conns == 64) {
        least(all, "Singles while they are scored" + with, 22_000, "events/s", singles);
        most(all, "… p99" + with, 10, "ms", row("end to end, singles", conns, 3));
      } else {
        seen(all, "Singles while they are scored" + with, "events/s", singles);
      }
      most(all, "… oldest that waits" + with, 1_000, "ms", row("end to end, singles", conns, 10));
      most(
          all,
          "80,000/s in batches while scored, p99" + with,
          10,
          "ms",
          row("80,000/s in batches", conns, 3));
      most(all, "… oldest that waits" + with, 1_000, "ms", row("80,000/s in batches", conns, 10));
      most(
          all,
          "Half of the most while scored, oldest" + with,
          2_000,
          "ms",
          row("half of full, scored", conns, 10));
    }
    most(
        all,
        "Serving with 1,000,000 queued",
        2,
        "s",
        find("ingest", "queued: serving after ([0-9.]+) s"));
    double few =
        at("ingest", null, String.format(Locale.ROOT, "%-20s %6d", "with 1,000 stored", 64), 2);
    double many =
        at(
            "ingest",
            null,
            String.format(Locale.ROOT, "%-20s %6d", "with 10,000,000 stored", 64),
            2);
    most(all, "p99 with 10,000,000 stored, of that with 1,000", 1.5, "times", many / few);
    least(
        all,
        "Idle connections beside served ones",
        10_000,
        "",
        find("ingest", "([0-9,]+) idle connections"));
  }

  private double row(String name, int conns, int column) throws IOException {
    return at("ingest", null, String.format(Locale.ROOT, "%-20s %6d", name, conns), column);
  }

  /** Returns the events a second of all rows of a name on average; NaN when there is none. */
  private double mean(String name, int conns) throws IOException {
    String prefix = String.format(Locale.ROOT, "%-20s %6d ", name, conns);
    return lines("ingest").stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip().split(" +", 2)[0])
        .mapToDouble(Double::parseDouble)
        .average()
        .orElse(Double.NaN);
  }

  private void scoring(List<Asked> all) throws IOException {
    double plain = worst("plain", 0, true);
    double everything = worst("all", 0, true);
    least(all, "Scored through SQLite, plain rules, worst round", 50_000, "events/s", plain);
    least(all, "Scored through SQLite, everything on, worst round", 30_000, "events/s", everything);
    double more = worst("triggers", 1, false) / worst("all", 1, false) - 1;
    most(all, "CPU of an event with 150 triggers, more than without", 20, "%", more * 100);
    double twenty = find("engine", "EngineBenchmark.matchesSome +20 +thrpt +\\d+ +([0-9.]+)");
    least(all, "Engine alone, 20 rules of 3 filters", 1_000_000, "events/s", twenty);
    double none20 = find("engine", "EngineBenchmark.matchesNone +20 +thrpt +\\d+ +([0-9.]+)");
    double none10k = find("engine", "EngineBenchmark.matchesNone +10000 +thrpt +\\d+ +([0-9.]+)");
    most(all, "An event that matches none, 10,000 rules of 20", 2, "times", none20 / none10k);
    seen(
        all,
        "Longest wait of scoring while a unit is rescored",
        "ms",
        find("change", "rescore .*longest wait +([0-9,]+) ms"));
    seen(
        all,
        "Longest wait of scoring while a type is deleted",
        "ms",
        find("change", "delete a type .*longest wait +([0-9,]+) ms"));
  }

  /** Returns the least or the most of a column over the rounds of the drain. */
  private double worst(String rules, int column, boolean least) throws IOException {
    double worst = Double.NaN;
    for (int round = 1; round <= 9; round++) {
      double value =
          at("drain", null, String.format(Locale.ROOT, "%-8s %6d", rules, round), column);
      if (!Double.isNaN(value)) {
        worst =
            Double.isNaN(worst) ? value : least ? Math.min(worst, value) : Math.max(worst, value);
      }
    }
    return worst;
  }

  private void nodes(List<Asked> all) throws IOException {
    List<String> seen =
        lines("nodes").stream().filter(line -> line.matches(".* (yes|NO)\\b.*")).toList();
    if (!seen.isEmpty()) {
      double exact = seen.stream().filter(line -> line.contains(" yes")).count();
      least(
          all,
          "PostgreSQL, runs with every acknowledged event scored once",
          seen.size(),
          "",
          exact);
    }
    least(
        all,
        "PostgreSQL, one node: taken in batches and scored",
        20_000,
        "events/s",
        node("batches", 1, 1));
    seen(all, "… in singles", "events/s", node("singles", 1, 1));
    most(all, "… 20,000/s held in batches, oldest", 1_000, "ms", node("20,000/s held", 1, 9));
    least(
        all,
        "… in batches, of the database's own ceiling",
        0.5,
        "",
        find("nodes", "batches: ([0-9.]+) of the ceiling"));
    seen(all, "… in singles, of it", "", find("nodes", "singles: ([0-9.]+) of the ceiling"));
    for (String kind : List.of("singles", "batches")) {
      String with = ", " + kind;
      least(
          all,
          "2 nodes, scored, of what one does" + with,
          0.95, // Less than what a run differs from the next by is no fall.
          "times",
          find("nodes", kind + ": 2 nodes score ([0-9.]+)"));
      least(
          all,
          "4 nodes, scored, of what one does" + with,
          0.95,
          "times",
          find("nodes", kind + ": 2 nodes score [0-9.]+ and 4 nodes ([0-9.]+)"));
      most(
          all,
          "4 nodes, CPU of an event, of that with one" + with,
          1.15,
          "times",
          find("nodes", kind + ": 2 nodes .* CPU of an event [0-9.]+ and ([0-9.]+) times"));
    }
    String size =
        "PostgreSQL, CPU of an event with 1,000,000 leads and 10,000,000 events, of that with 10,000";
    most(all, size + ", 20,000/s held", 1.5, "times", find("nodes", "size, held: .*" + COSTS));
    most(all, size + ", as fast as it goes", 1.5, "times", find("nodes", "size: .*" + COSTS));
    most(
        all,
        "A killed node's events are scored by others",
        2,
        "s",
        find("nodes", "queued is scored after ([0-9.]+) s"));
  }

  private double node(String name, int count, int column) throws IOException {
    String prefix = String.format(Locale.ROOT, "%-22s %5d", name, count);
    return at("nodes", null, prefix, column);
  }

  private void reads(List<Asked> all) throws IOException {
    for (String read : List.of("/lead/by-alias", "/score/{id}", "/events/{leadID}")) {
      most(all, "`GET " + read + "` beside ingest, p99", 10, "ms", at("reads", null, read, 2));
    }
    double slowest = 0;
    for (String line : lines("reads")) {
      Matcher list =
          Pattern.compile("\\S*(?:sort|score|=)\\S* +([0-9.]+) +([0-9.]+)").matcher(line);
      if (list.matches()) {
        slowest =
            Math.max(
                slowest, Double.parseDouble(list.group(2)) / Double.parseDouble(list.group(1)));
      }
    }
    most(
        all,
        "Page 1,000 of `GET /leads`, of page 1, slowest list",
        3,
        "times",
        slowest == 0 ? Double.NaN : slowest);
  }

  private void webhooks(List<Asked> all) throws IOException {
    least(all, "Webhooks to one receiver", 2_000, "/s", find("webhooks", "fir: .* ([0-9.]+)/s"));
    most(
        all,
        "p99 of a live one beside 1,000 dead ones",
        1_000,
        "ms",
        find("webhooks", "dead 1000: .* p99 ([0-9.]+) ms"));
  }

  private void rest(List<Asked> all) throws IOException {
    least(
        all,
        "Import of a CSV file, 256 MB of heap",
        50_000,
        "rows/s",
        find("import", "import: ([0-9]+) rows/s"));
    most(all, "From `java -jar` to the address", 1_000, "ms", find("start", "start: ([0-9]+) ms"));
    most(all, "The server's jar", 20, "MB", find("start", "server jar: ([0-9]+)") / 1e6);
    most(all, "The client's jar", 150, "KiB", find("start", "client jar: ([0-9]+)") / 1_024);
    most(
        all,
        "The inspector's page can be used",
        500,
        "ms",
        find("browser", "Interactive after ([0-9.]+) ms"));
    most(
        all,
        "An event is on the screen after its 202",
        250,
        "ms",
        find("browser", "On screen at most ([0-9.]+) ms"));
  }

  private static void most(List<Asked> all, String what, double limit, String unit, double seen) {
    all.add(new Asked(what, false, limit, unit, seen));
  }

  private static void least(List<Asked> all, String what, double limit, String unit, double seen) {
    all.add(new Asked(what, true, limit, unit, seen));
  }

  private static void seen(List<Asked> all, String what, String unit, double seen) {
    all.add(new Asked(what, false, Double.NaN, unit, seen));
  }

  /**
   * Returns a number of the last line of a part that begins with {@code prefix}, below the last
   * that has {@code section}; NaN when there is none. Columns are counted behind the prefix.
   */
  private double at(String part, @Nullable String section, String prefix, int column)
      throws IOException {
    double found = Double.NaN;
    boolean inside = section == null;
    for (String line : lines(part)) {
      if (section != null && line.contains(" keys, ")) {
        inside = line.contains(section);
      }
      if (inside && line.startsWith(prefix + " ")) {
        String[] columns = line.substring(prefix.length()).strip().split("[ ,]+", -1);
        if (columns.length > column) {
          found = Double.parseDouble(columns[column]);
        }
      }
    }
    return found;
  }

  /** Returns the number that the first group of {@code pattern} is; NaN when no line has it. */
  private double find(String part, String pattern) throws IOException {
    for (String line : lines(part)) {
      Matcher matcher = Pattern.compile(pattern).matcher(line);
      if (matcher.find()) {
        return Double.parseDouble(matcher.group(1).replace(",", ""));
      }
    }
    return Double.NaN;
  }

  private List<String> lines(String part) throws IOException {
    Path file = folder.resolve(part + ".txt");
    return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
  }
}
