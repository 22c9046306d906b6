/** What only this server has for those who run and test it, under {@code /lite/}. */
@NullMarked
package io.kenbun.lite.http.ops;

import org.jspecify.annotations.NullMarked;
