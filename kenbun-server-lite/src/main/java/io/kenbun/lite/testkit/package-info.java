/**
 * A server inside a test, and assertions about what came of what the test sent.
 *
 * <pre>
 *   KenbunLiteExtension ──starts, empties, stops──&gt; KenbunLiteKit ──HTTP──&gt; KenbunLite, in memory
 *     of JUnit Jupiter                                │ client()   what the application sends with
 *                                                     │ clock()    the time that scores go by
 *                                                     └ leads(), received(), fired(), delivered()
 *                                                         wait until all is scored, then assert; what
 *                                                         fails tells the lead's whole Story
 * </pre>
 *
 * <p>Needs {@code kenbun-client}, and {@link io.kenbun.lite.testkit.KenbunLiteExtension} also JUnit
 * Jupiter: the module has both as optional dependencies, and the runnable jar has neither.
 */
@NullMarked
package io.kenbun.lite.testkit;

import org.jspecify.annotations.NullMarked;
