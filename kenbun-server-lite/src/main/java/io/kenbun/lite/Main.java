package io.kenbun.lite;

import io.kenbun.lite.command.BackupCommand;
import io.kenbun.lite.command.CheckCommand;
import io.kenbun.lite.command.ImportCommand;
import io.kenbun.lite.command.MigrateCommand;
import io.kenbun.lite.command.SecretCommand;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The command line. Exit codes: 0 done, 1 failed, 2 wrong usage. The only class that prints.
 *
 * <p>SIGTERM and Ctrl-C stop taking requests, finish what is in flight and close the files.
 */
@Command(
    name = "kenbun-server-lite",
    description = "A kenbun server on one machine: HTTP in, SQLite inside, no set-up.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionText.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    customSynopsis = {
      "kenbun-server-lite [serve] [OPTIONS]",
      "       kenbun-server-lite import|backup|check|migrate|secret|version [OPTIONS] …"
    },
    footer = {
      "",
      "Examples, each behind java -jar kenbun-server-lite.jar:",
      "  serve                           on port 8080, with data in ./kenbun-data",
      "  serve --port 0 --data :memory:  for a test: any free port, nothing is kept",
      "  serve --config kenbun.json --cors-origin https://app.example",
      "  import events.csv               sends a file of events to a server",
      "  backup /backups/monday          copies the data, also while a server runs",
      "  check --data /backups/monday    looks through it",
      "  migrate --from ./kenbun-data --to jdbc:postgresql://db/kenbun?user=kenbun",
      "  secret new CI                   makes a service account",
      "  COMMAND --help                  says more of each",
      "",
      "Every option is also an environment variable, KENBUN_PORT for --port; the option wins.",
      "With no credentials given, a server on a loopback address takes dev with secret dev."
    })
public final class Main implements Callable<Integer> {
  private static final long STOP_MILLIS = 9_500;

  private final PrintStream out;

  @Mixin private ServeOptions options = new ServeOptions();
  @Mixin private LogOptions logging = new LogOptions();

  private Main(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) {
    int exitCode = run(System.out, args);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  /** Runs the command; returns its exit code once the server has stopped. */
  static int run(PrintStream out, String... args) {
    return commandLine(out, isOnTerminal() ? System.err : null).execute(args);
  }

  /**
   * Puts the commands together.
   *
   * @param terminal where progress is shown, null when there is none
   */
  static CommandLine commandLine(PrintStream out, @Nullable PrintStream terminal) {
    CommandLine root = new CommandLine(new Main(out));
    CommandLine serve = new CommandLine(new Main(out));
    serve.setCommandName("serve");
    serve.getCommandSpec().usageMessage().description("Starts the server; the same without it.");
    root.addSubcommand("serve", serve);
    for (CommandLine started : List.of(root, serve)) {
      Map<String, IHelpSectionRenderer> sections = started.getHelpSectionMap();
      sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, CommandText::options);
      started.setHelpSectionMap(sections);
    }
    root.addSubcommand("import", new CommandLine(new ImportCommand(out, terminal)));
    root.addSubcommand("backup", new CommandLine(new BackupCommand(out)));
    root.addSubcommand("check", new CommandLine(new CheckCommand(out)));
    LeadIds leadIds = new LeadIds(InstantSource.system(), new SecureRandom());
    root.addSubcommand(
        "migrate", new CommandLine(new MigrateCommand(out, terminal, leadIds::next)));
    CommandLine secret = new CommandLine(new SecretCommand.Group());
    secret.addSubcommand("new", new CommandLine(new SecretCommand(out)));
    root.addSubcommand("secret", secret);
    root.addSubcommand("version", new CommandLine(new VersionCommand(out)));
    for (CommandLine command : List.of(root, secret)) {
      command
          .getSubcommands()
          .values()
          .forEach(each -> each.getCommandSpec().versionProvider(new VersionText()));
    }
    root.setParameterExceptionHandler(
        (e, ignored) -> {
          e.getCommandLine().getErr().println(CommandText.mistake(e));
          return 2;
        });
    root.setExecutionExceptionHandler(
        (e, commandLine, ignored) -> {
          String message = e.getMessage() == null ? e.toString() : e.getMessage();
          Set<String> options = commandLine.getCommandSpec().optionsMap().keySet();
          commandLine.getErr().println(CommandText.inOptions(message, options));
          return e instanceof IllegalArgumentException ? 2 : 1;
        });
    return root;
  }

  /** Says whether somebody is looking; a newer JDK has a console also when nobody is. */
  @SuppressWarnings("SystemConsoleNull") // It is null on the JDKs that do not know isTerminal.
  private static boolean isOnTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // Before JDK 22 there is a console on a terminal only.
    }
  }

  @Override
  public Integer call() throws IOException {
    serve();
    return 0;
  }

  private void serve() throws IOException {
    logging.apply();
    KenbunLite server = options.builder().start();
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stop(server);
                  stopped.countDown();
                },
                "kenbun-shutdown"));
    // Programs that start the server wait for this line; it comes once requests are taken.
    out.println("Listening on " + server.url());
    out.println("  Inspector    " + server.url() + "/");
    out.println("  Data         " + server.data());
    out.println("  Credentials  " + server.credentials());
    out.flush();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.close();
    }
  }

  /**
   * Closes the server. What takes longer than {@link #STOP_MILLIS} is left to the end of the
   * process, which loses nothing that was acknowledged.
   */
  private static void stop(KenbunLite server) {
    Thread closing = new Thread(server::close, "kenbun-closing");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** {@code version}. */
  @Command(
      name = "version",
      description = "Says which version this is.",
      mixinStandardHelpOptions = true)
  private static final class VersionCommand implements Callable<Integer> {
    private final PrintStream out;

    VersionCommand(PrintStream out) {
      this.out = out;
    }

    @Override
    public Integer call() {
      for (String line : new VersionText().getVersion()) {
        out.println(line);
      }
      return 0;
    }
  }

  /** What {@code --version} prints. */
  static final class VersionText implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"kenbun-server-lite " + Version.TEXT};
    }
  }
}
