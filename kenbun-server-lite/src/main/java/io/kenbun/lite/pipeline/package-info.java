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
 *
 * <p>More files than a package should have, for one reason: {@code LeadState} and {@code LeadBook},
 * what a transaction holds of leads, are changed by all that happens in it and by nobody else, so
 * that their members, and {@code Pass} that changes them, stay in the package. Around them stand
 *
 * <pre>
 *   ports      Storage, Queue, Tx, ChangeTx and the values they carry: Append, ScoredEvent, Fired, FailedEvent, …
 *   a pass     Scoring ─&gt; Pass ─&gt; Velocity, EventMetadata, ProfileText, Unsaved, SystemEvents
 *   triggers   Firings, ScoreWatch, WindowWatch; of a lead LeadTriggers, LeadMemories, Recent
 *   changes    LeadChanges, LeadProfiles, Rescores (Rescorer, RescoreCount): what people ask for
 *   time       Upkeep, Sweeper: what time does; Loop, Rounds, Progress: how a thread runs and is waited for
 *   told       PipelineListener counts, Onlooker sees single events
 * </pre>
 */
@NullMarked
package io.kenbun.lite.pipeline;

import org.jspecify.annotations.NullMarked;
