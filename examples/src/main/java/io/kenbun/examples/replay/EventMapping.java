package io.kenbun.examples.replay;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.kenbun.client.Alias;
import io.kenbun.client.Event;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes an event of a CSV row, as its settings say. The keys, all but the event type optional:
 *
 * <pre>
 * lead_id                            template, see {@link Template}
 * email, external_id, phone, cookie, social    template for an alias of that kind
 * event_type                         template
 * event_type.forumng                 what to call it where the template gives "forumng"
 * timestamp                          template that gives an RFC 3339 time
 * day, day.group                     or: the row's day as a number, and what to count it in
 * day.start                          template that gives day 0, or a word looked up in
 * day.start.2013B                    the date for that word
 * metadata.clicks                    template; the key is left out where the row is empty
 * numbers                            metadata keys to send as numbers, separated by commas
 * </pre>
 *
 * <p>Columns that are called like a field of the contract's CSV import ({@code lead_id}, {@code
 * event_type}, {@code timestamp}, the alias kinds) map themselves unless a setting says otherwise.
 */
final class EventMapping {
  private static final Map<String, Function<String, Alias>> ALIASES = new LinkedHashMap<>();

  static {
    ALIASES.put("email", Alias::email);
    ALIASES.put("external_id", Alias::externalId);
    ALIASES.put("phone", Alias::phone);
    ALIASES.put("cookie", Alias::cookie);
    ALIASES.put("social", Alias::social);
  }

  private static final String METADATA = "metadata.";
  private static final String RENAME = "event_type.";
  private static final String START = "day.start.";

  private final int columns;
  private final @Nullable Template leadId;
  private final Map<Function<String, Alias>, Template> aliases = new LinkedHashMap<>();
  private final Template eventType;
  private final Map<String, String> eventTypes = new TreeMap<>();
  private final @Nullable Template timestamp;
  private final @Nullable Template day;
  private final @Nullable Template dayGroup;
  private final @Nullable Template dayStart;
  private final Map<String, LocalDate> starts = new TreeMap<>();
  private final Map<String, Template> metadata = new LinkedHashMap<>();
  private final Set<String> numbers;
  private final List<RowFilter> filters;
  private final DayTimes times = new DayTimes();

  /**
   * Reads {@code settings} for rows under {@code header}.
   *
   * @param filters conditions that all have to hold for a row, see {@link RowFilter}
   * @throws IllegalArgumentException if a key is unknown, a column is missing, or nothing names the
   *     event type or the lead
   */
  EventMapping(Map<String, String> settings, List<String> filters, List<String> header) {
    columns = header.size();
    this.filters = filters.stream().map(filter -> new RowFilter(filter, header)).toList();
    Map<String, String> all = new TreeMap<>(settings);
    for (String field : header) {
      boolean dated = field.equals("timestamp") && settings.containsKey("day");
      if (!dated && (ALIASES.containsKey(field) || isField(field))) {
        all.putIfAbsent(field, "{" + field + "}");
      }
    }
    all.forEach((key, value) -> readPrefixed(key, value, header));
    leadId = template(all, "lead_id", header);
    ALIASES.forEach(
        (kind, alias) -> {
          Template value = template(all, kind, header);
          if (value != null) {
            aliases.put(alias, value);
          }
        });
    if (leadId == null && aliases.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing names the lead: map lead_id or one of " + ALIASES.keySet());
    }
    Template type = template(all, "event_type", header);
    if (type == null) {
      throw new IllegalArgumentException("nothing names the event type: map event_type");
    }
    eventType = type;
    timestamp = template(all, "timestamp", header);
    day = template(all, "day", header);
    dayGroup = template(all, "day.group", header);
    dayStart = template(all, "day.start", header);
    if ((day == null) != (dayStart == null)) {
      throw new IllegalArgumentException("day and day.start go together: one is missing");
    }
    if (day != null && timestamp != null) {
      throw new IllegalArgumentException("timestamp and day exclude each other: both are mapped");
    }
    numbers = new TreeSet<>(List.of(all.getOrDefault("numbers", "").trim().split("\\s*,\\s*", -1)));
  }

  private static boolean isField(String key) {
    return Set.of("lead_id", "event_type", "timestamp").contains(key);
  }

  private void readPrefixed(String key, String value, List<String> header) {
    if (key.startsWith(METADATA)) {
      metadata.put(key.substring(METADATA.length()), new Template(key, value, header));
    } else if (key.startsWith(RENAME)) {
      eventTypes.put(key.substring(RENAME.length()), value);
    } else if (key.startsWith(START)) {
      starts.put(key.substring(START.length()), date(key, value));
    } else if (!ALIASES.containsKey(key)
        && !isField(key)
        && !Set.of("day", "day.group", "day.start", "numbers").contains(key)) {
      throw new IllegalArgumentException("unknown key in the mapping: " + key);
    }
  }

  private static @Nullable Template template(
      Map<String, String> settings, String key, List<String> header) {
    String value = settings.get(key);
    return value == null ? null : new Template(key, value, header);
  }

  /**
   * Returns the event that {@code row} stands for, or null if the filters leave it out. Each row is
   * to be given once and in order: of rows that tell only their day, those left out count too, so
   * that a row has the same time whatever is filtered.
   *
   * @throws IllegalArgumentException if the row cannot be one
   */
  @Nullable Event event(CsvRecord row) {
    if (row.getFieldCount() != columns) {
      throw new IllegalArgumentException(
          "fields not " + columns + " as in the header: " + row.getFieldCount());
    }
    Long millis = day == null ? null : dayMillis(row);
    for (RowFilter filter : filters) {
      if (!filter.keeps(row)) {
        return null;
      }
    }
    String type = eventType.fill(row);
    if (type == null) {
      throw new IllegalArgumentException("event_type is empty");
    }
    Event.Builder event = Event.builder(eventTypes.getOrDefault(type, type));
    String lead = leadId == null ? null : leadId.fill(row);
    if (lead != null) {
      event.leadId(lead);
    }
    aliases.forEach(
        (kind, template) -> {
          String value = template.fill(row);
          if (value != null) {
            event.alias(kind.apply(value));
          }
        });
    String time = timestamp == null ? null : timestamp.fill(row);
    if (millis != null) {
      event.timestampMillis(millis);
    } else if (time != null) {
      event.timestamp(time);
    }
    metadata.forEach(
        (key, template) -> {
          String value = template.fill(row);
          if (value != null) {
            event.metadata(key, numbers.contains(key) ? number(key, value) : value);
          }
        });
    return event.build();
  }

  private long dayMillis(CsvRecord row) {
    String start = dayStart == null ? null : dayStart.fill(row);
    String number = day == null ? null : day.fill(row);
    if (start == null || number == null) {
      throw new IllegalArgumentException("day or day.start is empty");
    }
    LocalDate date = starts.get(start);
    if (date == null) {
      date = date("day.start", start);
    }
    String group = dayGroup == null ? null : dayGroup.fill(row);
    return times.next(group == null ? "" : group, (int) whole("day", number), date);
  }

  private static LocalDate date(String key, String value) {
    try {
      return LocalDate.parse(value);
    } catch (DateTimeException notADate) {
      throw new IllegalArgumentException(key + " not a date such as 2013-10-01: " + value);
    }
  }

  private static Number number(String key, String value) {
    try {
      return value.contains(".") ? (Number) Double.valueOf(value) : (Number) Long.valueOf(value);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(key + " not a number: " + value);
    }
  }

  private static long whole(String key, String value) {
    Number number = number(key, value);
    if (number instanceof Long whole && whole == whole.intValue()) {
      return whole;
    }
    throw new IllegalArgumentException(key + " not a whole number: " + value);
  }
}
