package io.kenbun.client;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns events into the JSON of {@code POST /ingest} and back. Written by hand over Moshi's
 * streaming classes: no reflection, so nothing for R8 or a native image to be told.
 *
 * <pre>
 * one alias       {"alias_kind":"email","alias":"a@example.com","event_type":..,"timestamp":..,"metadata":{..}}
 * several         {"aliases":[{"alias_kind":"email","raw_value":"a@example.com"},..],"event_type":..
 * a lead id       {"lead_id":"ld_1","event_type":..
 * </pre>
 *
 * <p>The body of an event is made once and is the same on every attempt.
 */
final class EventCodec {
  private EventCodec() {}

  static byte[] encode(Event event) {
    Buffer out = new Buffer();
    try {
      JsonWriter json = JsonWriter.of(out);
      json.setSerializeNulls(true);
      json.beginObject();
      if (event.leadId() != null) {
        json.name("lead_id").value(event.leadId());
      }
      writeAliases(json, event.aliases());
      json.name("event_type").value(event.type());
      json.name("timestamp").value(Timestamps.format(event.timestampMillis()));
      if (event.metadataPairs().length > 0) {
        json.name("metadata");
        writePairs(json, event.metadataPairs());
      }
      json.endObject();
    } catch (IOException e) {
      throw new AssertionError("a buffer in memory failed", e);
    }
    return out.readByteArray();
  }

  private static void writeAliases(JsonWriter json, List<Alias> aliases) throws IOException {
    if (aliases.size() == 1) {
      json.name("alias_kind").value(aliases.get(0).kind());
      json.name("alias").value(aliases.get(0).value());
    } else if (!aliases.isEmpty()) {
      json.name("aliases").beginArray();
      for (Alias alias : aliases) {
        json.beginObject();
        json.name("alias_kind").value(alias.kind());
        json.name("raw_value").value(alias.value());
        json.endObject();
      }
      json.endArray();
    }
  }

  /** How many bytes the metadata takes on the wire. */
  static long metadataBytes(@Nullable Object[] pairs) {
    Buffer out = new Buffer();
    try {
      JsonWriter json = JsonWriter.of(out);
      json.setSerializeNulls(true);
      writePairs(json, pairs);
    } catch (IOException e) {
      throw new AssertionError("a buffer in memory failed", e);
    }
    return out.size();
  }

  private static void writePairs(JsonWriter json, @Nullable Object[] pairs) throws IOException {
    json.beginObject();
    for (int i = 0; i < pairs.length; i += 2) {
      json.name((String) pairs[i]);
      writeValue(json, pairs[i + 1]);
    }
    json.endObject();
  }

  private static void writeValue(JsonWriter json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.nullValue();
    } else if (value instanceof String) {
      json.value((String) value);
    } else if (value instanceof Boolean) {
      json.value((Boolean) value);
    } else if (value instanceof Number) {
      json.value((Number) value);
    } else if (value instanceof Map) {
      json.beginObject();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        json.name((String) entry.getKey());
        writeValue(json, entry.getValue());
      }
      json.endObject();
    } else {
      json.beginArray();
      for (Object element : (List<?>) value) {
        writeValue(json, element);
      }
      json.endArray();
    }
  }

  /**
   * Reads a body that {@link #encode} made, perhaps in an earlier process.
   *
   * @throws IOException if it is no such body
   */
  static Event decode(byte[] body) throws IOException {
    try (JsonReader json = JsonReader.of(new Buffer().write(body))) {
      return read(json);
    } catch (RuntimeException e) {
      throw new IOException("not an event: " + e.getMessage(), e);
    }
  }

  private static Event read(JsonReader json) throws IOException {
    String leadId = null;
    String kind = null;
    String alias = null;
    String type = "";
    String timestamp = null;
    List<Alias> aliases = new ArrayList<>();
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    json.beginObject();
    while (json.hasNext()) {
      switch (json.nextName()) {
        case "lead_id":
          leadId = json.nextString();
          break;
        case "alias_kind":
          kind = json.nextString();
          break;
        case "alias":
          alias = json.nextString();
          break;
        case "aliases":
          readAliases(json, aliases);
          break;
        case "event_type":
          type = json.nextString();
          break;
        case "timestamp":
          timestamp = json.nextString();
          break;
        case "metadata":
          readObject(json, metadata);
          break;
        default:
          json.skipValue();
      }
    }
    json.endObject();
    Event.Builder event = Event.builder(type);
    if (leadId != null) {
      event.leadId(leadId);
    }
    if (kind != null && alias != null) {
      add(aliases, kind, alias);
    }
    for (Alias each : aliases) {
      event.alias(each);
    }
    if (timestamp != null) {
      event.timestamp(timestamp);
    }
    return event.metadata(metadata).build();
  }

  private static void readAliases(JsonReader json, List<Alias> aliases) throws IOException {
    json.beginArray();
    while (json.hasNext()) {
      String kind = "";
      String value = "";
      json.beginObject();
      while (json.hasNext()) {
        switch (json.nextName()) {
          case "alias_kind":
            kind = json.nextString();
            break;
          case "raw_value":
            value = json.nextString();
            break;
          default:
            json.skipValue();
        }
      }
      json.endObject();
      add(aliases, kind, value);
    }
    json.endArray();
  }

  private static void add(List<Alias> aliases, String kind, String value) throws IOException {
    Alias alias = Alias.of(kind, value);
    if (alias == null) {
      throw new IOException("unknown alias kind: " + kind);
    }
    aliases.add(alias);
  }

  private static void readObject(JsonReader json, Map<String, @Nullable Object> into)
      throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      into.put(json.nextName(), readValue(json));
    }
    json.endObject();
  }

  private static @Nullable Object readValue(JsonReader json) throws IOException {
    switch (json.peek()) {
      case BEGIN_OBJECT:
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        readObject(json, map);
        return map;
      case BEGIN_ARRAY:
        List<@Nullable Object> list = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
          list.add(readValue(json));
        }
        json.endArray();
        return list;
      case STRING:
        return json.nextString();
      case NUMBER:
        return readNumber(json.nextString());
      case BOOLEAN:
        return json.nextBoolean();
      default:
        return json.nextNull();
    }
  }

  /** Long where it fits, Double where the JSON had a point, else the exact decimal. */
  private static Number readNumber(String number) {
    try {
      if (number.indexOf('.') < 0 && number.indexOf('e') < 0 && number.indexOf('E') < 0) {
        return Long.valueOf(number);
      }
      double value = Double.parseDouble(number);
      if (String.valueOf(value).equals(number)) {
        return value;
      }
      return new BigDecimal(number);
    } catch (NumberFormatException e) {
      return new BigDecimal(number); // An integer beyond 64 bits.
    }
  }
}
