/**
 * The inspector: the page at {@code /}, and the few reads that only it needs. The page itself is ES
 * modules and CSS beside this package's resources; it calls the API as anybody else does.
 *
 * <pre>
 *   GET / (text/html) ──&gt; index.html ──&gt; /inspector/*.js, *.css ──&gt; /lite/session, the API, /lite/stream
 * </pre>
 */
@NullMarked
package io.kenbun.lite.http.inspector;

import org.jspecify.annotations.NullMarked;
