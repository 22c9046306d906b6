package io.kenbun.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class QuickstartTest {
  @Test
  void printsTheLeadsByScoreWithTheReasons() throws Exception {
    List<String> lines = once();
    int header = lines.indexOf(lines.stream().filter(l -> l.startsWith("score")).findFirst().get());
    List<String> table = lines.subList(header + 1, header + 13);
    assertEquals(
        List.of(
            "126 Grace, buys today email grace@hopper.example"
                + " +100 Demo Request,"
                + " +20 Page View where path contains /pricing (2 x 10),"
                + " +3 Email Click, +2 Page View (2 x 1), +1 Email Open"),
        table.stream().limit(1).map(line -> line.strip().replaceAll(" +", " ")).toList());
    List<Integer> scores =
        table.stream().map(line -> Integer.valueOf(line.strip().split(" ", 2)[0])).toList();
    assertEquals(List.of(126, 110, 66, 52, 31, 26, 25, 23, 5, 2, 1, 0), scores);
  }

  @Test
  void deletesItsDataAtTheEnd() throws Exception {
    String output = String.join("\n", once());
    Matcher folder = Pattern.compile("SQLite in (\\S+)").matcher(output);
    assertTrue(folder.find(), output);
    assertFalse(Files.exists(Path.of(folder.group(1))));
  }

  @Test
  void theDayHasADozenLeadsAndNothingAheadOfTime() {
    Instant end = Instant.parse("2025-06-02T16:00:00Z");
    SampleDay day = new SampleDay(end);
    assertEquals(12, day.people().size());
    assertTrue(day.events().stream().allMatch(e -> e.timestampMillis() <= end.toEpochMilli()));
    assertTrue(
        day.events().stream()
            .allMatch(e -> e.timestampMillis() >= end.toEpochMilli() - 36_000_000L));
  }

  private static List<String> once() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      Quickstart.main(new String[] {"--once"});
    } finally {
      System.setOut(before);
    }
    return output.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
