package io.kenbun.client;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.GzipSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * Sends batches over HTTP and classifies the answers.
 *
 * <pre>
 * no event    POST /org-units/active   {"ouId":"unit_default"}           sets the unit's cookie
 * one event   POST /ingest             its body, Idempotency-Key: its key
 * several     POST /ingest/batch       {"idempotency_key":"..",(its body's rest)} and a line feed, each
 * </pre>
 *
 * <p>Requests run on a few daemon threads of its own, as many as are in flight, which end when
 * idle.
 */
final class HttpTransport extends Transport {
  private static final MediaType JSON = MediaType.parse("application/json");
  private static final MediaType LINES = MediaType.parse("application/x-ndjson");

  /** Smaller bodies gain nothing by compression. */
  private static final long GZIP_FROM_BYTES = 1024;

  /** How much of an answer is read; more is not needed to know what it means. */
  private static final long MAX_ANSWER_BYTES = 1 << 20;

  /** How long the server may work on an import before it answers. */
  private static final int IMPORT_MINUTES = 30;

  private final OkHttpClient http;
  private final HttpUrl baseUrl;
  private final Credentials credentials;
  private final Clock clock;
  private final boolean gzip;
  private final ThreadPoolExecutor threads;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Map<String, OkHttpClient> clients = new HashMap<>(); // Guarded by clients.

  HttpTransport(
      OkHttpClient http,
      HttpUrl baseUrl,
      Credentials credentials,
      Clock clock,
      boolean gzip,
      int maxInFlight,
      ThreadFactory threadFactory) {
    this.http = http;
    this.baseUrl = baseUrl;
    this.credentials = credentials;
    this.clock = clock;
    this.gzip = gzip;
    this.threads =
        new ThreadPoolExecutor(
            1,
            maxInFlight,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<Runnable>(),
            threadFactory);
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  void send(Batch batch, Receiver receiver) {
    // A pool would start a thread for each of the first requests although one is idle: it may have
    // as many as were ever needed at once, and batches need one.
    int needed = inFlight.incrementAndGet();
    if (needed > threads.getCorePoolSize() && needed <= threads.getMaximumPoolSize()) {
      threads.setCorePoolSize(needed);
    }
    try {
      threads.execute(
          () -> {
            Reply reply = exchange(batch);
            inFlight.decrementAndGet();
            receiver.receive(batch, reply);
          });
    } catch (RejectedExecutionException e) {
      inFlight.decrementAndGet();
      receiver.receive(batch, Reply.noAnswer("the client is closed"));
    }
  }

  private Reply exchange(Batch batch) {
    try {
      String authorization = authorization();
      Reply reply = exchange(batch, authorization);
      if (reply.kind == Reply.Kind.UNAUTHORIZED) {
        credentials.refused(authorization);
        String rotated = authorization();
        if (!rotated.equals(authorization)) {
          return exchange(batch, rotated);
        }
      }
      return reply;
    } catch (IOException e) {
      return Reply.noAnswer(describe(e));
    } catch (Throwable e) { // An interceptor of the application's, or a bug: neither may end us.
      return Reply.noAnswer("the HTTP client failed: " + e);
    }
  }

  private Reply exchange(Batch batch, String authorization) throws IOException {
    Request request = request(batch, authorization);
    try (Response response = client(batch.unit).newCall(request).execute()) {
      return classify(batch, response);
    }
  }

  private static String describe(IOException e) {
    String message = e.getMessage();
    return e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  /** One client for each unit, which differ by their cookies and share everything else. */
  private OkHttpClient client(String unit) {
    synchronized (clients) {
      OkHttpClient client = clients.get(unit);
      if (client == null) {
        client = http.newBuilder().cookieJar(new UnitCookies()).build();
        clients.put(unit, client);
      }
      return client;
    }
  }

  private Request request(Batch batch, String authorization) {
    Request.Builder request = new Request.Builder().header("Authorization", authorization);
    if (batch.droppedSoFar > 0) {
      request.header("Kenbun-Client-Dropped", String.valueOf(batch.droppedSoFar));
    }
    if (batch.isActivation()) {
      return request.url(url("org-units/active")).post(activation(batch.unit)).build();
    }
    if (!batch.lines) {
      QueuedEvent event = batch.events.get(0);
      request.header("Idempotency-Key", event.key);
      return request.url(url("ingest")).post(RequestBody.create(event.body, JSON)).build();
    }
    Buffer body = lines(batch);
    if (gzip && body.size() >= GZIP_FROM_BYTES) {
      body = compress(body);
      request.header("Content-Encoding", "gzip");
    }
    return request.url(url("ingest/batch")).post(new BufferBody(LINES, body)).build();
  }

  private HttpUrl url(String path) {
    return baseUrl.newBuilder().addPathSegments(path).build();
  }

  private static RequestBody activation(String unit) {
    Buffer json = new Buffer();
    try (JsonWriter writer = JsonWriter.of(json)) {
      writer.beginObject().name("ouId").value(unit).endObject();
    } catch (IOException e) {
      throw new AssertionError("a buffer in memory failed", e);
    }
    return RequestBody.create(json.readByteArray(), JSON);
  }

  private static Buffer lines(Batch batch) {
    Buffer lines = new Buffer();
    for (QueuedEvent event : batch.events) {
      lines.writeUtf8("{\"idempotency_key\":\"").writeUtf8(event.key).writeUtf8("\",");
      lines.write(event.body, 1, event.body.length - 1).writeByte('\n');
    }
    return lines;
  }

  private static Buffer compress(Buffer body) {
    Buffer compressed = new Buffer();
    try (BufferedSink sink = Okio.buffer(new GzipSink(compressed))) {
      sink.writeAll(body);
    } catch (IOException e) {
      throw new AssertionError("a buffer in memory failed", e);
    }
    return compressed;
  }

  private Reply classify(Batch batch, Response response) throws IOException {
    int status = response.code();
    boolean announces = announcesBatches(response);
    Reply.Kind kind = Reply.kindOf(status);
    if (kind == Reply.Kind.DELIVERED) {
      return delivered(batch, response, status, announces);
    }
    String text = text(response);
    String detail = status + " " + message(text);
    if (status == 400 && text.contains("active OU not set")) {
      kind = Reply.Kind.ORG_UNIT_LOST;
    } else if (batch.lines && (status == 404 || status == 405 || status == 501)) {
      kind = Reply.Kind.NO_BATCHES;
    } else if (batch.lines && kind == Reply.Kind.REFUSED) {
      kind = Reply.Kind.SPLIT; // One line may be at fault: halving finds it.
    }
    return Reply.of(kind, status, detail, retryAfterMillis(response), announces);
  }

  /**
   * A sign-in page of a hotel answers 200, too: what is no answer of kenbun acknowledges nothing.
   */
  private static Reply delivered(Batch batch, Response response, int status, boolean announces)
      throws IOException {
    if (!batch.lines) {
      String type = response.header("Content-Type", "");
      if (!batch.isActivation() && type != null && type.startsWith("text/html")) {
        return Reply.of(
            Reply.Kind.WAIT,
            status,
            status + " with a web page instead of kenbun's answer",
            -1,
            false);
      }
      return Reply.delivered(status, announces, new ArrayList<>());
    }
    List<Reply.Rejection> rejections = rejections(text(response), batch.events.size());
    if (rejections == null) {
      return Reply.of(
          Reply.Kind.WAIT, status, status + " with an answer that is not kenbun's", -1, announces);
    }
    return Reply.delivered(status, announces, rejections);
  }

  /**
   * Imports on the caller's thread: opens the unit's session, then streams the CSV. Never retried.
   */
  @Override
  EventImport.Result importEvents(String unit, EventImport source) throws IOException {
    Batch activation = new Batch(unit, new ArrayList<>(), false, 0, 0);
    Reply opened = exchange(activation);
    if (opened.kind != Reply.Kind.DELIVERED) {
      throw new IOException("org unit " + unit + " cannot be set: " + opened.detail);
    }
    RequestBody form =
        new MultipartBody.Builder()
            .setType(MultipartBody.FORM)
            .addFormDataPart("file", "events.csv", new CsvBody(source))
            .build();
    HttpUrl.Builder url = url("import").newBuilder();
    if (source.skipTriggers) {
      url.addQueryParameter("skip_triggers", "true");
    }
    Request request =
        new Request.Builder()
            .url(url.build())
            .header("Authorization", authorization())
            .post(form)
            .build();
    OkHttpClient patient =
        client(unit)
            .newBuilder()
            .callTimeout(0, TimeUnit.SECONDS)
            .readTimeout(IMPORT_MINUTES, TimeUnit.MINUTES)
            .build();
    try (Response response = patient.newCall(request).execute()) {
      String text = text(response);
      if (!response.isSuccessful()) {
        throw new IOException("import failed: " + response.code() + " " + message(text));
      }
      return importResult(text);
    }
  }

  private String authorization() throws IOException {
    try {
      return credentials.authorization();
    } catch (Exception e) {
      throw new IOException("no credentials: " + e.getClass().getName(), e);
    }
  }

  private static EventImport.Result importResult(String text) throws IOException {
    long imported = -1;
    long errors = 0;
    try (JsonReader json = JsonReader.of(new Buffer().writeUtf8(text))) {
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        if (name.equals("imported")) {
          imported = json.nextLong();
        } else if (name.equals("errors")) {
          errors = json.nextLong();
        } else {
          json.skipValue();
        }
      }
    } catch (RuntimeException e) {
      throw new IOException("import answered with something that is not kenbun's", e);
    }
    if (imported < 0) {
      throw new IOException("import answered without a count: " + shorten(text));
    }
    return new EventImport.Result(imported, errors);
  }

  private static boolean announcesBatches(Response response) {
    for (String value : response.headers("Kenbun-Capabilities")) {
      if (value.contains("ingest-batch")) {
        return true;
      }
    }
    return false;
  }

  private static String text(Response response) throws IOException {
    if (response.body() == null) {
      return "";
    }
    BufferedSource source = response.body().source();
    source.request(MAX_ANSWER_BYTES);
    Buffer buffer = source.getBuffer();
    return buffer.readString(Math.min(buffer.size(), MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
  }

  /** The server's own sentence if the body has one, else the body's beginning. */
  private static String message(String text) {
    try (JsonReader json = JsonReader.of(new Buffer().writeUtf8(text))) {
      String message = null;
      String code = null;
      String field = null;
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        if (json.peek() != JsonReader.Token.STRING) {
          json.skipValue();
        } else if (name.equals("error") || (message == null && name.equals("message"))) {
          message = json.nextString();
        } else if (name.equals("code")) {
          code = json.nextString();
        } else if (name.equals("field")) {
          field = json.nextString();
        } else {
          json.skipValue();
        }
      }
      if (message != null) {
        return shorten(message)
            + (code == null ? "" : " (" + shorten(code) + ")")
            + (field == null ? "" : " at " + shorten(field));
      }
    } catch (IOException | RuntimeException e) {
      return shorten(text.trim()); // Not JSON: said as it is.
    }
    return shorten(text.trim());
  }

  private static String shorten(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }

  /** The rejected lines of a 202, or null if this is not the answer to a batch of that size. */
  private static @Nullable List<Reply.Rejection> rejections(String text, int size) {
    List<Reply.Rejection> rejections = new ArrayList<>();
    int accepted = -1;
    try (JsonReader json = JsonReader.of(new Buffer().writeUtf8(text))) {
      json.beginObject();
      while (json.hasNext()) {
        switch (json.nextName()) {
          case "accepted":
            accepted = json.nextInt();
            break;
          case "rejected":
            json.beginArray();
            while (json.hasNext()) {
              rejections.add(rejection(json));
            }
            json.endArray();
            break;
          default:
            json.skipValue();
        }
      }
    } catch (IOException | RuntimeException e) {
      return null; // Cut off or not JSON: whether the lines arrived is not known.
    }
    for (Reply.Rejection rejection : rejections) {
      if (rejection.index < 0 || rejection.index >= size) {
        return null;
      }
    }
    return accepted + rejections.size() == size ? rejections : null;
  }

  private static Reply.Rejection rejection(JsonReader json) throws IOException {
    int line = 0;
    int status = 400;
    StringBuilder detail = new StringBuilder();
    json.beginObject();
    while (json.hasNext()) {
      switch (json.nextName()) {
        case "line":
          line = json.nextInt();
          break;
        case "status":
          status = json.nextInt();
          break;
        case "error":
          detail.insert(0, shorten(json.nextString()));
          break;
        case "code":
          detail.append(" (").append(shorten(json.nextString())).append(')');
          break;
        case "field":
          detail.append(" at ").append(shorten(json.nextString()));
          break;
        default:
          json.skipValue();
      }
    }
    json.endObject();
    return new Reply.Rejection(line - 1, status, status + " " + detail);
  }

  /**
   * {@code Retry-After} as seconds or as a date. A date is measured against the answer's own {@code
   * Date}, since the device's clock may be anything.
   */
  @SuppressWarnings("JavaUtilDate") // OkHttp's parser knows all three forms of an HTTP date.
  private long retryAfterMillis(Response response) {
    String value = response.header("Retry-After");
    if (value == null) {
      return -1;
    }
    try {
      return Math.max(0, Math.min(Long.parseLong(value.trim()), Integer.MAX_VALUE)) * 1000;
    } catch (NumberFormatException e) {
      java.util.Date until = response.headers().getDate("Retry-After");
      if (until == null) {
        return -1;
      }
      java.util.Date now = response.headers().getDate("Date");
      return Math.max(0, until.getTime() - (now == null ? clock.epochMillis() : now.getTime()));
    }
  }

  @Override
  void close() {
    threads.shutdown();
    http.dispatcher().cancelAll();
  }

  /** A body that is written from a buffer as often as it is asked for. */
  private static final class BufferBody extends RequestBody {
    private final @Nullable MediaType type;
    private final Buffer buffer;

    BufferBody(@Nullable MediaType type, Buffer buffer) {
      this.type = type;
      this.buffer = buffer;
    }

    @Override
    public @Nullable MediaType contentType() {
      return type;
    }

    @Override
    public long contentLength() {
      return buffer.size();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(buffer.clone(), buffer.size());
    }
  }
}
