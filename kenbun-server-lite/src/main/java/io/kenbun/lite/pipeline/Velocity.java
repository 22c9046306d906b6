package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Suppression;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.RawEvent;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many events came before one: what velocity filters ask, from memory where that knows, else
 * from the store. For one transaction.
 */
final class Velocity {
  private final Tx tx;
  private final Flush flush;

  /** Makes the store know all events of a lead, or of those that have none. */
  interface Flush {
    void eventsOf(@Nullable LeadState lead) throws StorageException;
  }

  Velocity(Tx tx, Flush flush) {
    this.tx = tx;
    this.flush = flush;
  }

  /** Says why an event is suppressed, null when it is not. */
  Suppression.@Nullable Verdict verdict(
      Suppression suppression,
      RawEvent event,
      @Nullable LeadState lead,
      Supplier<Map<String, @Nullable Object>> metadata) {
    return suppression.verdict(
        event.eventType(),
        event.timestampMillis(),
        metadata,
        (after, until, enough) -> {
          try {
            return lead == null
                ? countWithoutLead(event, after, until, enough)
                : count(suppression, lead, event, after, until, enough);
          } catch (StorageException e) {
            throw new UncheckedStorageException(e);
          }
        });
  }

  private int count(
      Suppression suppression,
      LeadState lead,
      RawEvent event,
      long afterMillis,
      long untilMillis,
      int enough)
      throws StorageException {
    Recent recent = recent(suppression, lead, event);
    int count = recent.count(afterMillis, untilMillis);
    if (count >= enough || recent.knownAfterMillis() <= afterMillis) {
      return count;
    }
    flush.eventsOf(lead);
    return count
        + tx.count(
            lead,
            event.eventType(),
            afterMillis,
            Math.min(untilMillis, recent.knownAfterMillis()),
            enough - count);
  }

  private Recent recent(Suppression suppression, LeadState lead, RawEvent event)
      throws StorageException {
    Recent recent = lead.recents().get(event.eventType());
    if (recent == null) {
      if (lead.isNew()) {
        recent = new Recent(new long[0], Long.MIN_VALUE);
      } else {
        flush.eventsOf(lead);
        long after = event.timestampMillis() - suppression.windowMillis(event.eventType());
        int depth = suppression.depth(event.eventType());
        long[] newest = tx.recent(lead, event.eventType(), after, depth + 1);
        boolean all = newest.length <= depth;
        recent = new Recent(newest, all ? after : newest[newest.length - 1]);
      }
      lead.recents().put(event.eventType(), recent);
    }
    return recent;
  }

  private int countWithoutLead(RawEvent event, long after, long until, int enough)
      throws StorageException {
    flush.eventsOf(null);
    return tx.countWithoutLead(
        event.unit(), nameOf(event), event.eventType(), after, until, enough);
  }

  /** Enters an event among those that velocity filters count. */
  void count(Suppression suppression, LeadState lead, RawEvent event) throws StorageException {
    if (suppression.counts(event.eventType())) {
      recent(suppression, lead, event)
          .add(
              event.timestampMillis(),
              suppression.depth(event.eventType()),
              suppression.windowMillis(event.eventType()));
    } else if (!lead.recents().isEmpty()) {
      lead.recents().remove(event.eventType());
    }
  }

  /** Returns what an event without a lead is known by: the name that would have decided. */
  static String nameOf(RawEvent event) {
    if (event.leadId() != null) {
      return "lead_id:" + event.leadId();
    }
    Alias alias = event.aliases().get(0);
    return alias.kind().wireName() + ':' + alias.key();
  }
}
