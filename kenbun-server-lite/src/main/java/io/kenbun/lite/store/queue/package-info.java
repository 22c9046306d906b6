/**
 * Events that are accepted and not scored, and those whose scoring failed: what the queue of either
 * engine is made of. The queues themselves are {@code sqlite.Outbox} and {@code
 * postgres.PostgresOutbox}.
 */
@NullMarked
package io.kenbun.lite.store.queue;

import org.jspecify.annotations.NullMarked;
