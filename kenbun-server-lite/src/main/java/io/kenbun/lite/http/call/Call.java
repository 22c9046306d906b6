package io.kenbun.lite.http.call;

import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.StorageException;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * One request on its way: who calls, for which unit, and how to answer. Passes from thread to
 * thread but is used by one at a time; whichever answers, the I/O thread sends.
 */
public final class Call {
  private static final Logger log = LoggerFactory.getLogger(Call.class);
  private static final String JSON = "application/json";
  private static final HttpString REQUEST_ID = new HttpString("X-Request-Id");

  private final HttpServerExchange exchange;
  private final HttpLimits limits;
  private final BodyBudget budget;
  private final Watch watch;
  private final long startNanos;
  private final String requestId;
  private boolean kept;
  private Map<String, String> pathValues = Map.of();
  private Credential caller = Credential.ANYONE;
  private boolean known;
  private @Nullable OrgUnit unit;
  private boolean last;
  private long reserved;
  private boolean answered; // I/O thread.
  private boolean bodyHidden;
  private @Nullable StreamSourceChannel body; // I/O thread.
  private XnioExecutor.@Nullable Key deadline; // I/O thread.

  /**
   * Makes the call of a request.
   *
   * @param startNanos when it came in, as {@link io.kenbun.lite.pipeline.Ticks} counts
   */
  public Call(
      HttpServerExchange exchange,
      HttpLimits limits,
      BodyBudget budget,
      Watch watch,
      long startNanos) {
    this.exchange = exchange;
    this.limits = limits;
    this.budget = budget;
    this.watch = watch;
    this.startNanos = startNanos;
    this.requestId = watch.requestId(exchange.getRequestHeaders().get(REQUEST_ID));
  }

  /**
   * Takes memory for {@code bytes} more of the body, until the exchange is over; refuses the call
   * when all bodies together take too much. On the I/O thread.
   */
  public void reserve(int bytes) {
    reserved += bytes;
    budget.take(bytes);
  }

  /** The exchange is over, whichever way. */
  public void over() {
    budget.giveBack(reserved);
    reserved = 0;
    watch.over(this);
  }

  public Watch watch() {
    return watch;
  }

  long startNanos() {
    return startNanos;
  }

  /** Returns what the call is called in its answer and in the log. */
  String requestId() {
    return requestId;
  }

  /** Has the answer say what the call is called. */
  public void showRequestId() {
    header(REQUEST_ID, requestId);
  }

  /** Lets the caller keep what it reads, as long as it asks each time whether it still holds. */
  public void mayBeKept() {
    kept = true;
  }

  /** Ends the connection with the answer. */
  public void last() {
    last = true;
  }

  /** Takes note of what the gate found out, before a handler sees the call. */
  public void passed(
      Map<String, String> newPathValues, Credential newCaller, @Nullable OrgUnit newUnit) {
    pathValues = newPathValues;
    caller = newCaller;
    unit = newUnit;
    known = true;
  }

  /** Says whether the gate has found out who calls. */
  boolean isKnown() {
    return known;
  }

  @Nullable OrgUnit unitOrNull() {
    return unit;
  }

  public Credential caller() {
    return caller;
  }

  /** Returns the active OU; the route must be one that needs it. */
  public OrgUnit unit() {
    if (unit == null) {
      throw new IllegalStateException("route without an active OU");
    }
    return unit;
  }

  /** Returns what stands in the path for {@code {name}} of the route's template. */
  public String pathValue(String name) {
    String value = pathValues.get(name);
    if (value == null) {
      throw new IllegalStateException("no such part of the path: " + name);
    }
    return value;
  }

  public Query query() {
    return new Query(exchange.getQueryString());
  }

  public HeaderMap requestHeaders() {
    return exchange.getRequestHeaders();
  }

  public HttpServerExchange exchange() {
    return exchange;
  }

  public HttpLimits limits() {
    return limits;
  }

  public XnioIoThread ioThread() {
    return exchange.getIoThread();
  }

  /** Returns the channel that the body comes in by; Undertow hands it out only once. */
  public StreamSourceChannel body() {
    StreamSourceChannel channel = body == null ? exchange.getRequestChannel() : body;
    if (channel == null) {
      throw new IllegalStateException("the body is read elsewhere");
    }
    body = channel;
    return channel;
  }

  /**
   * Keeps the connection in the selector while the answer is awaited. Undertow takes it out for the
   * time of a request, by two calls to the kernel whenever the answer comes in a later turn than
   * the request, a twentieth of an event's processor time; should the next request come early, its
   * listener takes the connection out by itself. Only after a body that was read without a listener
   * of ours. On the I/O thread.
   */
  void stayReadable() {
    if (exchange.getConnection() instanceof AbstractServerConnection connection) {
      connection.getOriginalSourceConduit().resumeReads();
    }
  }

  public void header(HttpString name, String value) {
    exchange.getResponseHeaders().put(name, value);
  }

  public void answer(int status, JsonOut json) {
    answer(status, json.bytes());
  }

  /** Answers with {@code json}; from any thread. Only the first answer counts. */
  public void answer(int status, byte[] json) {
    answer(status, JSON, json);
  }

  /** Answers with {@code content} of {@code type}; from any thread. */
  public void answer(int status, String type, byte[] content) {
    if (!isRead()) {
      dispatch(status, type, content);
      return;
    }
    // Here and not where it is sent: a worker has the time to hash and to compress.
    ReadAnswer read = ReadAnswer.of(exchange, kept, status, type, content);
    dispatch(read.status(), type, read.content());
  }

  private boolean isRead() {
    HttpString method = exchange.getRequestMethod();
    return method.equals(Methods.GET) || method.equals(Methods.HEAD);
  }

  private void dispatch(int status, String type, byte[] content) {
    if (exchange.isInIoThread()) {
      send(status, type, content);
      return;
    }
    try {
      ioThread().execute(() -> send(status, type, content));
    } catch (RejectedExecutionException e) {
      log.debug("The server ended before an answer could be sent", e);
    }
  }

  /**
   * Answers with 200 and something of {@code type} that has no end yet; what it is goes into the
   * channel that is returned, and the connection serves nothing after it. On the I/O thread.
   */
  public StreamSinkChannel answerStream(String type) {
    answered = true;
    cancelDeadline();
    exchange.setStatusCode(200);
    header(Headers.CONTENT_TYPE, type);
    exchange.setPersistent(false);
    return exchange.getResponseChannel();
  }

  /**
   * Has {@code gone} run when the caller ends the connection, of which nothing is seen while
   * nothing is written. After {@link #answerStream}, since nothing more is read. On the I/O thread.
   */
  public void onEnd(Runnable gone) {
    if (exchange.getConnection() instanceof AbstractServerConnection connection) {
      ConduitStreamSourceChannel source = connection.getChannel().getSourceChannel();
      ByteBuffer ignored = ByteBuffer.allocate(64);
      source.setReadListener(
          ready -> {
            try {
              if (ready.read(ignored.clear()) < 0) {
                gone.run();
              }
            } catch (IOException e) {
              log.debug("A connection broke", e);
              gone.run();
            }
          });
      source.resumeReads();
    }
  }

  /** Answers 204; from any thread. */
  public void answerNothing() {
    answer(204, new byte[0]);
  }

  /** Something that is done for a call; what it throws becomes the answer. */
  public interface Task {
    void run() throws Exception;
  }

  /** Runs {@code task} on a worker, which may wait for the store. */
  public void onWorker(Task task) {
    try {
      exchange.getConnection().getWorker().execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      throw Problem.shuttingDown();
    }
  }

  /** Runs {@code task} on the call's I/O thread. */
  public void onIoThread(Task task) {
    try {
      ioThread().execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      log.debug("The server ended before a call could go on", e);
    }
  }

  /** The same, so many milliseconds later. */
  public void onIoThreadAfter(int millis, Task task) {
    try {
      ioThread().executeAfter(() -> run(task), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("The server ended before a call could go on", e);
    }
  }

  private void run(Task task) {
    try {
      task.run();
    } catch (Exception e) {
      fail(e);
    }
  }

  /** Has nothing of the body shown when the call is refused. Before the body is read. */
  void hideBody() {
    bodyHidden = true;
  }

  /**
   * Answers with what went wrong; anything but a {@link Problem} is logged and told as internal.
   */
  public void fail(Throwable cause) {
    fail(cause, null);
  }

  /** The same, for a call of which {@code body} was read; it is shown, unless it is hidden. */
  public void fail(Throwable cause, byte @Nullable [] body) {
    Problem problem;
    if (cause instanceof Problem refusal) {
      problem = refusal;
    } else if (cause instanceof StorageException) {
      log.warn("{} could not be answered: storage", exchange.getRequestMethod(), cause);
      problem = Problem.storageUnavailable();
    } else {
      log.error(
          "{} {} failed, request {}",
          exchange.getRequestMethod(),
          exchange.getRequestURI(),
          requestId,
          cause);
      problem = Problem.internal();
    }
    watch.refused(this, problem, bodyHidden ? null : body);
    problem.headers().forEach(this::header);
    answer(problem.status(), problem.body());
  }

  /** Ends the connection without an answer, or with half of one. On the I/O thread. */
  public void abort() {
    answered = true;
    cancelDeadline();
    IoUtils.safeClose(exchange.getConnection());
    exchange.endExchange();
  }

  /** Ends the connection if the call is not over in time. On the I/O thread. */
  public void abortAfter(long millis) {
    cancelDeadline();
    try {
      deadline =
          ioThread()
              .executeAfter(
                  () -> {
                    log.debug("A caller took more than {} ms and was cut off", millis);
                    abort();
                  },
                  millis,
                  TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("The server ended while a caller was waited for", e);
      abort();
    }
  }

  public void cancelDeadline() {
    if (deadline != null) {
      deadline.remove();
      deadline = null;
    }
  }

  private void send(int status, String type, byte[] content) {
    if (answered) {
      return;
    }
    answered = true;
    cancelDeadline();
    exchange.setStatusCode(status);
    if (content.length > 0) {
      header(Headers.CONTENT_TYPE, type);
    }
    if (last) {
      exchange.setPersistent(false);
    }
    exchange.setResponseContentLength(content.length); // Else it would be chunked.
    Sending sending = new Sending();
    exchange.getResponseSender().send(ByteBuffer.wrap(content), sending);
    if (!sending.done) {
      // Undertow's own write time-out counts the silence between two answers as well, and cuts off
      // whoever was quiet for longer than that.
      abortAfter(limits.writeTimeout().toMillis());
    }
  }

  /** Sees an answer on its way, then the rest of a body that nobody has read. */
  private final class Sending implements IoCallback {
    private boolean done;

    @Override
    public void onComplete(HttpServerExchange sent, Sender sender) {
      cancelDeadline();
      done = true;
      if (sent.isRequestComplete()) {
        sent.endExchange();
      } else {
        Body.discard(Call.this);
      }
    }

    @Override
    public void onException(HttpServerExchange sent, Sender sender, IOException e) {
      log.debug("An answer could not be sent", e);
      done = true;
      abort();
    }
  }
}
