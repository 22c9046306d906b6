/**
 * Sends what the second outbox holds.
 *
 * <pre>
 *   store: pending ──due──&gt; Lanes ──free slot──&gt; a sending thread ──&gt; Sender ──POST──&gt; receiver
 *      ^                    (one thread: kenbun-webhooks)                │ answer
 *      └──one transaction for many── Recorder &lt;──outcome── RetrySchedule &lt;┘
 * </pre>
 *
 * <p>At least once: what was sent and not yet written down when the process dies is sent again,
 * with the same {@code webhook-id}.
 */
@NullMarked
package io.kenbun.lite.webhook;

import org.jspecify.annotations.NullMarked;
