package io.kenbun.benchmarks;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** All contenders side by side, each in a fresh process, over the same kind of sink. */
public final class Compare {
  private static final int EVENTS = 200_000;

  private Compare() {}

  public static void main(String[] arguments) throws Exception {
    List<String> names =
        arguments.length > 0
            ? List.of(arguments)
            : List.of("kenbun-wide", "opentelemetry", "segment", "segment-nodelay", "posthog",
                "posthog-server", "snowplow");
    for (int threads : new int[] {1, 4}) {
      System.out.printf(
          "%n%d events, 3 keys, %d producer%s%n", EVENTS, threads, threads == 1 ? "" : "s");
      System.out.println(
          "contender         p50 us   p99 us  B/event   delivered  events/s  CPU us/ev  wire B/ev");
      for (String name : names) {
        run(name, threads);
      }
    }
    System.exit(0);
  }

  private static void run(String name, int threads) throws Exception {
    Sink sink = new Sink(0, true);
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xms1g",
                "-Xmx1g",
                "-XX:+AlwaysPreTouch", // Else the first use of each page of memory is measured, too.
                "-cp",
                System.getProperty("java.class.path"),
                "io.kenbun.benchmarks.Run",
                name,
                sink.url(),
                String.valueOf(EVENTS),
                String.valueOf(threads))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long from = System.nanoTime();
    String[] result = {};
    String note = "";
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = out.readLine()) != null) {
        if (line.startsWith("RESULT")) {
          result = line.split(" ");
        } else if (line.startsWith("NOTE")) {
          note = line;
        }
      }
    }
    process.waitFor(180, TimeUnit.SECONDS);
    long events = sink.events.get();
    double seconds = Math.max(Long.parseLong(result[5]), 1) / 1000.0;
    System.out.printf(
        "%-16s %7.2f %8.2f %8s %11d %9.0f %10.1f %10.1f%n",
        name,
        Long.parseLong(result[1]) / 1000.0,
        Long.parseLong(result[2]) / 1000.0,
        result[3],
        events,
        events / seconds,
        events == 0 ? 0 : Long.parseLong(result[6]) / (double) events,
        events == 0 ? 0 : sink.wireBytes.get() / (double) events);
    if (System.getenv("NOTES") != null) {
      System.out.println("    " + note);
    }
    sink.stop();
  }
}
