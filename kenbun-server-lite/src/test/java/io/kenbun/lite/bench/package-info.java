/**
 * How much the server can take, measured from outside: a main class for each question, which {@code
 * kenbun-server-lite/benchmarks} runs, and {@link io.kenbun.lite.bench.Sitting}, which holds what
 * they print against what was promised. No test runs them.
 *
 * <pre>
 *   …Benchmark, Soak (this process: the load)  ──sockets──&gt;  child JVMs: the server, or SubjectServer, a part of it
 * </pre>
 *
 * <p>What they send with, fill stores with and read off the machine is in {@code load}.
 */
@NullMarked
package io.kenbun.lite.bench;

import org.jspecify.annotations.NullMarked;
