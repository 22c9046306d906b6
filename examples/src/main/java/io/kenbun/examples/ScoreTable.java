package io.kenbun.examples;

import io.kenbun.client.Alias;
import io.kenbun.examples.KenbunReader.Driver;
import io.kenbun.examples.KenbunReader.Lead;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints the leads by score, and for each which rules gave it the points of the last day. */
final class ScoreTable {
  private static final String ROW = "%5s  %-24s  %-29s  %s%n";

  private final KenbunReader reader;
  private final Map<String, Alias> people;

  ScoreTable(KenbunReader reader, Map<String, Alias> people) {
    this.reader = reader;
    this.people = people;
  }

  void print(PrintStream out) throws IOException, InterruptedException {
    Map<String, String> names = new HashMap<>();
    for (Map.Entry<String, Alias> person : people.entrySet()) {
      Alias alias = person.getValue();
      names.put(reader.leadId(alias.kind(), alias.value()), person.getKey());
    }
    out.printf(ROW, "score", "lead", "known by", "why");
    for (Lead lead : reader.leads(1, 100).leads()) {
      String name = names.getOrDefault(lead.leadId(), lead.leadId());
      Alias alias = people.get(name);
      String knownBy = alias == null ? "lead_id" : alias.kind() + " " + alias.value();
      String why =
          reader.explain(lead.leadId(), 24).topDrivers().stream()
              .map(ScoreTable::reason)
              .collect(Collectors.joining(", "));
      out.printf(ROW, lead.score(), name, knownBy, why);
    }
  }

  /** Returns such as {@code +20 Page View where path contains /pricing (2 x 10)}. */
  private static String reason(Driver driver) {
    String where = driver.filterLabel() == null ? "" : " where " + driver.filterLabel();
    String times = driver.count() == 1 ? "" : " (" + driver.count() + " x " + driver.weight() + ")";
    return String.format("%+d %s%s%s", driver.total(), driver.eventType(), where, times);
  }
}
