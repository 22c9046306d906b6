package io.kenbun.examples.replay;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.kenbun.client.ClientStats;
import io.kenbun.client.Credentials;
import io.kenbun.client.DeliveryListener;
import io.kenbun.client.DropReason;
import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.client.OverflowPolicy;
import io.kenbun.examples.KenbunReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Streams a CSV file of events through the SDK to a server, in constant memory.
 *
 * <p>The queue of the client blocks when it is full, so a file that is read faster than the network
 * takes it is read slower, and nothing is dropped for it. Ends with 0 if every row was delivered or
 * left out on purpose, 1 if anything was refused, dropped or not delivered in time, 2 on wrong
 * usage.
 */
@Command(
    name = "Replay",
    sortOptions = false,
    description = "Streams a CSV file of events to a kenbun server.",
    footer = {
      "",
      "A mapping says what the columns mean, in a properties file or by --map:",
      "  email={mail}             or external_id=shop-{customer}, phone, cookie, social, lead_id",
      "  event_type={action}      event_type.view=Page View    what to call a value",
      "  timestamp={when}         an RFC 3339 time; or else a day and the date of day 0:",
      "  day={day}  day.start=2024-02-01  or {term} with day.start.T1=2024-02-01",
      "  day.group={term}         one second a row is counted within it",
      "  metadata.path={url}      numbers=price,quantity       sent as numbers",
      "Columns called lead_id, event_type, timestamp, email, ... need no mapping."
    })
public final class Replay implements Callable<Integer> {
  private static final int TOLD_AT_MOST = 5;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "CSV with a header line, plain or gzip.")
  private Path file = Path.of("");

  @Option(names = "--mapping", paramLabel = "FILE", description = "Properties file, see below.")
  private @Nullable Path mapping;

  @Option(names = "--map", paramLabel = "KEY=VALUE", description = "One setting of a mapping.")
  private Map<String, String> map = new LinkedHashMap<>();

  @Option(
      names = "--only",
      paramLabel = "CONDITION",
      description = "Only rows where it holds, such as 'day<28'; several: all must hold.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = SHOW_DEFAULT)
  private URI url = URI.create("");

  @Option(
      names = "--ou",
      paramLabel = "UNIT",
      defaultValue = "unit_default",
      description = SHOW_DEFAULT)
  private String orgUnit = "";

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      defaultValue = "dev",
      description = SHOW_DEFAULT)
  private String clientId = "";

  @Option(
      names = "--client-secret",
      paramLabel = "SECRET",
      defaultValue = "${env:KENBUN_CLIENT_SECRET:-dev}",
      description = "Default: the environment's KENBUN_CLIENT_SECRET, else dev.")
  private String clientSecret = "";

  @Option(
      names = "--in-flight",
      paramLabel = "COUNT",
      defaultValue = "16",
      description = "Requests under way at a time. " + SHOW_DEFAULT)
  private int inFlight;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long to wait for a server that takes nothing. " + SHOW_DEFAULT)
  private long patienceSeconds;

  @Option(
      names = "--drain",
      description = "At the end, wait until a lite server has scored all of it.")
  private boolean drain;

  @SuppressWarnings("UnusedVariable") // Setting it is what makes picocli print the help.
  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  private boolean help;

  private static final String SHOW_DEFAULT = "Default: ${DEFAULT-VALUE}.";

  private final AtomicLong told = new AtomicLong();
  private long rows;
  private long leftOut;
  private long refused;

  /** Runs the replay and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command with its options; it tells failures in one line, without a stack trace. */
  static CommandLine commandLine() {
    return new CommandLine(new Replay())
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              line.getErr().println("Replay failed: " + failure);
              return line.getCommandSpec().exitCodeOnExecutionException();
            });
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandLine line = command();
    PrintWriter out = line.getOut();
    PrintWriter err = line.getErr();
    // First, since wrong credentials or a wrong unit would otherwise show as a queue that fills.
    KenbunReader reader = new KenbunReader(url, clientId, clientSecret, orgUnit);
    Progress progress = new Progress(err, Progress.onTerminal(), System::nanoTime);
    KenbunClient client =
        KenbunClient.builder()
            .baseUrl(url.toString())
            .credentials(Credentials.basic(clientId, clientSecret))
            .orgUnit(orgUnit)
            .overflowPolicy(OverflowPolicy.BLOCK)
            .blockTimeout(patienceSeconds, TimeUnit.SECONDS)
            // Enough to keep the server busy; more would only be memory, and a longer wait at the
            // end.
            .maxQueuedEvents(10_000)
            .maxInFlight(inFlight)
            .listener(new Losses(err))
            .build();
    boolean complete;
    try (EventCsv csv = new EventCsv(file)) {
      complete = send(csv, mapping(csv.header()), client, progress, err);
    } finally {
      client.close(patienceSeconds, TimeUnit.SECONDS);
      progress.clear();
    }
    ClientStats stats = client.stats();
    double seconds = progress.seconds();
    out.printf("%,13d rows in %s%n", rows, file.getFileName());
    out.printf("%,13d left out by --only%n", leftOut);
    out.printf("%,13d refused before sending%n", refused);
    out.printf("%,13d accepted by the client%n", stats.accepted());
    out.printf("%,13d delivered%n", stats.delivered());
    out.printf("%,13d dropped%n", stats.dropped());
    out.printf("%,13.0f events/s, delivered in %.1f s%n", stats.delivered() / seconds, seconds);
    if (drain) {
      reader.drain(Duration.ofSeconds(patienceSeconds));
      seconds = progress.seconds();
      out.printf("%,13.0f events/s, scored after %.1f s%n", stats.delivered() / seconds, seconds);
    }
    Memory.peakMib().ifPresent(mib -> out.printf("%,13d MiB peak memory of this process%n", mib));
    out.flush();
    boolean all = complete && refused == 0 && stats.dropped() == 0;
    return all && stats.delivered() == stats.accepted() ? 0 : 1;
  }

  /** Returns whether the file was read to its end. */
  private boolean send(
      EventCsv csv, EventMapping mapping, KenbunClient client, Progress progress, PrintWriter err) {
    try {
      for (CsvRecord row : csv) {
        rows++;
        Event event = event(row, mapping, err);
        if (event != null && !client.track(event)) {
          err.printf(
              "Stopped at line %d: not taken within %d s, or ended from outside%n",
              row.getStartingLineNumber(), patienceSeconds);
          return false;
        }
        if (rows % 256 == 0) {
          show(csv, client, progress);
        }
      }
      return true;
    } catch (CsvParseException broken) {
      err.println("Gave up: not CSV: " + broken.getMessage());
      return false;
    }
  }

  /** Shows what has arrived: of the rows that were read, some still wait in the queue. */
  private void show(EventCsv csv, KenbunClient client, Progress progress) {
    ClientStats stats = client.stats();
    double settled = rows == 0 ? 1 : 1 - (double) stats.queued() / rows;
    progress.show(csv.share() * settled, stats.delivered(), stats.dropped());
  }

  private @Nullable Event event(CsvRecord row, EventMapping mapping, PrintWriter err) {
    try {
      Event event = mapping.event(row);
      leftOut += event == null ? 1 : 0;
      return event;
    } catch (IllegalArgumentException bad) {
      refused++;
      tell(err, "Line " + row.getStartingLineNumber() + " refused: " + bad.getMessage());
      return null;
    }
  }

  private EventMapping mapping(List<String> header) throws IOException {
    Properties settings = new Properties();
    if (mapping != null) {
      try (Reader text = Files.newBufferedReader(mapping)) {
        settings.load(text);
      }
    }
    Map<String, String> all = new LinkedHashMap<>();
    settings.stringPropertyNames().forEach(key -> all.put(key, settings.getProperty(key)));
    all.putAll(map);
    try {
      return new EventMapping(all, only, header);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(command(), wrong.getMessage(), wrong);
    }
  }

  private CommandLine command() {
    if (spec == null) {
      throw new IllegalStateException("not run through picocli: no command line");
    }
    return spec.commandLine();
  }

  /**
   * Tells the first few of what may happen a million times; the counts at the end tell the rest.
   */
  private void tell(PrintWriter err, String what) {
    long count = told.incrementAndGet();
    if (count <= TOLD_AT_MOST) {
      err.println(what);
    } else if (count == TOLD_AT_MOST + 1) {
      err.println("(further ones are only counted)");
    }
    err.flush();
  }

  private final class Losses extends DeliveryListener {
    private final PrintWriter err;

    Losses(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void dropped(Event event, DropReason reason, String detail) {
      tell(err, "Dropped " + event.type() + ": " + detail);
    }

    @Override
    public void credentialsRefused(String detail) {
      err.println("The server refuses the credentials: " + detail);
    }

    @Override
    public void orgUnitLost(String orgUnit, String detail) {
      err.println("The server refuses the organizational unit " + orgUnit + ": " + detail);
    }
  }
}
