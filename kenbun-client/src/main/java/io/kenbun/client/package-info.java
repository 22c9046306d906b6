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
 * <p>One package, of many files, since it is the API: two of three classes are package-private, and
 * any package beside it would have to make public what nobody but this one may call. By topic they
 * are: the door ({@code KenbunClient}, {@code Settings}, {@code Event} and its values), the queue
 * ({@code EventQueue}, {@code MemoryQueue}, {@code DiskQueue} over {@code Segments}), the loop
 * ({@code Worker}, {@code Lanes}, {@code Batch}, {@code ReplyPolicy}) and the wire ({@code
 * Transport}, {@code EventCodec}, {@code HttpAnswer}); tests hold what may know what.
 *
 * <p>Nothing here needs Java or Android beyond Java 8's language and Android API 21's library.
 */
@NullMarked
package io.kenbun.client;

import org.jspecify.annotations.NullMarked;
