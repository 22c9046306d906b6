package io.kenbun.examples.replay;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A CSV file with a header line, plain or gzip, read row by row in constant memory.
 *
 * <p>UTF-8, fields separated by commas and quoted by RFC 4180. Not safe for use by several threads.
 */
public final class EventCsv implements Iterable<CsvRecord>, Closeable {
  private final Counted file;
  private final CsvReader<CsvRecord> rows;
  private final Iterator<CsvRecord> iterator;
  private final List<String> header;
  private final long size;

  /** Opens {@code path} and reads its header line. Gzip is told by its first two bytes. */
  public EventCsv(Path path) throws IOException {
    size = Files.size(path);
    file = new Counted(Files.newInputStream(path));
    BufferedInputStream buffered = new BufferedInputStream(file, 1 << 16);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    InputStream text = gzip ? new GZIPInputStream(buffered, 1 << 16) : buffered;
    // Rows of the wrong length are handed out: who reads them decides, and knows the line.
    rows =
        CsvReader.builder()
            .detectBomHeader(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(text, StandardCharsets.UTF_8);
    iterator = rows.iterator();
    if (!iterator.hasNext()) {
      close();
      throw new IOException("no header line: " + path);
    }
    header = List.copyOf(iterator.next().getFields());
  }

  /** Returns the names of the columns. */
  public List<String> header() {
    return header;
  }

  /** Returns the rows behind the header; there is one pass. */
  @Override
  public Iterator<CsvRecord> iterator() {
    return iterator;
  }

  /** Returns how much of the file has been read, from 0 to 1. */
  double share() {
    return size == 0 ? 1 : (double) file.read / size;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }

  /** Counts bytes of the file itself, before they are unpacked: the only total known in advance. */
  private static final class Counted extends FilterInputStream {
    private long read;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      read += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      read += Math.max(count, 0);
      return count;
    }
  }
}
