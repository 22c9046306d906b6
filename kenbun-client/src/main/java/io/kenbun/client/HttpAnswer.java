package io.kenbun.client;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of kenbun, or of whoever else answers at its address, means.
 *
 * <pre>
 * any error            {"error":"..","code":"..","field":".."}
 * POST /ingest         202 {"message":"event queued"}; the status alone counts
 * POST /ingest/batch   202 {"accepted":98,"rejected":[{"line":3,"status":400,"error":"..",..}]}
 * POST /import         202 {"imported":142,"errors":3}
 * </pre>
 */
final class HttpAnswer {
  /** How much of an answer is read; more is not needed to know what it means. */
  private static final long MAX_BYTES = 1 << 20;

  private HttpAnswer() {}

  /**
   * Reads the answer to a batch.
   *
   * @throws IOException if it breaks off or takes too long
   */
  static Reply read(Batch batch, Response response, long nowMillis) throws IOException {
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
    return Reply.of(
        kind, status, detail, RetryAfter.millis(response.headers(), nowMillis), announces);
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
   * Reads the answer to an import.
   *
   * @throws IOException if it failed, or what answered is not kenbun
   */
  static EventImport.Result readImport(Response response) throws IOException {
    String text = text(response);
    if (!response.isSuccessful()) {
      throw new IOException("import failed: " + response.code() + " " + message(text));
    }
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
    source.request(MAX_BYTES);
    Buffer buffer = source.getBuffer();
    return buffer.readString(Math.min(buffer.size(), MAX_BYTES), StandardCharsets.UTF_8);
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
}
