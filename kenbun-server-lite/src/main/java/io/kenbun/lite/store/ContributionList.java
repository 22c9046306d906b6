package io.kenbun.lite.store;

import io.kenbun.lite.model.Contribution;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How what an event earned stands in one column of its row; one row an event is what keeps scoring
 * fast.
 *
 * <pre>
 *   list         := contribution (';' contribution)*        1 15 3:10 4:5;2 7 9:7
 *   contribution := ruleset ' ' applied (' ' rule ':' weight)+
 * </pre>
 *
 * Rulesets and rules by their keys; an event that earned nothing has NULL.
 */
final class ContributionList {
  private ContributionList() {}

  static @Nullable String write(List<Contribution> contributions) {
    if (contributions.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder(32);
    for (Contribution contribution : contributions) {
      if (text.length() > 0) {
        text.append(';');
      }
      text.append(contribution.ruleset()).append(' ').append(Math.round(contribution.applied()));
      for (Contribution.Hit hit : contribution.hits()) {
        text.append(' ').append(hit.rule()).append(':').append(hit.weight());
      }
    }
    return text.toString();
  }

  static List<Contribution> read(@Nullable String text) {
    List<Contribution> contributions = new ArrayList<>(2);
    int at = 0;
    while (text != null && at < text.length()) {
      int end = endOf(text, ';', at, text.length());
      int space = endOf(text, ' ', at, end);
      long ruleset = Long.parseLong(text, at, space, 10);
      int next = endOf(text, ' ', space + 1, end);
      long applied = Long.parseLong(text, space + 1, next, 10);
      List<Contribution.Hit> hits = new ArrayList<>(2);
      while (next < end) {
        int colon = text.indexOf(':', next);
        int hitEnd = endOf(text, ' ', colon, end);
        hits.add(
            new Contribution.Hit(
                Long.parseLong(text, next + 1, colon, 10),
                Integer.parseInt(text, colon + 1, hitEnd, 10)));
        next = hitEnd;
      }
      contributions.add(new Contribution(ruleset, applied, hits));
      at = end + 1;
    }
    return contributions;
  }

  private static int endOf(String text, char stop, int from, int limit) {
    int found = text.indexOf(stop, from);
    return found < 0 || found > limit ? limit : found;
  }
}
