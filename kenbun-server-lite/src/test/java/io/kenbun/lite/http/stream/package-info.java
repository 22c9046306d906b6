@NullMarked
package io.kenbun.lite.http.stream;

import org.jspecify.annotations.NullMarked;
