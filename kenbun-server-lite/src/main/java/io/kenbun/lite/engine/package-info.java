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
 */
@NullMarked
package io.kenbun.lite.engine;

import org.jspecify.annotations.NullMarked;
