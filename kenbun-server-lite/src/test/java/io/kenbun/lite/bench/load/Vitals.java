package io.kenbun.lite.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What a process of Java takes of the machine: Linux says most of it, the JVM what is live. */
public final class Vitals {
  private final ProcessHandle process;
  private final Path proc;

  public Vitals(ProcessHandle process) {
    this.process = process;
    this.proc = Path.of("/proc", "" + process.pid());
  }

  /** Returns what is used of the heap, in megabytes, after a full collection. */
  public double heapMb() throws IOException, InterruptedException {
    jcmd("GC.run");
    long usedKib = 0;
    for (String line : jcmd("GC.heap_info").lines().toList()) {
      // "garbage-first heap   total 262144K, used 45678K …", or a line for each generation.
      int at = line.indexOf("K, used ");
      if (at >= 0 && !line.contains("Metaspace") && !line.contains("class space")) {
        String rest = line.substring(at + "K, used ".length());
        usedKib += Long.parseLong(rest.substring(0, rest.indexOf('K')));
      }
    }
    return usedKib / 1024.0;
  }

  /** Returns what is in memory of all that is the process's, in megabytes. */
  public double rssMb() throws IOException {
    return ofStatus("VmRSS") / 1024.0;
  }

  public long threads() throws IOException {
    return ofStatus("Threads");
  }

  /** Returns how many file descriptors are open, sockets among them. */
  public long handles() throws IOException {
    return open().size();
  }

  public long sockets() throws IOException {
    return open().stream().filter(what -> what.startsWith("socket:")).count();
  }

  /** Returns the processor time taken so far. */
  public long cpuMillis() {
    return process.info().totalCpuDuration().orElseThrow().toMillis();
  }

  private List<String> open() throws IOException {
    try (var all = Files.list(proc.resolve("fd"))) {
      return all.map(Vitals::target).filter(what -> !what.isEmpty()).toList();
    }
  }

  /** Returns what a descriptor stands for, empty where it was closed meanwhile. */
  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private long ofStatus(String key) throws IOException {
    for (String line : Files.readAllLines(proc.resolve("status"))) {
      if (line.startsWith(key + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + key + " of the process");
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process asked = new ProcessBuilder(jcmd, "" + process.pid(), command).start();
    String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = asked.waitFor();
    if (code != 0) {
      throw new IOException("jcmd " + command + " ended with " + code + ": " + said);
    }
    return said;
  }
}
