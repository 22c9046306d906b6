/**
 * The questions of the HTTP API, answered over query-only connections, by what they are about.
 * {@link io.kenbun.lite.store.reads.Reads} is the door. Knows no engine, and writes nothing.
 */
@NullMarked
package io.kenbun.lite.store.reads;

import org.jspecify.annotations.NullMarked;
