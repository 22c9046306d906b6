package io.kenbun.lite.command;

import io.kenbun.lite.pipeline.Ticks;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code import FILE.csv}: sends a file of events to {@code POST /import} of a server. */
@Command(
    name = "import",
    description = "Sends a CSV file of events to a running server.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {
      "",
      "The first line names the columns, in any order: event_type; one or more of",
      "lead_id, email, external_id, phone, cookie, social; timestamp (RFC 3339) if",
      "there is one. All others become metadata.",
      "",
      "Examples:",
      "  import events.csv --ou unit_default",
      "  import history.csv --url https://kenbun.example --skip-triggers",
      "  import events.csv --key monday      may be sent again after it was cut off",
      "",
      "Ends with 0 when all rows are in, 1 when a row or the file was refused, 2 for",
      "wrong usage. Of refused rows GET /lite/rejected shows the last 200, each with",
      "its line and the reason."
    })
public final class ImportCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofHours(1);

  private final PrintStream out;
  private final @Nullable PrintStream terminal;

  @Parameters(paramLabel = "FILE", description = "The file, CSV in UTF-8.")
  private Path file = Path.of("");

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:KENBUN_URL:-http://127.0.0.1:8080}",
      description = "The server (http://127.0.0.1:8080).")
  private String url = "";

  @Option(
      names = "--ou",
      paramLabel = "UNIT",
      defaultValue = "${env:KENBUN_OU}",
      description = "The unit; needed when the credentials may use several.")
  private @Nullable String unitId;

  @Option(
      names = "--skip-triggers",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "${env:KENBUN_SKIP_TRIGGERS:-false}",
      fallbackValue = "true",
      description = "Scores the events without setting off any trigger (off).")
  private boolean skipTriggers;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      defaultValue = "${env:KENBUN_KEY}",
      description =
          "Sent as Idempotency-Key: within a day the same file with the same key counts once.")
  private @Nullable String key;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      defaultValue = "${env:KENBUN_CLIENT_ID:-dev}",
      description = "Service account (dev).")
  private String clientId = "dev";

  @Option(
      names = "--client-secret",
      paramLabel = "SECRET",
      defaultValue = "${env:KENBUN_CLIENT_SECRET:-dev}",
      description =
          "Its secret (dev); better given as KENBUN_CLIENT_SECRET, which other users cannot see.")
  private String clientSecret = "dev";

  /**
   * Makes the command.
   *
   * @param terminal where a bar shows how far it is; null when nobody is looking
   */
  public ImportCommand(PrintStream out, @Nullable PrintStream terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IllegalArgumentException("no file that can be read: " + file);
    }
    Remote server = new Remote(url, clientId, clientSecret);
    server.activate(unitId == null ? onlyUnit(server) : unitId);
    Object answer = send(server);
    if (!(answer instanceof Map<?, ?> counts)
        || !(counts.get("imported") instanceof Long imported)
        || !(counts.get("errors") instanceof Long refused)) {
      throw new IOException(server.url() + "/import answered without counts");
    }
    out.println(
        imported + (imported == 1 ? " row" : " rows") + " imported, " + refused + " refused");
    if (refused > 0) {
      out.println("Why: curl -u " + clientId + " '" + server.url() + "/lite/rejected?limit=100'");
    }
    return refused == 0 ? 0 : 1;
  }

  private static String onlyUnit(Remote server) throws IOException {
    List<String> ids = new ArrayList<>();
    if (server.get("/org-units") instanceof List<?> units) {
      for (Object unit : units) {
        if (unit instanceof Map<?, ?> fields && fields.get("unit_id") instanceof String id) {
          ids.add(id);
        }
      }
    }
    if (ids.size() != 1) {
      throw new IllegalArgumentException(
          "--ou is needed, there are " + (ids.isEmpty() ? "none" : String.join(", ", ids)));
    }
    return ids.get(0);
  }

  private @Nullable Object send(Remote server) throws IOException {
    String boundary = UUID.randomUUID().toString();
    byte[] head =
        ("--"
                + boundary
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"events.csv\"\r\n"
                + "Content-Type: text/csv\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
    long size = Files.size(file);
    ProgressBar bar =
        terminal == null
            ? null
            : new ProgressBar(terminal, String.valueOf(file.getFileName()), size);
    BodyPublisher body =
        BodyPublishers.fromPublisher(
            BodyPublishers.ofInputStream(() -> content(head, tail, bar)),
            head.length + size + tail.length);
    List<String> headers =
        new ArrayList<>(List.of("Content-Type", "multipart/form-data; boundary=" + boundary));
    if (key != null) {
      headers.addAll(List.of("Idempotency-Key", key));
    }
    try {
      return server.post(
          skipTriggers ? "/import?skip_triggers=true" : "/import",
          body,
          TIMEOUT,
          headers.toArray(String[]::new));
    } finally {
      if (bar != null) {
        bar.end();
      }
    }
  }

  /** Opens the form, which is read as it is sent: no more than a piece of it is in memory. */
  private InputStream content(byte[] head, byte[] tail, @Nullable ProgressBar bar) {
    InputStream csv;
    try {
      csv = Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new ByteArrayInputStream(head),
                bar == null ? csv : new Watched(csv, bar),
                new ByteArrayInputStream(tail))));
  }

  /** Shows how much of a file has been read. */
  private static final class Watched extends FilterInputStream {
    private final ProgressBar bar;
    private long done;

    Watched(InputStream in, ProgressBar bar) {
      super(in);
      this.bar = bar;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      done += Math.max(0, read);
      bar.show(done, Ticks.nanos());
      return read;
    }
  }
}
