/**
 * The API told to programs and people: {@code GET /openapi.json} and {@code GET /docs}.
 *
 * <pre>
 *   routing table ──┐
 *                   ├─ Document ──&gt; /openapi.json ──&gt; Swagger UI at /docs
 *   one part a tag ─┘
 * </pre>
 */
@NullMarked
package io.kenbun.lite.http.openapi;

import org.jspecify.annotations.NullMarked;
