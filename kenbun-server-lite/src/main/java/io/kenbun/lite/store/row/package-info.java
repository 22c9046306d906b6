/**
 * How rows are written that many tables have: a row with a key and times of its own ({@link
 * io.kenbun.lite.store.row.KeyedRow}), what was kept under the same name before, rows in the order
 * of an index, and the columns that hold a list as text.
 */
@NullMarked
package io.kenbun.lite.store.row;

import org.jspecify.annotations.NullMarked;
