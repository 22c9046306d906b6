package io.kenbun.lite;

import io.kenbun.lite.command.BackupCommand;
import io.kenbun.lite.command.CheckCommand;
import io.kenbun.lite.command.ImportCommand;
import io.kenbun.lite.command.MigrateCommand;
import io.kenbun.lite.command.SecretCommand;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;

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
  private static final Logger ROOT = Logger.getLogger("");
  private static final long STOP_MILLIS = 9_500;

  private final PrintStream out;
  // Held, since the logging framework itself lets go of a logger that nobody holds, and of its
  // level.
  private final List<Logger> quietened = new ArrayList<>();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "${env:KENBUN_HOST:-127.0.0.1}",
      description = "Address to listen on (127.0.0.1).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "${env:KENBUN_PORT:-8080}",
      description = "Port to listen on, 0 for any free one (8080).")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:KENBUN_DATA:-./kenbun-data}",
      description = "Where the data is kept (./kenbun-data); :memory: keeps nothing.")
  private String data = "./kenbun-data";

  @Option(
      names = "--engine",
      paramLabel = "URL",
      defaultValue = "${env:KENBUN_ENGINE}",
      description =
          "jdbc:postgresql://HOST/DATABASE?user=…, shared by any number of servers (SQLite in"
              + " --data); better given as KENBUN_ENGINE, which other users cannot see.")
  private @Nullable String engine;

  @Option(
      names = "--scoring-threads",
      paramLabel = "COUNT",
      defaultValue = "${env:KENBUN_SCORING_THREADS}",
      description = "Threads that score, with --engine (as many as processors, at most 4).")
  private @Nullable Integer scoringThreads;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "${env:KENBUN_CONFIG}",
      description = "JSON: credentials, units, rulesets, levels; applied at each start.")
  private @Nullable Path config;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      defaultValue = "${env:KENBUN_CLIENT_ID}",
      description = "Service account that may use every unit (dev on a loopback address).")
  private @Nullable String clientId;

  @Option(
      names = "--client-secret",
      paramLabel = "SECRET",
      defaultValue = "${env:KENBUN_CLIENT_SECRET}",
      description =
          "Its secret; better given as KENBUN_CLIENT_SECRET, which other users cannot see.")
  private @Nullable String clientSecret;

  @Option(
      names = "--default-ou",
      paramLabel = "UNIT",
      defaultValue = "${env:KENBUN_DEFAULT_OU}",
      description = "Unit for calls without an activeOu cookie (none: they get 400).")
  private @Nullable String defaultOu;

  @Option(
      names = "--cors-origin",
      split = ",",
      paramLabel = "ORIGIN",
      defaultValue = "${env:KENBUN_CORS_ORIGIN}",
      description =
          "Origin whose pages may call from a browser, such as https://app.example; may be given"
              + " several times (none).")
  private @Nullable List<String> corsOrigins;

  @Option(
      names = "--durability",
      paramLabel = "full|normal",
      defaultValue = "${env:KENBUN_DURABILITY:-full}",
      description = "full: 202 after fsync; normal: after the write (full).")
  private String durability = "full";

  @Option(
      names = "--template",
      paramLabel = "starter|none",
      defaultValue = "${env:KENBUN_TEMPLATE:-starter}",
      description = "What a first start without --config sets up (starter).")
  private String template = "starter";

  @Option(
      names = "--max-queue",
      paramLabel = "EVENTS",
      defaultValue = "${env:KENBUN_MAX_QUEUE:-1000000}",
      description = "Events that may wait to be scored before ingest answers 503 (1000000).")
  private long maxQueue;

  @Option(
      names = "--retain-events",
      paramLabel = "DAYS",
      defaultValue = "${env:KENBUN_RETAIN_EVENTS}",
      description = "Days that an event is kept after it was received (for ever); scores stay.")
  private @Nullable Integer retainEvents;

  @Option(
      names = "--retain-deliveries",
      paramLabel = "DAYS",
      defaultValue = "${env:KENBUN_RETAIN_DELIVERIES:-30}",
      description =
          "Days that a webhook's delivery is kept after it was over (30); a failed one stays.")
  private int retainDeliveries;

  @Option(
      names = "--test-clock",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "${env:KENBUN_TEST_CLOCK:-false}",
      fallbackValue = "true",
      description = "Lets PUT /lite/clock set the time that the server goes by (off).")
  private boolean testClock;

  @Option(
      names = "--allow-reset",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "${env:KENBUN_ALLOW_RESET:-false}",
      fallbackValue = "true",
      description = "Lets POST /lite/reset empty units (off).")
  private boolean allowReset;

  @Option(
      names = "--allow-private-webhooks",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "${env:KENBUN_ALLOW_PRIVATE_WEBHOOKS:-false}",
      fallbackValue = "true",
      description =
          "Lets webhooks go to private addresses though --host is no loopback address (off).")
  private boolean allowPrivateWebhooks;

  @Option(
      names = "--chaos",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "${env:KENBUN_CHAOS:-false}",
      fallbackValue = "true",
      description = "Lets PUT /lite/chaos refuse, delay and lose things on purpose (off).")
  private boolean chaos;

  @Mixin private LimitOptions limits = new LimitOptions();

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "${env:KENBUN_LOG_LEVEL:-info}",
      description = "error, warn, info or debug (info).")
  private String logLevel = "info";

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
    log();
    KenbunLite.Builder builder =
        KenbunLite.builder()
            .host(host)
            .port(port)
            .durability(durability)
            .template(template)
            .maxQueue(maxQueue)
            .retainDeliveries(retainDeliveries)
            .limits(limits.httpLimits())
            .limits(limits.ingestLimits());
    if (data.equals(":memory:")) {
      builder.inMemory();
    } else {
      builder.data(Path.of(data));
    }
    if (engine != null) {
      builder.engine(engine);
    }
    if (scoringThreads != null) {
      builder.scoringThreads(scoringThreads);
    }
    if (config != null) {
      builder.config(config);
    }
    if (defaultOu != null) {
      builder.defaultOu(defaultOu);
    }
    if (corsOrigins != null) {
      corsOrigins.forEach(builder::corsOrigin);
    }
    if (retainEvents != null) {
      builder.retainEvents(retainEvents);
    }
    if (testClock) {
      builder.testClock();
    }
    if (allowReset) {
      builder.allowReset();
    }
    if (allowPrivateWebhooks) {
      builder.allowPrivateWebhooks();
    }
    if (chaos) {
      builder.chaos();
    }
    if (clientId != null && clientSecret != null) {
      builder.credentials(clientId, clientSecret);
    } else if (clientId != null || clientSecret != null) {
      throw new ConfigException("--client-id and --client-secret go together");
    }
    KenbunLite server = builder.start();
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

  /** Sets up logging: one line for each entry, on standard error. */
  private void log() {
    Level level =
        switch (logLevel.toLowerCase(Locale.ROOT)) {
          case "error" -> Level.SEVERE;
          case "warn" -> Level.WARNING;
          case "info" -> Level.INFO;
          case "debug" -> Level.FINE;
          default ->
              throw new ConfigException(
                  "--log-level is error, warn, info or debug: \"" + logLevel + '"');
        };
    // The HTTP library announces its version three times over at each start.
    for (String noisy : List.of("io.undertow", "org.xnio", "org.jboss.threads")) {
      Logger logger = Logger.getLogger(noisy);
      logger.setLevel(level.equals(Level.INFO) ? Level.WARNING : level);
      quietened.add(logger);
    }
    ROOT.setLevel(level);
    for (java.util.logging.Handler handler : ROOT.getHandlers()) {
      handler.setLevel(level);
      if (handler.getFormatter() instanceof SimpleFormatter
          && System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
        handler.setFormatter(new LogLine(ZoneId.systemDefault()));
      }
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
