/** Proves, on a real data set of a million events, what the SDK and the lite server promise. */
@org.jspecify.annotations.NullMarked
package io.kenbun.examples.oulad;
