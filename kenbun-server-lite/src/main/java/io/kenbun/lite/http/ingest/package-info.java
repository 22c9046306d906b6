/** Events in: one body or a stream of lines, read into events and handed to the queue. */
@NullMarked
package io.kenbun.lite.http.ingest;

import org.jspecify.annotations.NullMarked;
