package io.kenbun.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One contender in this process: {@code Run NAME URL EVENTS THREADS}; prints one line. */
public final class Run {
  private Run() {}

  /** Some return from their close long before they are done: when the sink saw the last event. */
  private static long awaitTheLast(String url, int events) throws Exception {
    long count = -1;
    long changed = System.nanoTime();
    while (count < events && System.nanoTime() - changed < 3_000_000_000L) {
      String answer;
      try (InputStream in = new URL(url + "/warm/count").openStream()) {
        answer = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      }
      if (Long.parseLong(answer) != count) {
        count = Long.parseLong(answer);
        changed = System.nanoTime();
      }
      Thread.sleep(2);
    }
    return changed;
  }

  private static void warmUp(Contender contender, String[] leads) {
    for (int i = 0; i < 60_000; i++) {
      contender.track(leads[i % leads.length], i);
      if (i % 2000 == 1999) {
        try {
          Thread.sleep(50);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    Contender contender = Contender.of(arguments[0], arguments[1]);
    int events = Integer.parseInt(arguments[2]);
    int threads = Integer.parseInt(arguments[3]);
    String[] leads = new String[1000];
    for (int i = 0; i < leads.length; i++) {
      leads[i] = "lead-" + i;
    }
    // The same code compiled and warm, and the queue empty again, before anything is measured; by as
    // many producers, or code that was compiled for one is thrown away as soon as there are several.
    Contender warmUp = Contender.of(arguments[0], arguments[1] + "/warm");
    Thread[] warmers = new Thread[threads];
    for (int t = 0; t < threads; t++) {
      warmers[t] = new Thread(() -> warmUp(warmUp, leads));
      warmers[t].start();
    }
    for (Thread warmer : warmers) {
      warmer.join();
    }
    warmUp.close();
    System.gc();
    Thread.sleep(500);

    OperatingSystemMXBean os =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long cpu = os.getProcessCpuTime();
    long from = System.nanoTime();
    long[][] nanos = new long[threads][events / threads];
    long[] bytes = new long[threads];
    Thread[] producers = new Thread[threads];
    for (int t = 0; t < threads; t++) {
      long[] mine = nanos[t];
      int index = t;
      producers[t] =
          new Thread(
              () -> {
                long before = memory.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < mine.length; i++) {
                  long start = System.nanoTime();
                  contender.track(leads[i % leads.length], i);
                  mine[i] = System.nanoTime() - start;
                }
                bytes[index] = memory.getCurrentThreadAllocatedBytes() - before;
              });
      producers[t].start();
    }
    for (Thread producer : producers) {
      producer.join();
    }
    long enqueued = System.nanoTime();
    String end = contender.close();
    long closed = awaitTheLast(arguments[1], events);
    long[] all = Arrays.stream(nanos).flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.printf(
        "RESULT %d %d %d %d %d %d%n",
        all[all.length / 2],
        all[(int) (all.length * 0.99)],
        Arrays.stream(bytes).sum() / all.length,
        (enqueued - from) / 1_000_000,
        (closed - from) / 1_000_000,
        (os.getProcessCpuTime() - cpu) / 1000);
    System.out.println("NOTE " + end);
    System.exit(0);
  }
}
