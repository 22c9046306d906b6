/**
 * Everything in two SQLite files of one directory.
 *
 * <pre>
 *   DIR/ingest.db   outbox: events that wait          one writing thread: Outbox
 *   DIR/kenbun.db   leads, scores, events, rules, …   one writing thread at a time: SqliteStorage, then Reads over
 *                   and the cursor                    query-only connections
 * </pre>
 *
 * <p>Two files, since two threads writing one file wait for each other. They commit apart, and yet
 * an event is scored exactly once: the cursor lives in kenbun.db and moves in the transaction that
 * scores.
 */
@NullMarked
package io.kenbun.lite.store.sqlite;

import org.jspecify.annotations.NullMarked;
