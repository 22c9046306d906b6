@NullMarked
package io.kenbun.lite.testkit;

import org.jspecify.annotations.NullMarked;
