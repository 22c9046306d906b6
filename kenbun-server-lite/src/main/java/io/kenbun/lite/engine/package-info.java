/**
 * Scoring as a pure function: (event, score, rules) to what the event does. No clock, no store, no
 * thread, no logger.
 *
 * <pre>
 *   RuleSetup ──compile once──&gt; Engine: rules by event type
 *                                 │ score(type, timestamp, metadata, scores)
 *                                 v
 *                        Matcher: which rules match ──&gt; floor ──&gt; Contribution for each ruleset
 * </pre>
 *
 * <p>The files above a dozen are one rule each of {@code scoring.md} ({@code Decay}, {@code
 * Fading}, {@code Windows}, {@code Thresholds}, …); {@link io.kenbun.lite.engine.Engine} is their
 * door.
 */
@NullMarked
package io.kenbun.lite.engine;

import org.jspecify.annotations.NullMarked;
