/**
 * What benchmarks stand on: the processes that are measured, with stores filled beforehand ({@link
 * io.kenbun.lite.bench.load.Subject}, {@link io.kenbun.lite.bench.load.Nodes}), the load that is
 * put on them, and what they take of the machine meanwhile. Knows no benchmark.
 */
@NullMarked
package io.kenbun.lite.bench.load;

import org.jspecify.annotations.NullMarked;
