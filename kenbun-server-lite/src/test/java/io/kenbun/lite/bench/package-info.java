/**
 * How much ingest the server can take, measured from outside. One command, in CONTRIBUTING.md, runs
 * {@link io.kenbun.lite.bench.IngestBenchmark}; no test runs it.
 *
 * <pre>
 *   IngestBenchmark (this process: the load)  ──sockets──&gt;  a child JVM of 256 MB: SubjectServer, or the server itself
 * </pre>
 */
@NullMarked
package io.kenbun.lite.bench;

import org.jspecify.annotations.NullMarked;
