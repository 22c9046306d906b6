package io.kenbun.lite.command;

import io.kenbun.lite.store.copy.Backup;
import io.kenbun.lite.store.copy.DataCounts;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backup DIR}: copies a server's files while it runs, or while it does not. */
@Command(
    name = "backup",
    description = "Copies the data of a server, which may be running, to a new directory.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    footer = {
      "",
      "Examples:",
      "  backup /backups/monday --data /var/lib/kenbun",
      "  check --data /backups/monday              looks through the copy",
      "  serve --data /backups/monday              serves it",
      "The copy has every event that was acknowledged before the command began."
    })
public final class BackupCommand implements Callable<Integer> {
  private final PrintStream out;

  @Parameters(paramLabel = "DIR", description = "Where the copy goes; must not be there yet.")
  private Path target = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:KENBUN_DATA:-./kenbun-data}",
      description = "Where the data is kept (./kenbun-data).")
  private Path data = Path.of("kenbun-data");

  public BackupCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    DataCounts counts = Backup.copy(data, target);
    out.println("Copied " + data + " to " + target + ": " + counts);
    return 0;
  }
}
