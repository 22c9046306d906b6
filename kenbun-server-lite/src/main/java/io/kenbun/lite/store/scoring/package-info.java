/**
 * What happens within one scoring transaction: the ports {@code pipeline.Tx} and {@code
 * pipeline.ChangeTx} over rows. The same for either engine; which leads may be read and changed,
 * and how they are held, {@code leads.LeadLookup} decides.
 */
@NullMarked
package io.kenbun.lite.store.scoring;

import org.jspecify.annotations.NullMarked;
