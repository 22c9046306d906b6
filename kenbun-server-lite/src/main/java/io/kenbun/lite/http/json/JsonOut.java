package io.kenbun.lite.http.json;

import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import okio.Buffer;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** Writes one JSON text into memory; null is written as {@code null}. One thread. */
public final class JsonOut {
  private final Buffer buffer = new Buffer();
  private final JsonWriter writer = JsonWriter.of(buffer);

  public JsonOut() {
    writer.setSerializeNulls(true);
  }

  public JsonOut beginObject() {
    return write(writer::beginObject);
  }

  public JsonOut beginObject(String name) {
    return write(() -> writer.name(name).beginObject());
  }

  public JsonOut endObject() {
    return write(writer::endObject);
  }

  public JsonOut beginArray() {
    return write(writer::beginArray);
  }

  public JsonOut beginArray(String name) {
    return write(() -> writer.name(name).beginArray());
  }

  public JsonOut endArray() {
    return write(writer::endArray);
  }

  public JsonOut field(String name, @Nullable String value) {
    return write(() -> writer.name(name).value(value));
  }

  public JsonOut field(String name, long value) {
    return write(() -> writer.name(name).value(value));
  }

  public JsonOut field(String name, boolean value) {
    return write(() -> writer.name(name).value(value));
  }

  /** Writes one element of an array. */
  public JsonOut element(String value) {
    return write(() -> writer.value(value));
  }

  public JsonOut field(String name, @Nullable Number value) {
    return write(() -> writer.name(name).value(value));
  }

  /** Writes {@code millis} since 1970 as RFC 3339 in UTC, or null. */
  public JsonOut timeField(String name, @Nullable Long millis) {
    return field(name, millis == null ? null : Timestamps.format(millis));
  }

  /** Writes {@code json}, which must be one JSON value, as it stands. */
  public JsonOut jsonField(String name, String json) {
    return write(
        () -> {
          writer.name(name);
          try (BufferedSink sink = writer.valueSink()) {
            sink.writeUtf8(json);
          }
        });
  }

  /** Writes a whole value, of what {@link Json#readTree} reads values into. */
  public JsonOut value(@Nullable Object tree) {
    return write(() -> writer.jsonValue(tree));
  }

  public String text() {
    return buffer.readUtf8();
  }

  public byte[] bytes() {
    return buffer.readByteArray();
  }

  private interface Step {
    void run() throws IOException;
  }

  private JsonOut write(Step step) {
    try {
      step.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A buffer in memory does not fail.
    }
  }
}
