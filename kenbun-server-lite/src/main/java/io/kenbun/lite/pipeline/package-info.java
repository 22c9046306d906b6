/**
 * The way of an event between the answer 202 and a changed score, and the ports through which a
 * store takes part. This package names no store, no HTTP and no SQL.
 *
 * <pre>
 *   http ──offer──&gt; Queue (durable) ──nudge──&gt; Scoring ──drain──&gt; Storage: claim a batch, one transaction
 *                                                 │                    │
 *                                                 └── apply(batch, Tx) ┘
 *                                                       │ LeadBook: who is meant
 *                                                       │ engine: what it earns
 *                                                       v
 *                                              leads, scores, events, cursor: committed together
 * </pre>
 */
@NullMarked
package io.kenbun.lite.pipeline;

import org.jspecify.annotations.NullMarked;
