/**
 * Events in: one body, a stream of lines or a file, read into events and handed to the queue.
 *
 * <pre>
 *   Ingest  one body ───────────────────────────┐
 *   Batch   Inflow ─&gt; Gunzip ─&gt; Lines ──────────┼─&gt; IngestReader, IdempotencyKey, RateLimit ─offer─&gt; Queue
 *   Import  Upload ─&gt; EventCsv, or lines ───────┘
 * </pre>
 */
@NullMarked
package io.kenbun.lite.http.ingest;

import org.jspecify.annotations.NullMarked;
