/**
 * Reports engagement events to kenbun, without blocking, crashing or losing them. Start at {@link
 * io.kenbun.client.KenbunClient}.
 *
 * <pre>
 * caller's thread           │ worker thread (the only one of our own)      │ OkHttp's threads (as many as in flight)
 * Event.Builder.build()     │                                              │
 *   validates, copies       │                                              │
 * KenbunClient.track()      │                                              │
 *   └─ Intake.offer ────────┼─&gt; EventQueue.next ─&gt; Lane (order per lead)   │
 *      full? OverflowPolicy │     Batch ─────────────────────────── Transport.send ─&gt; POST
 *                           │     Reply &lt;──────────────────────────────────┼──────────┘
 *                           │       DELIVERED → settle    WAIT → pause     │
 *                           │       SPLIT → halve         REFUSED → drop   │
 *                           │       ORG_UNIT_LOST → open  UNAUTHORIZED → keep
 * </pre>
 *
 * <p>Nothing here needs Java or Android beyond Java 8's language and Android API 21's library.
 */
@NullMarked
package io.kenbun.client;

import org.jspecify.annotations.NullMarked;
