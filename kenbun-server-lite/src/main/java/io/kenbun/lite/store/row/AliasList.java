package io.kenbun.lite.store.row;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import java.util.ArrayList;
import java.util.List;

/**
 * How an event's aliases stand in one column of the outbox.
 *
 * <pre>
 *   list  := alias*                        email:16:user@example.comphone:3:+49
 *   alias := kind ':' length ':' value     length in UTF-16 units, so that a value needs no escapes
 * </pre>
 */
public final class AliasList {
  private AliasList() {}

  public static String write(List<Alias> aliases) {
    StringBuilder text = new StringBuilder(64);
    for (Alias alias : aliases) {
      text.append(alias.kind().wireName()).append(':');
      text.append(alias.value().length()).append(':').append(alias.value());
    }
    return text.toString();
  }

  public static List<Alias> read(String text) {
    List<Alias> aliases = new ArrayList<>(1);
    int at = 0;
    while (at < text.length()) {
      int kindEnd = text.indexOf(':', at);
      int lengthEnd = text.indexOf(':', kindEnd + 1);
      AliasKind kind = kindEnd < 0 ? null : AliasKind.of(text.substring(at, kindEnd));
      if (kind == null || lengthEnd < 0) {
        throw new IllegalStateException("outbox alias list broken at " + at);
      }
      at = lengthEnd + 1 + Integer.parseInt(text, kindEnd + 1, lengthEnd, 10);
      aliases.add(new Alias(kind, text.substring(lengthEnd + 1, at)));
    }
    return aliases;
  }
}
