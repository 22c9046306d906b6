package io.kenbun.lite.store.row;

import io.kenbun.lite.model.Contribution;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How what an event gave stands in one column of its row; one row an event is what keeps scoring
 * fast.
 *
 * <pre>
 *   list         := contribution (';' contribution)*        1 3:10 4:5;2! 9:-7
 *   contribution := ruleset '!'? (' ' rule ':' weight)+     '!': a change below zero was allowed
 * </pre>
 *
 * Rulesets and rules by their keys, a decay rule's with a minus sign; an event that gave nothing
 * has NULL. Schema 2 had the change after the floor behind the ruleset ({@code 1 15 3:10 4:5}); it
 * is passed over.
 */
public final class ContributionList {
  private ContributionList() {}

  public static @Nullable String write(List<Contribution> contributions) {
    if (contributions.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder(32);
    for (Contribution contribution : contributions) {
      if (text.length() > 0) {
        text.append(';');
      }
      text.append(contribution.ruleset());
      if (contribution.unclipped()) {
        text.append('!');
      }
      for (Contribution.Hit hit : contribution.hits()) {
        text.append(' ').append(hit.rule()).append(':').append(hit.weight());
      }
    }
    return text.toString();
  }

  public static List<Contribution> read(@Nullable String text) {
    List<Contribution> contributions = new ArrayList<>(2);
    int at = 0;
    while (text != null && at < text.length()) {
      int end = endOf(text, ';', at, text.length());
      int next = endOf(text, ' ', at, end);
      boolean unclipped = text.charAt(next - 1) == '!';
      long ruleset = Long.parseLong(text, at, unclipped ? next - 1 : next, 10);
      List<Contribution.Hit> hits = new ArrayList<>(2);
      while (next < end) {
        int hitEnd = endOf(text, ' ', next + 1, end);
        int colon = endOf(text, ':', next, hitEnd);
        if (colon < hitEnd) {
          hits.add(
              new Contribution.Hit(
                  Long.parseLong(text, next + 1, colon, 10),
                  Integer.parseInt(text, colon + 1, hitEnd, 10)));
        }
        next = hitEnd;
      }
      contributions.add(new Contribution(ruleset, hits, unclipped));
      at = end + 1;
    }
    return contributions;
  }

  private static int endOf(String text, char stop, int from, int limit) {
    int found = text.indexOf(stop, from);
    return found < 0 || found > limit ? limit : found;
  }
}
