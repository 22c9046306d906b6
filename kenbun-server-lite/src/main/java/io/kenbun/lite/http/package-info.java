/**
 * The wire: requests in, answers out, and nothing else. What it needs of the rest comes in as
 * {@link io.kenbun.lite.http.HttpServices}.
 *
 * <pre>
 *   I/O thread                                         worker thread             writer, scorer
 *   Gate: Origins ─&gt; Routes ─&gt; Auth ─&gt; ActiveOu
 *     │   Auth, a secret not seen before ─────&gt; slow hash
 *     ├─ POST /ingest: Body ─&gt; IngestReader ─offer──────────────────────────────&gt; Queue
 *     ├─ POST /ingest/batch: Inflow ─&gt; Gunzip ─&gt; Lines ─&gt; IngestReader ─offer───&gt; Queue
 *     │      202, all of one commit in one task  &lt;─────────────────stored────────┘
 *     ├─ POST /lite/drain: Drain  &lt;────────────────────────────────whenScored──── Progress
 *     └─ reads, settings ──────────────────────────&gt; store
 *            answer  &lt;───────────────────────────────┘
 * </pre>
 *
 * <p>This package puts the server together and guards its door; the parts know nothing of it:
 *
 * <pre>
 *   http ──&gt; ingest, leads, triggers, auth, ops ──&gt; configuration ──&gt; call ──&gt; json
 *                each a table of routes                 Resource         Call, Problem
 * </pre>
 *
 * <p>An answer is always sent by the connection's I/O thread; no thread ever waits for an event to
 * become durable or scored. Every error leaves through {@code Problem}; {@code Watch} sees every
 * call.
 */
@NullMarked
package io.kenbun.lite.http;

import org.jspecify.annotations.NullMarked;
