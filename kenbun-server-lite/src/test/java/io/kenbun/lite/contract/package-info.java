/**
 * What the API's pages state, a class a page and a test a statement, each tagged with where it is
 * from: {@code PRIMARY} (the product's ingest page), {@code N} (newer text), {@code O} (older
 * text), {@code INFERRED}, {@code ours}. That answers have the shapes described is checked besides,
 * on every answer, against the OpenAPI document.
 */
@NullMarked
package io.kenbun.lite.contract;

import org.jspecify.annotations.NullMarked;
