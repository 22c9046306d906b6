package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.RawEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is meant by the events of one batch: what the store knew before it, and what the events
 * before this one added. The rules of identity are here and nowhere else ({@code lite.md} 2):
 *
 * <ul>
 *   <li>a {@code lead_id} names its lead, known or not; the event's aliases become that lead's,
 *   <li>without one, the first alias that belongs to a lead decides, and the others become that
 *       lead's,
 *   <li>an alias that belongs to another lead stays there,
 *   <li>nobody known: a lead is made.
 * </ul>
 *
 * <p>Used by the scoring thread alone, for one transaction.
 */
public final class LeadBook {
  private static final AtomicLong STAMPS = new AtomicLong();

  private final Supplier<String> newLeadIds;
  private final LongSupplier newLeadKeys;
  private final Map<LeadKey, LeadState> byLeadId = new HashMap<>();
  private final Map<AliasKey, LeadState> byAlias = new HashMap<>();
  private final List<NewAlias> newAliases = new ArrayList<>();
  private final long stamp = STAMPS.incrementAndGet();
  private final List<LeadState> changed = new ArrayList<>();
  private final List<LeadState> refreshed = new ArrayList<>();
  private final Map<Long, LeadState> byKey = new HashMap<>();

  /**
   * Makes an empty book, for the store to fill.
   *
   * @param newLeadIds makes the id of a lead that came without one
   * @param newLeadKeys makes the number under which the store will write a new lead
   */
  public LeadBook(Supplier<String> newLeadIds, LongSupplier newLeadKeys) {
    this.newLeadIds = newLeadIds;
    this.newLeadKeys = newLeadKeys;
  }

  /** Says whether the lead of that id was entered. */
  public boolean knows(LeadKey leadId) {
    return byLeadId.containsKey(leadId);
  }

  /** Says whether whose the alias is was entered. */
  public boolean knows(AliasKey alias) {
    return byAlias.containsKey(alias);
  }

  /** Enters a lead by its id. */
  void enter(LeadState lead) {
    byLeadId.put(new LeadKey(lead.unit(), lead.leadId()), lead);
  }

  /** Enters a lead that the store knows by its key. */
  public void enterByKey(LeadState lead) {
    byKey.put(lead.key(), lead);
  }

  /**
   * Enters a lead by its key, if that was not done before, and returns the one that is entered: all
   * names of a lead must mean one and the same object, else what one changes the other undoes.
   */
  public LeadState enterOnce(LeadState lead) {
    LeadState entered = byKey.putIfAbsent(lead.key(), lead);
    return entered == null ? lead : entered;
  }

  /** Returns the lead of that key, null when none was entered. */
  @Nullable LeadState byKey(long key) {
    return byKey.get(key);
  }

  /** Has the scores of a lead that has not changed written as they are now. */
  void refresh(LeadState lead) {
    refreshed.add(lead);
  }

  /** Returns the leads whose scores are to be written as they are now, changed or not. */
  public List<LeadState> refreshed() {
    return refreshed;
  }

  /** Enters an alias that the store knows, and whose it is. */
  public void enter(AliasKey alias, LeadState lead) {
    byAlias.put(alias, lead);
  }

  /** Returns the lead that {@code event} means, or null when there is none yet. */
  public @Nullable LeadState find(RawEvent event) {
    if (event.leadId() != null) {
      return byLeadId.get(new LeadKey(event.unit(), event.leadId()));
    }
    for (Alias alias : event.aliases()) {
      LeadState lead = byAlias.get(AliasKey.of(event.unit(), alias));
      if (lead != null) {
        return lead;
      }
    }
    return null;
  }

  /**
   * Returns the lead that {@code event} means, made if need be, with the event's free aliases
   * attached.
   */
  LeadState findOrCreate(RawEvent event) {
    LeadState lead = find(event);
    if (lead == null) {
      String leadId = event.leadId() == null ? newLeadIds.get() : event.leadId();
      lead = new LeadState(newLeadKeys.getAsLong(), event.unit(), leadId, event.receivedAtMillis());
      enter(lead);
    }
    boolean foundByOnlyAlias =
        event.leadId() == null && event.aliases().size() == 1 && !lead.isNew();
    if (!foundByOnlyAlias) {
      attach(event, lead);
    }
    change(lead);
    return lead;
  }

  private void attach(RawEvent event, LeadState lead) {
    for (Alias alias : event.aliases()) {
      AliasKey key = AliasKey.of(event.unit(), alias);
      if (byAlias.putIfAbsent(key, lead) == null) {
        newAliases.add(new NewAlias(key, alias.value(), lead, event.receivedAtMillis()));
      }
    }
  }

  /** Has a lead written. */
  void change(LeadState lead) {
    if (lead.touch(stamp)) {
      changed.add(lead);
    }
  }

  /**
   * Enters whom the store knows by an id: the lead of that id, or the one that it was merged into.
   */
  public void enter(LeadKey leadId, LeadState lead) {
    byLeadId.put(leadId, lead);
  }

  /** Returns the leads to be written, new ones among them, in the order they were first touched. */
  public List<LeadState> changed() {
    return changed;
  }

  /** Returns the aliases to be written, in the order they were first seen. */
  public List<NewAlias> newAliases() {
    return newAliases;
  }

  /** A lead's id within its unit. */
  public record LeadKey(long unit, String leadId) {}

  /** An alias within its unit, by what two spellings of it have in common. */
  public record AliasKey(long unit, AliasKind kind, String key) {
    public static AliasKey of(long unit, Alias alias) {
      return new AliasKey(unit, alias.kind(), alias.key());
    }
  }

  /**
   * An alias that a lead has from now on.
   *
   * @param value the spelling that was seen first
   */
  public record NewAlias(AliasKey key, String value, LeadState lead, long createdAtMillis) {}
}
