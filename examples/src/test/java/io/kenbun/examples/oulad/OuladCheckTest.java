package io.kenbun.examples.oulad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.examples.replay.Replay;
import io.kenbun.lite.KenbunLite;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs the check of the million events on nine made-up ones, with its own mapping and config. */
final class OuladCheckTest {
  private static final String EVENTS =
      """
      code_module,code_presentation,id_student,id_site,activity_type,date,sum_click
      AAA,2013J,7,546652,forumng,-10,4
      AAA,2013J,7,546652,forumng,-10,4
      AAA,2013J,8,546653,subpage,0,1
      AAA,2013J,7,546654,sharedsubpage,0,2
      AAA,2013J,7,546655,quiz,28,9
      BBB,2013B,7,546656,homepage,-1,1
      BBB,2013B,9,546657,url,27,1
      BBB,2013B,9,546657,url,28,1
      AAA,2014J,7,546658,oucollaborate,1,1
      """;

  private static final String LEARNERS =
      """
      code_module,code_presentation,id_student,date_registration,date_unregistration,\
      num_of_prev_attempts,studied_credits,final_result
      AAA,2013J,7,-53,,0,60,Pass
      AAA,2013J,8,-53,27,0,60,Withdrawn
      BBB,2013B,7,-53,28,0,60,Withdrawn
      BBB,2013B,9,-53,,0,60,Distinction
      BBB,2013B,10,-53,,0,60,Fail
      """;

  @TempDir private Path data;

  private KenbunLite server;

  @BeforeEach
  void replay() throws Exception {
    Files.writeString(data.resolve("oulad-events.csv.gz"), EVENTS); // Not packed: it is told.
    Files.writeString(data.resolve("oulad-learners.csv.gz"), LEARNERS);
    server = KenbunLite.builder().port(0).inMemory().config(Path.of("oulad-config.json")).start();
    assertEquals(0, replay("--drain"));
    assertEquals(0, replay("--drain", "--ou", "unit_first_days", "--only", "date<28"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyClaimHoldsButThoseOfTheWholeDataSet() throws Exception {
    Map<String, String> verdicts = check();
    assertEquals("PASS 9", verdicts.get("events stored: server = file"));
    assertEquals("PASS 0", verdicts.get("events lost or changed"));
    assertEquals("PASS 0", verdicts.get("events twice or not in the file"));
    assertEquals("PASS 5", verdicts.get("leads whose score is the sum from the file"));
    assertEquals("PASS 7", verdicts.get("events of the first days stored"));
    assertEquals("PASS 3", verdicts.get("scores of the first days = file"));
    assertEquals(
        "PASS {Forum View=2, Home Page View=1, Link Click=2, Live Session View=1, Page View=2,"
            + " Quiz View=1}",
        verdicts.get("events stored per type: server = file"));
    assertEquals("FAIL 1, expected 89529", verdicts.get("rows equal to an earlier row, read back"));
    assertEquals("FAIL 4, expected 4084", verdicts.get("enrolments not withdrawn by day 28"));
    // Passed: 7 points, 2 points. Not: 1 and, without events, 0.
    assertEquals(
        "FAIL 1.0000", verdicts.get("AUC of the score against the outcome, 0.690 +- 0.001"));
  }

  @Test
  void anEventTooManyFailsTheClaims() throws Exception {
    try (KenbunClient client =
        KenbunClient.builder()
            .baseUrl(server.url().toString())
            .credentials(Credentials.basic("dev", "dev"))
            .orgUnit("unit_default")
            .build()) {
      client.track(
          Event.builder("Forum View")
              .externalId("oulad-AAA-2013J-7")
              .timestamp("2013-09-21T00:00:00Z")
              .metadata("module", "AAA")
              .metadata("presentation", "2013J")
              .metadata("site", 546652)
              .metadata("activity", "forumng")
              .metadata("clicks", 4)
              .build());
    }
    assertEquals(0, replay("--drain", "--only", "date>1000"));
    Map<String, String> verdicts = check();
    assertEquals("FAIL 10, expected 9", verdicts.get("events stored: server = file"));
    assertEquals("PASS 0", verdicts.get("events lost or changed"));
    assertEquals("FAIL 1, expected 0", verdicts.get("events twice or not in the file"));
    assertEquals("FAIL 4, expected 5", verdicts.get("leads whose score is the sum from the file"));
  }

  private int replay(String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(List.of("--mapping", "oulad.properties", "--url", server.url().toString()));
    arguments.add(data.resolve("oulad-events.csv.gz").toString());
    return new CommandLine(new Replay()).execute(arguments.toArray(String[]::new));
  }

  /** Returns claim by claim what was found. */
  private Map<String, String> check() throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
    assertFalse(OuladCheck.run(server.url(), data, out));
    Map<String, String> verdicts = new TreeMap<>();
    output
        .toString(StandardCharsets.UTF_8)
        .lines()
        .forEach(
            line ->
                verdicts.put(
                    line.substring(6, 58).strip(),
                    line.substring(0, 4) + " " + line.substring(59)));
    return verdicts;
  }
}
