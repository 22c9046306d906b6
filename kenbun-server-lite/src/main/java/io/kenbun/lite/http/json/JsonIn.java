package io.kenbun.lite.http.json;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON text, value by value, strictly: what {@link JsonText} finds, a key that repeats
 * within its object and anything behind the value are refused. One thread; one text.
 *
 * <p>Positions come from how much Moshi's reader has taken out of its buffer. It takes a bracket
 * out when it peeks and nothing beyond it, which {@code JsonInTest} holds it to.
 */
public final class JsonIn {
  /** Reads one value from {@code in}, the whole of it. */
  public interface Parser<T> {
    T parse(JsonIn in) throws IOException;
  }

  /** What kind of value comes next. */
  public enum Kind {
    OBJECT("an object"),
    ARRAY("an array"),
    STRING("a string"),
    NUMBER("a number"),
    BOOLEAN("a boolean"),
    NULL("null");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  private final byte[] text;
  private final Buffer buffer = new Buffer();
  private final JsonReader reader;
  private Names[] open = new Names[4];
  private int depth;

  private JsonIn(byte[] text) {
    this.text = text;
    buffer.write(text);
    reader = JsonReader.of(buffer);
  }

  /** Has {@code parser} read {@code text}, and sees that nothing follows the value it read. */
  public static <T> T read(byte[] text, Parser<T> parser) throws JsonException {
    return read(text, JsonText.MAX_DEPTH, parser);
  }

  /** The same, refusing a text that nests deeper than {@code maxDepth} levels. */
  public static <T> T read(byte[] text, int maxDepth, Parser<T> parser) throws JsonException {
    JsonText.Finding finding = JsonText.check(text, maxDepth);
    if (finding != null) {
      throw fault(text, maxDepth, finding);
    }
    JsonIn in = new JsonIn(text);
    try {
      T value = parser.parse(in);
      if (in.reader.peek() != JsonReader.Token.END_DOCUMENT) {
        throw in.syntax();
      }
      return value;
    } catch (JsonException e) {
      throw e;
    } catch (IOException e) {
      // Moshi's words speak of its own switches; the place is what helps.
      JsonException syntax = in.syntax();
      syntax.initCause(e);
      throw syntax;
    } finally {
      in.buffer.clear(); // Gives the segments back to okio's pool.
    }
  }

  public Kind peek() throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> Kind.OBJECT;
      case BEGIN_ARRAY -> Kind.ARRAY;
      case STRING -> Kind.STRING;
      case NUMBER -> Kind.NUMBER;
      case BOOLEAN -> Kind.BOOLEAN;
      case NULL -> Kind.NULL;
      case NAME, END_ARRAY, END_OBJECT, END_DOCUMENT -> throw syntax();
    };
  }

  public void beginObject() throws IOException {
    reader.beginObject();
    if (depth == open.length) {
      open = Arrays.copyOf(open, 2 * depth);
    }
    Names names = open[depth];
    if (names == null) {
      open[depth] = new Names();
    } else {
      names.clear();
    }
    depth++;
  }

  public void endObject() throws IOException {
    reader.endObject();
    depth--;
  }

  public void beginArray() throws IOException {
    reader.beginArray();
  }

  public void endArray() throws IOException {
    reader.endArray();
  }

  public boolean hasNext() throws IOException {
    return reader.hasNext();
  }

  public String name() throws IOException {
    String name = reader.nextName();
    if (!open[depth - 1].add(name)) {
      throw new JsonException(JsonException.Kind.CONTENT, "key repeated", reader.getPath());
    }
    return name;
  }

  public String string() throws IOException {
    return reader.nextString();
  }

  /** Returns the number that comes next as it is spelled. */
  String number() throws IOException {
    return reader.nextString();
  }

  boolean bool() throws IOException {
    return reader.nextBoolean();
  }

  void skipNull() throws IOException {
    reader.<Object>nextNull();
  }

  /** Passes over the value that comes next, still looking for keys that repeat in it. */
  public void skip() throws IOException {
    switch (peek()) {
      case OBJECT -> {
        beginObject();
        while (hasNext()) {
          name();
          skip();
        }
        endObject();
      }
      case ARRAY -> {
        beginArray();
        while (hasNext()) {
          skip();
        }
        endArray();
      }
      case STRING, NUMBER, BOOLEAN, NULL -> reader.skipValue();
    }
  }

  /**
   * Returns the object or array that {@link #peek} has just seen as bytes of the text, and passes
   * over it.
   */
  public Slice skipSlice() throws IOException {
    int start = position() - 1;
    skip();
    return new Slice(start, position() - start);
  }

  /** Returns where the value before or the name is, such as {@code $.a[2].b}. */
  String path() {
    return reader.getPath();
  }

  /** A stretch of the text, in bytes. */
  public record Slice(int start, int length) {}

  private int position() {
    return text.length - (int) buffer.size();
  }

  private JsonException syntax() {
    return new JsonException(
        JsonException.Kind.SYNTAX,
        text.length == 0 ? "empty" : "not JSON near byte " + position(),
        "$");
  }

  private static JsonException fault(byte[] text, int maxDepth, JsonText.Finding finding) {
    return switch (finding.fault()) {
      case NOT_JSON ->
          new JsonException(JsonException.Kind.SYNTAX, "not JSON near byte " + finding.at(), "$");
      case TOO_DEEP ->
          new JsonException(
              JsonException.Kind.SYNTAX, "nested deeper than " + maxDepth + " levels", "$");
      case NOT_UTF8 ->
          new JsonException(
              JsonException.Kind.SYNTAX,
              "not UTF-8 at byte " + finding.at(),
              pathOf(text, finding.at()));
      case HALF_SURROGATE ->
          new JsonException(
              JsonException.Kind.CONTENT, "half a surrogate pair", pathOf(text, finding.at()));
    };
  }

  /** Returns the path of the value or key that holds the byte at {@code at}: slow, for errors. */
  private static String pathOf(byte[] text, int at) {
    JsonIn in = new JsonIn(text);
    try {
      while (true) {
        String path = in.path();
        switch (in.reader.peek()) {
          case BEGIN_OBJECT -> in.reader.beginObject();
          case END_OBJECT -> in.reader.endObject();
          case BEGIN_ARRAY -> in.reader.beginArray();
          case END_ARRAY -> in.reader.endArray();
          case NAME -> {
            String name = in.reader.nextName();
            path = in.path();
            if (name.isEmpty() && in.position() <= at) {
              continue;
            }
          }
          case STRING, NUMBER, BOOLEAN, NULL -> in.reader.skipValue();
          case END_DOCUMENT -> {
            return "$";
          }
        }
        if (in.position() > at) {
          return path;
        }
      }
    } catch (IOException e) {
      return "$"; // Not JSON even before the fault: then no value is to blame.
    } finally {
      in.buffer.clear();
    }
  }

  /** The keys of one object so far. Few, mostly: looking at each is faster than hashing. */
  private static final class Names {
    private static final int FEW = 12;

    private final String[] few = new String[FEW];
    private int count;
    private @Nullable Set<String> many;

    void clear() {
      count = 0;
      many = null;
    }

    boolean add(String name) {
      if (many != null) {
        return many.add(name);
      }
      for (int i = 0; i < count; i++) {
        if (few[i].equals(name)) {
          return false;
        }
      }
      if (count < FEW) {
        few[count++] = name;
        return true;
      }
      many = new HashSet<>(Arrays.asList(few));
      return many.add(name);
    }
  }
}
