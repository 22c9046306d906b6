package io.kenbun.lite.http.configuration;

import io.kenbun.lite.engine.Regex;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on the wire. All surfaces have the same operators; what the condition is on is called
 * {@code field} in rules, {@code key} in attribute filters and {@code profile_field} in profile
 * rules ({@code scoring.md} 4.5).
 */
public final class Conditions {
  /** The most conditions of one rule or filter. Ours. */
  static final int MAX = 50;

  private Conditions() {}

  /** Reads a list of {@code min} to {@link #MAX} conditions, {@code absent} when there is none. */
  public static List<Condition> read(
      JsonBody body, String name, String key, int min, @Nullable List<Condition> absent) {
    if (absent != null && !body.isGiven(name)) {
      return absent;
    }
    List<Condition> conditions = new ArrayList<>();
    for (JsonBody sent : body.objects(name, min, MAX)) {
      conditions.add(readOne(sent, key, null));
    }
    return conditions;
  }

  /** Reads one condition; what is absent is as in {@code known}, null: it must be there. */
  public static Condition readOne(JsonBody body, String key, @Nullable Condition known) {
    String field =
        body.text(key, 1, Condition.MAX_FIELD_LENGTH, known == null ? null : known.field());
    Operator operator =
        known == null || body.isGiven("operator") ? operator(body) : known.operator();
    String value = "";
    if (operator != Operator.IS_EMPTY && operator != Operator.IS_NOT_EMPTY) {
      value =
          known == null || body.isGiven("value")
              ? body.rawText("value", Condition.MAX_VALUE_LENGTH)
              : known.value();
    }
    if (operator == Operator.REGEX) {
      checkRegex(body, value);
    }
    return new Condition(field, operator, value);
  }

  private static Operator operator(JsonBody body) {
    String sent = body.rawText("operator");
    Operator operator = Operator.of(sent);
    if (operator == null) {
      throw body.invalid(
          "operator", "is none of " + Operator.allowed() + ": \"" + JsonBody.shortened(sent) + '"');
    }
    return operator;
  }

  private static void checkRegex(JsonBody body, String value) {
    try {
      Regex.of(value);
    } catch (IllegalArgumentException e) {
      String path = body.path("value");
      throw Problem.invalidField(path, path + ": " + e.getMessage());
    }
  }

  /** Writes a list of conditions. */
  static void write(String name, String key, List<Condition> conditions, JsonOut out) {
    out.beginArray(name);
    for (Condition condition : conditions) {
      out.beginObject();
      writeOne(key, condition, out);
      out.endObject();
    }
    out.endArray();
  }

  /** Writes the fields of one condition into the object that is open. */
  static void writeOne(String key, Condition condition, JsonOut out) {
    out.field(key, condition.field())
        .field("operator", condition.operator().wireName())
        .field("value", condition.value());
  }
}
