package io.kenbun.lite.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keeps one request under way on each of many connections, from one thread: what is measured shares
 * the machine with it, so it must cost little. Sends the next request when the answer to the one
 * before is there.
 */
public final class LoadGenerator {
  private static final byte[] HEADER_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.US_ASCII);

  private final List<URI> urls;
  private final int connections;
  private final Supplier<byte[]> requests;
  private long[] nanos = new long[1 << 20];
  private int count;
  private boolean recording;
  private boolean ending;
  private long acknowledged;
  private long pauseNanos;
  private String status = "202";

  /**
   * Makes a generator.
   *
   * @param requests gives each request to be sent, whole
   */
  public LoadGenerator(URI url, int connections, Supplier<byte[]> requests) {
    this(List.of(url), connections, requests);
  }

  /** Makes one whose connections go to several servers in turn. */
  public LoadGenerator(List<URI> urls, int connections, Supplier<byte[]> requests) {
    this.urls = urls;
    this.connections = connections;
    this.requests = requests;
  }

  /**
   * Has each connection send at even intervals, to hold a rate: the next request goes out so long
   * after the one before was sent, or when its answer is there if that is later. 0 is for no pause.
   */
  public LoadGenerator pausing(long perRequestNanos) {
    this.pauseNanos = perRequestNanos;
    return this;
  }

  /** Has every answer held to another status than 202. */
  public LoadGenerator expecting(int newStatus) {
    this.status = String.valueOf(newStatus);
    return this;
  }

  /** What one run saw; times in nanoseconds, sorted. */
  public static final class Result {
    private final long[] nanos;
    private final double seconds;
    private final long acknowledged;

    Result(long[] nanos, double seconds, long acknowledged) {
      this.nanos = nanos;
      this.seconds = seconds;
      this.acknowledged = acknowledged;
    }

    /** Returns how many answers there were in all, those of the warm-up and after the end too. */
    public long acknowledged() {
      return acknowledged;
    }

    public int answers() {
      return nanos.length;
    }

    public double seconds() {
      return seconds;
    }

    public double millis(double quantile) {
      int index = (int) Math.min(nanos.length - 1L, Math.round(quantile * nanos.length));
      return nanos.length == 0 ? Double.NaN : nanos[index] / 1e6;
    }
  }

  /** Warms up, then measures. Every answer must have the status, or the run fails. */
  public Result run(double warmUpSeconds, double seconds, Runnable whenMeasuring)
      throws IOException {
    try (Selector selector = Selector.open()) {
      Connection[] all = new Connection[connections];
      for (int i = 0; i < connections; i++) {
        all[i] = new Connection(selector, urls.get(i % urls.size()));
      }
      long start = System.nanoTime();
      long measureFrom = start + (long) (warmUpSeconds * 1e9);
      for (int i = 0; i < all.length; i++) {
        if (pauseNanos > 0) {
          all[i].dueNanos = start + 1 + i * pauseNanos / all.length; // Not all at once.
        } else {
          all[i].send();
        }
      }
      loop(selector, all, measureFrom);
      whenMeasuring.run();
      recording = true;
      long from = System.nanoTime();
      loop(selector, all, from + (long) (seconds * 1e9));
      double took = (System.nanoTime() - from) / 1e9;
      recording = false;
      ending = true; // What is under way is answered, so that it is known what was taken.
      while (Arrays.stream(all).anyMatch(connection -> connection.waiting)) {
        loop(selector, all, System.nanoTime() + 1_000_000);
      }
      for (Connection connection : all) {
        connection.channel.close();
      }
      long[] sorted = Arrays.copyOf(nanos, count);
      Arrays.sort(sorted);
      return new Result(sorted, took, acknowledged);
    }
  }

  private void loop(Selector selector, Connection[] all, long until) throws IOException {
    for (long now = System.nanoTime(); now < until; now = System.nanoTime()) {
      if (pauseNanos > 0) {
        selector.select(1);
        for (Connection connection : all) {
          if (!ending && connection.dueNanos != 0 && now >= connection.dueNanos) {
            connection.send();
          }
        }
      } else {
        selector.select(10);
      }
      for (Iterator<SelectionKey> i = selector.selectedKeys().iterator(); i.hasNext(); ) {
        Connection connection = (Connection) i.next().attachment();
        i.remove();
        connection.ready();
      }
    }
  }

  private void record(long took) {
    if (!recording) {
      return;
    }
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = took;
  }

  private final class Connection {
    final SocketChannel channel;
    final SelectionKey key;
    ByteBuffer in = ByteBuffer.allocate(8_192);
    ByteBuffer out = ByteBuffer.allocate(0);
    long sentNanos;
    long dueNanos;
    long plannedNanos;
    boolean waiting;

    Connection(Selector selector, URI url) throws IOException {
      channel = SocketChannel.open(new InetSocketAddress(url.getHost(), url.getPort()));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send() throws IOException {
      plannedNanos = dueNanos;
      dueNanos = 0;
      out = ByteBuffer.wrap(requests.get());
      waiting = true;
      sentNanos = System.nanoTime();
      write();
    }

    private void write() throws IOException {
      channel.write(out);
      key.interestOps(
          out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    void ready() throws IOException {
      if (key.isWritable()) {
        write();
      }
      if (!key.isReadable()) {
        return;
      }
      if (!in.hasRemaining()) {
        in = ByteBuffer.allocate(2 * in.capacity()).put(in.flip());
      }
      if (channel.read(in) < 0) {
        throw new IOException("the server closed a connection");
      }
      int end = end();
      if (end < 0 || in.position() < end) {
        return;
      }
      if (!status.equals(new String(in.array(), 9, 3, StandardCharsets.US_ASCII))) {
        throw new IOException(new String(in.array(), 0, in.position(), StandardCharsets.UTF_8));
      }
      // From when it was due, so that a stall counts for every request that it held up.
      record(System.nanoTime() - (pauseNanos > 0 ? plannedNanos : sentNanos));
      in.clear();
      waiting = false;
      acknowledged++;
      if (pauseNanos > 0) {
        dueNanos = plannedNanos + pauseNanos;
      } else if (!ending) {
        send();
      }
    }

    /** Returns where the answer ends, or -1 while its header is not all there. */
    private int end() {
      byte[] bytes = in.array();
      int header = indexOf(bytes, HEADER_END, in.position());
      if (header < 0) {
        return -1;
      }
      int length = 0;
      int at = indexOf(bytes, LENGTH, header);
      if (at >= 0) {
        for (int i = at + LENGTH.length; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
          length = 10 * length + bytes[i] - '0';
        }
      }
      return header + HEADER_END.length + length;
    }

    private int indexOf(byte[] bytes, byte[] wanted, int limit) {
      for (int i = 0; i + wanted.length <= limit; i++) {
        int j = 0;
        while (j < wanted.length && (bytes[i + j] | 0x20) == (wanted[j] | 0x20)) {
          j++;
        }
        if (j == wanted.length) {
          return i;
        }
      }
      return -1;
    }
  }
}
