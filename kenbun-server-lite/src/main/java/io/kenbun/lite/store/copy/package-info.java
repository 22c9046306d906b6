/**
 * Copies of the data, made and looked at without a server: backup, check, and the move to
 * PostgreSQL. The only package that knows both engines.
 */
@NullMarked
package io.kenbun.lite.store.copy;

import org.jspecify.annotations.NullMarked;
