/**
 * The words of the domain: immutable values, checked when made. Nothing here does I/O, knows JSON
 * or SQL, or imports anything else of ours.
 *
 * <pre>
 *   RawEvent ──queued──&gt; QueuedEvent ──scored──&gt; StoredEvent
 *      │ names a lead by leadId or Alias             │ carries Contribution, one for each Rule that matched
 *      v                                             v
 *    Lead  &lt;──────────────── scores by Ruleset ── RuleSetup (Ruleset, Rule, Condition, Level) of one OrgUnit
 * </pre>
 *
 * <p>One package, though it has many files: they are small values that refer to each other, each
 * named as the API spells it, and whoever imports one needs its neighbours.
 */
@NullMarked
package io.kenbun.lite.model;

import org.jspecify.annotations.NullMarked;
