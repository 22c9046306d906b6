package io.kenbun.lite.store.leads;

import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.pipeline.LeadBook.AliasKey;
import io.kenbun.lite.pipeline.LeadBook.LeadKey;
import io.kenbun.lite.pipeline.LeadState;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a transaction finds the leads that it is about. */
public interface LeadLookup {
  /** Is told whom the transaction may ask for. */
  void expect(List<QueuedEvent> batch) throws SQLException;

  /** The same, of leads by their keys. */
  void expectKeys(Collection<Long> keys) throws SQLException;

  /** Returns the lead of that id, the one it was merged into if it was, or null. */
  @Nullable LeadState byLeadId(LeadKey leadKey) throws SQLException;

  /** Returns the lead that the alias belongs to, or null. */
  @Nullable LeadState byAlias(AliasKey alias) throws SQLException;

  /** Returns the lead of that key, or null. */
  @Nullable LeadState byKey(long key) throws SQLException;

  /** Forgets whom it knows: a name of theirs means another lead now. */
  void forget();

  /** Returns the key for a new lead. */
  long nextKey();
}
