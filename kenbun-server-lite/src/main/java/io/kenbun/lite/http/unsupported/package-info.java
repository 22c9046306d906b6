/**
 * Calls that the real service has and this server does not: known, so that they say so instead of
 * looking like a mistake in the path.
 */
@NullMarked
package io.kenbun.lite.http.unsupported;

import org.jspecify.annotations.NullMarked;
