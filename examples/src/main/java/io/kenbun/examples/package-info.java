@org.jspecify.annotations.NullMarked
package io.kenbun.examples;
