package io.kenbun.client;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** The CSV of an import, made while it is written: its size does not matter. */
final class CsvBody extends RequestBody {
  private static final MediaType CSV = MediaType.get("text/csv; charset=utf-8");
  private static final int STEP_BYTES = 64 * 1024;
  private static final String[] ALIAS_COLUMNS = {
    "external_id", "email", "phone", "cookie", "social"
  };

  private final EventImport source;
  private long sent;

  CsvBody(EventImport source) {
    this.source = source;
  }

  @Override
  public MediaType contentType() {
    return CSV;
  }

  @Override
  public long contentLength() {
    return source.file == null ? -1 : source.file.length();
  }

  /**
   * Events can be iterated over only once; a file is not sent twice either, for rows would count
   * twice.
   */
  @Override
  public boolean isOneShot() {
    return true;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    File file = source.file;
    if (file != null) {
      copy(file, sink);
    } else if (source.events != null) {
      write(source.events, sink);
    }
  }

  private void copy(File file, BufferedSink sink) throws IOException {
    byte[] step = new byte[STEP_BYTES];
    try (InputStream in = new FileInputStream(file)) {
      int count;
      while ((count = in.read(step)) >= 0) {
        sink.write(step, 0, count);
        report(count);
      }
    }
  }

  private void write(Iterable<Event> events, BufferedSink sink) throws IOException {
    StringBuilder rows = new StringBuilder("lead_id,event_type,timestamp");
    for (String column : ALIAS_COLUMNS) {
      rows.append(',').append(column);
    }
    rows.append("\r\n");
    for (Event event : events) {
      append(rows, event);
      if (rows.length() >= STEP_BYTES) {
        flush(rows, sink);
      }
    }
    flush(rows, sink);
  }

  private void flush(StringBuilder rows, BufferedSink sink) throws IOException {
    String text = rows.toString();
    sink.writeUtf8(text);
    rows.setLength(0);
    report(text.length());
  }

  private static void append(StringBuilder row, Event event) {
    cell(row, event.leadId());
    row.append(',');
    cell(row, event.type());
    row.append(',').append(Timestamps.format(event.timestampMillis()));
    for (String column : ALIAS_COLUMNS) {
      row.append(',');
      for (Alias alias : event.aliases()) {
        if (alias.kind().equals(column)) {
          cell(row, alias.value());
          break;
        }
      }
    }
    row.append("\r\n");
  }

  /** RFC 4180: quoted where a comma, a quote or a line end would be misread. */
  private static void cell(StringBuilder row, @Nullable String value) {
    if (value == null) {
      return;
    }
    boolean quoted =
        value.indexOf(',') >= 0
            || value.indexOf('"') >= 0
            || value.indexOf('\n') >= 0
            || value.indexOf('\r') >= 0
            || value.trim().length() < value.length();
    if (quoted) {
      row.append('"').append(value.replace("\"", "\"\"")).append('"');
    } else {
      row.append(value);
    }
  }

  private void report(long bytes) throws IOException {
    sent += bytes;
    if (source.progress != null && !source.progress.sent(sent, contentLength())) {
      throw new InterruptedIOException("the import was cancelled");
    }
  }
}
