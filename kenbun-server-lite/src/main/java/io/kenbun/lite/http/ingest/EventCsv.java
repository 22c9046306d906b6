package io.kenbun.lite.http.ingest;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.AliasKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rows of an import ({@code scoring.md} 12): CSV as RFC 4180 has it, in UTF-8, with or without
 * a byte order mark, lines ended by CRLF or LF, the header's columns in any order. A row becomes
 * what {@code POST /ingest} takes, so that both are held to the same rules; a column of no meaning
 * becomes metadata, an empty cell nothing.
 *
 * <pre>
 *   email,event_type,timestamp,plan
 *   a@b.c,Demo Request,2026-03-10T12:00:00Z,pro
 *   {"aliases":[{"alias_kind":"email","raw_value":"a@b.c"}],"event_type":"Demo Request",
 *    "timestamp":"2026-03-10T12:00:00Z","metadata":{"plan":"pro"}}
 * </pre>
 */
final class EventCsv {
  /** The most columns. Ours. */
  static final int MAX_COLUMNS = 1_000;

  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final Set<String> FIELDS = Set.of("lead_id", "event_type", "timestamp");

  /** Takes the rows below the header, in order. */
  interface Rows {
    void row(int line, CsvRecord row) throws IOException;
  }

  private final int maxCellChars;
  private String[] columns = {};
  private Meaning[] meanings = {};

  /** What the cells of a column become. */
  private enum Meaning {
    FIELD,
    ALIAS,
    METADATA;

    static Meaning of(String column) {
      if (FIELDS.contains(column)) {
        return FIELD;
      }
      return AliasKind.of(column) == null ? METADATA : ALIAS;
    }
  }

  EventCsv(int maxCellChars) {
    this.maxCellChars = maxCellChars;
  }

  /**
   * Hands over every row.
   *
   * @throws Problem when the file is no CSV, or its header does not do
   */
  void read(InputStream file, Rows rows) throws IOException {
    Reader text =
        new BufferedReader(
            new InputStreamReader(
                file,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    skipMark(text);
    boolean headed = false;
    try (CsvReader<CsvRecord> csv =
        CsvReader.builder()
            .maxBufferSize(maxCellChars)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE) // Told of the row alone, by json.
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .ofCsvRecord(text)) {
      for (CsvRecord record : csv) {
        if (headed) {
          rows.row((int) Math.min(record.getStartingLineNumber(), Integer.MAX_VALUE), record);
        } else {
          columns = header(record.getFields());
          meanings = Arrays.stream(columns).map(Meaning::of).toArray(Meaning[]::new);
          headed = true;
        }
      }
    } catch (CsvParseException e) {
      throw e.getCause() instanceof CharacterCodingException
          ? notUtf8()
          : Problem.invalidField("file", "file is no CSV: " + reason(e));
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw notUtf8();
      }
      throw e.getCause();
    }
    if (!headed) {
      throw Problem.invalidField("file", "file is empty");
    }
  }

  /** Goes past a byte order mark; what comes behind it may be a quote. */
  private static void skipMark(Reader text) throws IOException {
    text.mark(1);
    try {
      if (text.read() != BYTE_ORDER_MARK) {
        text.reset();
      }
    } catch (CharacterCodingException e) {
      throw notUtf8();
    }
  }

  private static Problem notUtf8() {
    return Problem.invalidField("file", "file is not UTF-8");
  }

  private static String reason(CsvParseException e) {
    Throwable cause = e.getCause();
    return e.getMessage() + (cause == null ? "" : " (" + cause.getMessage() + ")");
  }

  private static String[] header(List<String> cells) {
    String[] names = cells.toArray(String[]::new);
    if (names.length > MAX_COLUMNS) {
      throw Problem.invalidField(
          "file", "file has more than " + MAX_COLUMNS + " columns: " + names.length);
    }
    Set<String> seen = new HashSet<>();
    boolean named = false;
    for (int i = 0; i < names.length; i++) {
      names[i] = names[i].strip();
      if (names[i].isEmpty()) {
        throw Problem.invalidField("file", "column " + (i + 1) + " has no name");
      }
      if (!seen.add(names[i])) {
        throw Problem.invalidField("file", "column is there twice: \"" + names[i] + '"');
      }
      named |= names[i].equals("lead_id") || AliasKind.of(names[i]) != null;
    }
    if (!seen.contains("event_type")) {
      throw Problem.invalidField("event_type", "file has no column event_type");
    }
    if (!named) {
      throw Problem.invalidField(
          "lead_id",
          "file has none of the columns lead_id, external_id, email, phone, cookie, social");
    }
    return names;
  }

  /** Returns what the row says, as the body of {@code POST /ingest}. */
  byte[] json(CsvRecord row) {
    if (row.getFieldCount() != columns.length) {
      throw Problem.invalidField(
          "file", "row has not " + columns.length + " cells: " + row.getFieldCount());
    }
    JsonOut out = new JsonOut().beginObject();
    boolean aliases = false;
    boolean metadata = false;
    for (int i = 0; i < columns.length; i++) {
      if (is(Meaning.FIELD, i, row)) {
        out.field(columns[i], row.getField(i));
      }
      aliases |= is(Meaning.ALIAS, i, row);
      metadata |= is(Meaning.METADATA, i, row);
    }
    if (aliases) {
      out.beginArray("aliases");
      for (int i = 0; i < columns.length; i++) {
        if (is(Meaning.ALIAS, i, row)) {
          out.beginObject()
              .field("alias_kind", columns[i])
              .field("raw_value", row.getField(i))
              .endObject();
        }
      }
      out.endArray();
    }
    if (metadata) {
      out.beginObject("metadata");
      for (int i = 0; i < columns.length; i++) {
        if (is(Meaning.METADATA, i, row)) {
          out.field(columns[i], row.getField(i));
        }
      }
      out.endObject();
    }
    return out.endObject().bytes();
  }

  /** Says whether the column has that meaning, and the row something in it. */
  private boolean is(Meaning meaning, int column, CsvRecord row) {
    return meanings[column] == meaning && !row.getField(column).isEmpty();
  }
}
