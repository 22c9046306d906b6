package io.kenbun.lite.command;

import io.kenbun.lite.store.copy.DataCheck;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code check}: says whether a server's files are whole; 1 when they are not. */
@Command(
    name = "check",
    description = "Reads all of a server's data, or of a copy, and says what is wrong with it.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    footer = {
      "",
      "Examples:",
      "  check --data /var/lib/kenbun              also while a server runs on it",
      "  check --data /backups/monday && echo good",
      "Ends with 0 when all is well and 1 when something is broken. Changes nothing."
    })
public final class CheckCommand implements Callable<Integer> {
  private final PrintStream out;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:KENBUN_DATA:-./kenbun-data}",
      description = "Where the data is kept (./kenbun-data).")
  private Path data = Path.of("kenbun-data");

  public CheckCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    DataCheck check = DataCheck.of(data);
    check.faults().forEach(out::println);
    if (check.counts() != null) {
      out.println(check.counts());
    }
    boolean well = check.faults().isEmpty();
    out.println(
        data
            + (well
                ? " is well"
                : " is broken; restore a backup, or start without what the file holds"));
    return well ? 0 : 1;
  }
}
