package io.kenbun.lite.http.ingest;

import io.kenbun.lite.http.call.Body;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.json.JsonIn;
import io.kenbun.lite.http.json.Timestamps;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Append;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one ingest body in one pass and holds it to every rule of {@code lite.md} 2. The body is
 * read to its end first: one that is not JSON is called that, whatever else is wrong with it; else
 * the first fault in the order of the text is told.
 */
final class IngestReader {
  /** Posted by clients too; what the server itself sets for its own is then set for theirs. */
  private static final String DECAY = "DECAY";

  private static final int MAX_ECHO_CHARS = 40;

  /** A line of a batch: an event and its idempotency key. */
  record Line(RawEvent event, String key) {}

  private final byte[] body;
  private final boolean isLine;
  private final long unit;
  private final long nowMillis;

  private @Nullable Problem fault;
  private @Nullable String leadId;
  private @Nullable String aliasKind;
  private @Nullable String alias;
  private final List<Alias> aliases = new ArrayList<>(1);
  private @Nullable String eventType;
  private long timestampMillis;
  private @Nullable String metadata;
  private String key = Append.NO_KEY;

  private IngestReader(byte[] body, boolean isLine, long unit, long nowMillis) {
    this.body = body;
    this.isLine = isLine;
    this.unit = unit;
    this.nowMillis = nowMillis;
    this.timestampMillis = nowMillis;
  }

  /** Returns the event that {@code body} describes, or throws the {@link Problem} with it. */
  static RawEvent read(byte[] body, int maxDepth, long unit, long nowMillis) {
    IngestReader reader = new IngestReader(body, false, unit, nowMillis);
    Body.readObject(body, maxDepth, reader::fields);
    return reader.event();
  }

  /** Returns what {@code line} of a batch describes, or throws the {@link Problem} with it. */
  static Line readLine(byte[] line, int maxDepth, long unit, long nowMillis) {
    IngestReader reader = new IngestReader(line, true, unit, nowMillis);
    Body.readObject(line, maxDepth, reader::fields);
    return new Line(reader.event(), reader.key);
  }

  private void fields(String name, JsonIn in) throws IOException {
    switch (name) {
      case "lead_id" -> leadId = identity(name, string(name, in), RawEvent.MAX_LEAD_ID_LENGTH);
      case "alias_kind" -> aliasKind = kind(name, string(name, in));
      case "alias" -> alias = identity(name, string(name, in), Alias.MAX_LENGTH);
      case "aliases" -> aliases(in);
      case "event_type" -> eventType = eventType(string(name, in));
      case "timestamp" -> timestamp(string(name, in));
      case "metadata" -> metadata(in);
      case "unit_id" -> unitId(in);
      case "idempotency_key" -> key(name, in);
      default -> in.skip(); // An older server must take a newer client.
    }
  }

  private RawEvent event() {
    if (eventType == null) {
      fault(Problem.missingField("event_type"));
    }
    if (aliasKind != null && alias == null) {
      fault(Problem.missingField("alias"));
    } else if (aliasKind == null && alias != null) {
      fault(Problem.missingField("alias_kind"));
    }
    AliasKind kind = aliasKind == null ? null : AliasKind.of(aliasKind);
    if (kind != null && alias != null) {
      // First, and not once more: the plain form and the list may well name the same.
      Alias plain = new Alias(kind, alias);
      aliases.remove(plain);
      aliases.add(0, plain);
    }
    if (aliases.size() > Alias.MAX_PER_EVENT) {
      fault(tooManyAliases(aliases.size()));
    }
    if (leadId == null && aliases.isEmpty()) {
      fault(Problem.missingIdentity());
    }
    if (fault != null || eventType == null) {
      throw fault == null ? Problem.missingField("event_type") : fault;
    }
    if (eventType.equals(DECAY)) {
      metadata = Json.with(metadata == null ? "{}" : metadata, "channel", "system");
    }
    return new RawEvent(unit, leadId, aliases, eventType, timestampMillis, nowMillis, metadata);
  }

  private void aliases(JsonIn in) throws IOException {
    JsonIn.Kind kind = in.peek();
    if (kind != JsonIn.Kind.ARRAY) {
      in.skip();
      if (kind != JsonIn.Kind.NULL) {
        fault(wrongType("aliases", "an array", kind));
      }
      return;
    }
    int count = 0;
    in.beginArray();
    while (in.hasNext()) {
      if (count < Alias.MAX_PER_EVENT) {
        entry("aliases[" + count + "]", in);
      } else {
        in.skip();
      }
      count++;
    }
    in.endArray();
    if (count == 0 || count > Alias.MAX_PER_EVENT) {
      fault(tooManyAliases(count));
    }
  }

  private void entry(String path, JsonIn in) throws IOException {
    JsonIn.Kind jsonKind = in.peek();
    if (jsonKind != JsonIn.Kind.OBJECT) {
      in.skip();
      fault(wrongType(path, "an object", jsonKind));
      return;
    }
    String kindField = path + ".alias_kind";
    String valueField = path + ".raw_value";
    String kind = null;
    String value = null;
    in.beginObject();
    while (in.hasNext()) {
      switch (in.name()) {
        case "alias_kind" -> kind = kind(kindField, string(kindField, in));
        case "raw_value" -> value = identity(valueField, string(valueField, in), Alias.MAX_LENGTH);
        default -> in.skip();
      }
    }
    in.endObject();
    if (kind == null) {
      fault(Problem.missingField(kindField));
    }
    if (value == null) {
      fault(Problem.missingField(valueField));
    }
    AliasKind known = kind == null ? null : AliasKind.of(kind);
    if (known != null && value != null) {
      aliases.add(new Alias(known, value));
    }
  }

  private void metadata(JsonIn in) throws IOException {
    JsonIn.Kind kind = in.peek();
    if (kind == JsonIn.Kind.OBJECT) {
      JsonIn.Slice slice = in.skipSlice();
      if (slice.length() > RawEvent.MAX_METADATA_BYTES) {
        fault(Problem.metadataTooLarge(RawEvent.MAX_METADATA_BYTES, slice.length()));
      } else {
        metadata = new String(body, slice.start(), slice.length(), StandardCharsets.UTF_8);
      }
    } else {
      in.skip();
      if (kind != JsonIn.Kind.NULL) {
        fault(wrongType("metadata", "an object", kind));
      }
    }
  }

  private void unitId(JsonIn in) throws IOException {
    JsonIn.Kind kind = in.peek();
    in.skip();
    if (kind != JsonIn.Kind.NULL) {
      fault(Problem.invalidField("unit_id", "unit_id must not be sent: the active OU decides"));
    }
  }

  /** Only a line has a key in it; of a single event it is a field like any other unknown one. */
  private void key(String name, JsonIn in) throws IOException {
    if (!isLine) {
      in.skip();
      return;
    }
    String sent = string(name, in);
    if (sent != null) {
      Problem wrong = IdempotencyKey.fault(name, sent);
      if (wrong != null) {
        fault(wrong);
      }
      key = sent;
    }
  }

  private @Nullable String eventType(@Nullable String sent) {
    return sent == null
        ? null
        : bounded("event_type", sent.strip(), RawEvent.MAX_EVENT_TYPE_LENGTH);
  }

  private void timestamp(@Nullable String sent) {
    if (sent == null) {
      return;
    }
    long millis = Timestamps.parse(sent);
    if (millis == Timestamps.INVALID) {
      fault(
          Problem.invalidField(
              "timestamp", "timestamp is not RFC 3339 with an offset: " + echo(sent)));
    } else if (millis > nowMillis + RawEvent.MAX_AHEAD_MILLIS) {
      fault(
          Problem.invalidField(
              "timestamp", "timestamp is more than 24 hours ahead: " + echo(sent)));
    } else {
      timestampMillis = millis;
    }
  }

  private @Nullable String kind(String field, @Nullable String sent) {
    if (sent != null && AliasKind.of(sent) == null) {
      fault(Problem.unknownAliasKind(field, sent.substring(0, Math.min(sent.length(), 40))));
    }
    return sent;
  }

  /** Takes a name of a lead as it was sent; one of nothing but white space names nobody. */
  private @Nullable String identity(String field, @Nullable String sent, int max) {
    if (sent == null) {
      return null;
    }
    if (!sent.isEmpty() && sent.isBlank()) {
      fault(Problem.invalidField(field, field + " is blank"));
    }
    return bounded(field, sent, max);
  }

  /** Checks the length in characters as people count them: code points. */
  private String bounded(String field, String text, int max) {
    int length = text.length() <= max ? text.length() : text.codePointCount(0, text.length());
    if (length < 1 || length > max) {
      fault(
          Problem.invalidField(
              field, field + " has less than 1 or more than " + max + " characters: " + length));
    } else if (text.indexOf('\0') >= 0) {
      // SQLite takes it as the end of a text in half of its functions.
      fault(Problem.invalidField(field, field + " holds the character U+0000"));
    }
    return text;
  }

  private @Nullable String string(String field, JsonIn in) throws IOException {
    JsonIn.Kind kind = in.peek();
    if (kind == JsonIn.Kind.STRING) {
      return in.string();
    }
    in.skip();
    if (kind != JsonIn.Kind.NULL) {
      fault(wrongType(field, "a string", kind));
    }
    return null;
  }

  private void fault(Problem problem) {
    if (fault == null) {
      fault = problem;
    }
  }

  private static Problem tooManyAliases(int count) {
    return Problem.invalidField(
        "aliases", "aliases has less than 1 or more than 16 entries: " + count);
  }

  private static Problem wrongType(String field, String wanted, JsonIn.Kind actual) {
    return Problem.invalidField(field, field + " is not " + wanted + ": " + actual);
  }

  private static String echo(String sent) {
    return sent.length() <= MAX_ECHO_CHARS
        ? "\"" + sent + "\""
        : "\"" + sent.substring(0, MAX_ECHO_CHARS) + "…\"";
  }
}
