package io.kenbun.lite.command;

import io.kenbun.lite.http.auth.IssuedCredentials;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.ServiceAccount;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sqlite.Durability;
import io.kenbun.lite.store.sqlite.SqliteStorage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code secret new NAME}: makes a service account while no server runs on the data. */
@Command(
    name = "new",
    description = "Makes a service account and shows its secret, this once.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {
      "",
      "Example:",
      "  secret new CI --ou unit_default",
      "A running server makes one by POST /secrets; this is for before it runs."
    })
public final class SecretCommand implements Callable<Integer> {
  private final PrintStream out;

  @Parameters(paramLabel = "NAME", description = "What it is for, 1 to 50 characters.")
  private String name = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:KENBUN_DATA:-./kenbun-data}",
      description = "Where the data is kept (./kenbun-data).")
  private Path data = Path.of("kenbun-data");

  @Option(
      names = "--ou",
      paramLabel = "UNIT",
      defaultValue = "${env:KENBUN_OU:-unit_default}",
      description = "The unit it is good for (unit_default).")
  private String unitId = "unit_default";

  /** The word before {@code new}. */
  @Command(
      name = "secret",
      description = "Service accounts.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "new")
  public static final class Group {}

  public SecretCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    String trimmed = name.strip();
    int length = trimmed.codePointCount(0, trimmed.length());
    if (length < 1 || length > ServiceAccount.MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "NAME has less than 1 or more than 50 characters: " + length);
    }
    if (!Files.isDirectory(data)) {
      throw new IllegalArgumentException(
          "no data in " + data + "; start the server once, or give --data");
    }
    try {
      make(trimmed);
    } catch (StorageException e) {
      throw new IOException(e.getMessage(), e);
    }
    return 0;
  }

  private void make(String trimmed) throws StorageException {
    InstantSource clock = InstantSource.system();
    SqliteStorage storage = new SqliteStorage(data, Durability.FULL, 1, clock, () -> "");
    try {
      List<OrgUnit> units = storage.configuration().load().stream().map(RuleSetup::unit).toList();
      OrgUnit unit =
          units.stream()
              .filter(known -> known.unitId().equals(unitId))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "--ou: no such unit: \""
                              + unitId
                              + "\", there are "
                              + String.join(", ", units.stream().map(OrgUnit::unitId).toList())));
      IssuedCredentials.Fresh<ServiceAccount> fresh =
          new IssuedCredentials(storage.accounts()).addAccount(unit.key(), trimmed, clock.millis());
      out.println("client_id:     " + fresh.record().clientId());
      out.println("client_secret: " + fresh.secret());
      out.flush();
    } finally {
      storage.close();
    }
  }
}
