/**
 * What the command line does besides serving. Each command is told where to print; what it throws
 * becomes a sentence and an exit code in {@code Main}: 2 for an {@link IllegalArgumentException}, 1
 * for anything else.
 *
 * <pre>
 *   import FILE ──HTTP──&gt; a server, anywhere
 *   backup DIR, check ──&gt; the files in --data, beside a server that may be running
 *   secret new NAME ────&gt; the files in --data, while none is
 * </pre>
 */
@NullMarked
package io.kenbun.lite.command;

import org.jspecify.annotations.NullMarked;
