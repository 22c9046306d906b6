/** One program per use of the SDK and the lite server; start with {@code Quickstart}. */
@org.jspecify.annotations.NullMarked
package io.kenbun.examples;
