/**
 * How SQL is spoken to either engine: transactions, read-only connections, statements with their
 * parameters, and the few words that the two say differently. Knows no table but the index of
 * events.
 */
@NullMarked
package io.kenbun.lite.store.sql;

import org.jspecify.annotations.NullMarked;
