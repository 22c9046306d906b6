/**
 * JSON texts in and out, strictly and without reflection; the only place that knows which library
 * does it.
 */
@NullMarked
package io.kenbun.lite.http.json;

import org.jspecify.annotations.NullMarked;
