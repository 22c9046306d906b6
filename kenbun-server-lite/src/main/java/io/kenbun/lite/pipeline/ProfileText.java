package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Profile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a lead's profile is kept: a JSON object of its fields, each with when it came.
 *
 * <pre>
 *   {"company_industry":{"value":"Software","at":1770000000000},
 *    "company_employee_count":{"value":250,"at":1770000000000,"literal":true}}
 * </pre>
 *
 * <p>Values are text, as {@link MetadataReader} gives scalars, or arrays and objects of such; a
 * literal is a number or a boolean that stays one.
 */
public final class ProfileText {
  private ProfileText() {}

  static String write(Map<String, Profile.Field> fields) {
    StringBuilder json = new StringBuilder(64).append('{');
    String comma = "";
    for (Map.Entry<String, Profile.Field> field : fields.entrySet()) {
      json.append(comma);
      SystemEvents.text(json, field.getKey());
      json.append(":{\"value\":");
      value(json, field.getValue().value());
      json.append(",\"at\":").append(field.getValue().atMillis());
      json.append(field.getValue().value() instanceof Profile.Literal ? ",\"literal\":true}" : "}");
      comma = ",";
    }
    return json.append('}').toString();
  }

  /** Returns the fields of a text, none of null. */
  public static Map<String, Profile.Field> read(@Nullable String json, MetadataReader reader) {
    Map<String, Profile.Field> fields = new LinkedHashMap<>();
    if (json == null) {
      return fields;
    }
    for (Map.Entry<String, @Nullable Object> entry : reader.read(json).entrySet()) {
      if (entry.getValue() instanceof Map<?, ?> field) {
        Object value = field.get("value");
        if (value != null && field.get("at") instanceof String at) {
          boolean literal = field.containsKey("literal");
          fields.put(
              entry.getKey(),
              new Profile.Field(
                  literal ? new Profile.Literal(value.toString()) : value, Long.parseLong(at)));
        }
      }
    }
    return fields;
  }

  private static void value(StringBuilder json, @Nullable Object value) {
    if (value instanceof Profile.Literal literal) {
      json.append(literal.text());
    } else if (value instanceof List<?> list) {
      String comma = "";
      json.append('[');
      for (Object element : list) {
        json.append(comma);
        value(json, element);
        comma = ",";
      }
      json.append(']');
    } else if (value instanceof Map<?, ?> map) {
      String comma = "";
      json.append('{');
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.append(comma);
        SystemEvents.text(json, String.valueOf(entry.getKey()));
        json.append(':');
        value(json, entry.getValue());
        comma = ",";
      }
      json.append('}');
    } else if (value == null) {
      json.append("null");
    } else {
      SystemEvents.text(json, value.toString());
    }
  }
}
