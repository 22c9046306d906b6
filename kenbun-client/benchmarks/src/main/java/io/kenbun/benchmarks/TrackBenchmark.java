package io.kenbun.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * One call of track by one and by four producers. Iterations are so short that the queue holds all
 * that one of them tracks, and each begins with an empty queue: it is the enqueueing that is
 * measured, not what a full queue does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TrackBenchmark {
  private static final String[] LEADS = new String[1024];

  @Param({"kenbun-wide", "opentelemetry"})
  public String contender;

  private Contender tracker;

  /** Each producer's own count. */
  @State(Scope.Thread)
  public static class Producer {
    private int count;
  }

  @Setup(Level.Iteration)
  public void begin() {
    for (int i = 0; i < LEADS.length; i++) {
      LEADS[i] = "lead-" + i;
    }
    tracker = Contender.of(contender, System.getProperty("sink"));
  }

  @TearDown(Level.Iteration)
  public void end() {
    tracker.close();
  }

  @Benchmark
  @Threads(1)
  public void oneProducer(Producer producer) {
    tracker.track(LEADS[producer.count & 1023], producer.count++);
  }

  @Benchmark
  @Threads(4)
  public void fourProducers(Producer producer) {
    tracker.track(LEADS[producer.count & 1023], producer.count++);
  }

  /** Runs it over a sink in this process, so that the sink shares no memory with what is measured. */
  public static void main(String[] arguments) throws Exception {
    Sink sink = new Sink(0, true);
    new Runner(
            new OptionsBuilder()
                .include(TrackBenchmark.class.getName())
                .forks(1)
                .warmupIterations(20)
                .warmupTime(TimeValue.milliseconds(50))
                .measurementIterations(20)
                .measurementTime(TimeValue.milliseconds(50))
                .jvmArgs("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-Dsink=" + sink.url())
                .addProfiler(GCProfiler.class)
                .build())
        .run();
    System.exit(0);
  }
}
