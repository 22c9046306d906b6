/** The inspector as a browser sees it, and what it asks of the server. */
@NullMarked
package io.kenbun.lite.http.inspector;

import org.jspecify.annotations.NullMarked;
