/**
 * Everything in one database of PostgreSQL, which any number of nodes share.
 *
 * <pre>
 *   PostgresOutbox ──insert──&gt; outbox ──Partitions──&gt; [ leads locked, scored, cursor moved ]
 *   SharedState: versions of what nodes hold in memory, and who does what one node does for all
 * </pre>
 *
 * <p>A node scores a partition of the queue whose row it has locked, so that what means one lead is
 * scored in its order by one node at a time; leads are locked in the order of their keys, and a
 * transaction that lost to another is done again.
 */
@NullMarked
package io.kenbun.lite.store.postgres;

import org.jspecify.annotations.NullMarked;
