package io.kenbun.client;

import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * Sends batches over HTTP; see {@link HttpAnswer} for what comes back.
 *
 * <pre>
 * no event    POST /org-units/active   {"ouId":"unit_default"}           sets the unit's cookie
 * one event   POST /ingest             its body, Idempotency-Key: its key
 * several     POST /ingest/batch       {"idempotency_key":"..",(its body's rest)} and a line feed, each
 * </pre>
 *
 * <p>Requests are calls on a dispatcher of OkHttp's that serves this client alone: a daemon thread
 * for each that is under way, since HTTP/1.1 in OkHttp blocks one, gone after five idle seconds.
 * Never the application's dispatcher, whose threads are no daemons and whose bounds are for its own
 * calls.
 */
final class HttpTransport extends Transport {
  private static final MediaType JSON = MediaType.parse("application/json");
  private static final MediaType LINES = MediaType.parse("application/x-ndjson");

  /** Smaller bodies gain nothing by compression. */
  private static final long GZIP_FROM_BYTES = 1024;

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
    Dispatcher dispatcher = new Dispatcher(threads);
    dispatcher.setMaxRequests(Integer.MAX_VALUE); // The worker bounds them; nothing waits here.
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    OkHttpClient.Builder ours = http.newBuilder().dispatcher(dispatcher);
    ours.interceptors().add(0, new Composer()); // The application's see the request as it goes out.
    ours.networkInterceptors().add(0, new SentAt(clock));
    this.http = ours.build();
  }

  @Override
  void send(Batch batch, Receiver receiver) {
    // A pool would start a thread for each of the first requests although one is idle: it may have
    // as many as were ever needed at once, and batches need one.
    int needed = inFlight.incrementAndGet();
    if (needed > threads.getCorePoolSize() && needed <= threads.getMaximumPoolSize()) {
      threads.setCorePoolSize(needed);
    }
    Answered answered = new Answered(batch, receiver);
    try {
      call(batch).enqueue(answered);
    } catch (OutOfMemoryError e) { // The system gives no more threads; perhaps later.
      answered.with(Reply.noAnswer("no thread for the request: " + e.getMessage()));
    } catch (Throwable e) { // An EventListener of the application's is told before anything else.
      answered.with(Reply.noAnswer("the HTTP client failed: " + e));
    }
  }

  /** Takes a call's answer to whoever waits for it, once. */
  private final class Answered implements Callback {
    private final Batch batch;
    private final Receiver receiver;
    private final AtomicBoolean done = new AtomicBoolean();

    Answered(Batch batch, Receiver receiver) {
      this.batch = batch;
      this.receiver = receiver;
    }

    @Override
    public void onResponse(Call call, Response response) {
      with(read(batch, response));
    }

    @Override
    public void onFailure(Call call, IOException e) {
      with(Reply.noAnswer(describe(e)));
    }

    void with(Reply reply) {
      if (done.compareAndSet(false, true)) {
        inFlight.decrementAndGet();
        receiver.receive(batch, reply);
      }
    }
  }

  private Reply read(Batch batch, Response answer) {
    try (Response response = answer) {
      return HttpAnswer.read(batch, response, clock.epochMillis());
    } catch (IOException e) {
      return Reply.noAnswer(describe(e));
    } catch (Throwable e) { // A stream of the application's, or a bug: neither may end us.
      return Reply.noAnswer("the HTTP client failed: " + e);
    }
  }

  private Reply exchange(Batch batch) {
    try {
      return read(batch, call(batch).execute());
    } catch (IOException e) {
      return Reply.noAnswer(describe(e));
    }
  }

  /** A call for a batch; {@link Composer} makes its request. */
  private Call call(Batch batch) {
    return client(batch.unit)
        .newCall(new Request.Builder().url(url(path(batch))).tag(Batch.class, batch).build());
  }

  /**
   * Makes the request on the thread of its call, where compressing it delays nobody and the
   * application's source of credentials may take its time. Refused credentials are asked for anew
   * and tried once more.
   */
  private final class Composer implements Interceptor {
    @Override
    public Response intercept(Chain chain) throws IOException {
      Batch batch = chain.request().tag(Batch.class);
      try {
        return batch == null ? chain.proceed(chain.request()) : proceed(chain, batch);
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) { // An interceptor of the application's: on Android it would end it.
        throw new IOException("the HTTP client failed: " + e, e);
      }
    }

    private Response proceed(Chain chain, Batch batch) throws IOException {
      String authorization = authorization();
      Response response = chain.proceed(request(batch, authorization));
      if (Reply.kindOf(response.code()) == Reply.Kind.UNAUTHORIZED) {
        credentials.refused(authorization);
        String rotated = authorization();
        if (!rotated.equals(authorization)) {
          response.close();
          return chain.proceed(request(batch, rotated));
        }
      }
      return response;
    }
  }

  /**
   * Tells when each attempt goes out, by the clock that stamps events: a server can tell a wrong
   * clock from events that have waited. A header, so that the body is the same on each attempt.
   */
  private static final class SentAt implements Interceptor {
    private final Clock clock;

    SentAt(Clock clock) {
      this.clock = clock;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
      String now = Timestamps.format(clock.epochMillis());
      return chain.proceed(
          chain.request().newBuilder().header("Kenbun-Client-Sent-At", now).build());
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
    Request.Builder request =
        new Request.Builder().url(url(path(batch))).header("Authorization", authorization);
    if (batch.droppedSoFar > 0) {
      request.header("Kenbun-Client-Dropped", String.valueOf(batch.droppedSoFar));
    }
    if (batch.isActivation()) {
      return request.post(activation(batch.unit)).build();
    }
    if (!batch.lines) {
      QueuedEvent event = batch.events.get(0);
      request.header("Idempotency-Key", event.key);
      return request.post(new BufferBody(JSON, new Buffer().write(event.body))).build();
    }
    Buffer body = lines(batch);
    if (gzip && body.size() >= GZIP_FROM_BYTES) {
      body = compress(body);
      request.header("Content-Encoding", "gzip");
    }
    return request.post(new BufferBody(LINES, body)).build();
  }

  private static String path(Batch batch) {
    if (batch.isActivation()) {
      return "org-units/active";
    }
    return batch.lines ? "ingest/batch" : "ingest";
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
    return new BufferBody(JSON, json);
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
      return HttpAnswer.readImport(response);
    }
  }

  private String authorization() throws IOException {
    try {
      return credentials.authorization();
    } catch (Exception e) {
      throw new IOException("no credentials: " + e.getClass().getName(), e);
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
