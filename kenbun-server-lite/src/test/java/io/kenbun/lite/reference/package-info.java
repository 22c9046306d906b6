/**
 * Scoring once more, plain and slow, written from the contract alone, and random histories that
 * hold the server's scoring against it. Shares no code with the server but the model records.
 *
 * <pre>
 *   Histories (seed) ──steps──&gt; ReferenceWorld ──State──┐
 *                    │                                   ├─ differ? ─&gt; Shrinking ─&gt; the shortest history
 *                    └────────&gt; ServerWorld ────State──┘              that still differs
 * </pre>
 */
@NullMarked
package io.kenbun.lite.reference;

import org.jspecify.annotations.NullMarked;
