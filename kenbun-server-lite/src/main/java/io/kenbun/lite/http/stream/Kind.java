package io.kenbun.lite.http.stream;

import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a message is about. */
enum Kind {
  EVENT("event"),
  SCORE("score"),
  TRIGGER("trigger"),
  REJECTED("rejected"),
  /** A request that was refused before its unit was known; not everybody may see it. */
  REJECTED_WITHOUT_UNIT("rejected"),
  DELIVERY("delivery");

  private final String wireName;

  Kind(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }

  /** Reads a list such as {@code event,score}; null stands for all of them. */
  static Set<Kind> parse(@Nullable String list) {
    if (list == null) {
      return EnumSet.allOf(Kind.class);
    }
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (String name : list.split(",", -1)) {
      boolean known = false;
      for (Kind kind : values()) {
        if (kind.wireName.equals(name.trim())) {
          kinds.add(kind);
          known = true;
        }
      }
      if (!known) {
        throw Problem.invalidField(
            "types",
            "types holds none of event, score, trigger, rejected, delivery: \""
                + JsonBody.shortened(name)
                + '"');
      }
    }
    return kinds;
  }
}
