/**
 * Events in: one body, a stream of lines or a file, read into events and handed to the queue.
 *
 * <pre>
 *   Ingest  one body ───────────────────────────┐
 *   Batch   Inflow ─&gt; Gunzip ─&gt; Lines ──────────┼─&gt; IngestReader, IdempotencyKey, RateLimit ─offer─&gt; Queue
 *   Import  Upload ─&gt; EventCsv, or lines ───────┘
 * </pre>
 *
 * <p>Fourteen files, one of them for each box and its limits: the three calls share all that stands
 * right of their own box, which is why they are one package.
 */
@NullMarked
package io.kenbun.lite.http.ingest;

import org.jspecify.annotations.NullMarked;
