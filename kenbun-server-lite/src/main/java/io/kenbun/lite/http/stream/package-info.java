/**
 * {@code GET /lite/stream}: what happens in a unit, while it happens, as server-sent events.
 *
 * <pre>
 *   writer   queued ──┐  admitted?                 ┌─ Listener ─ 25 ms ─&gt; I/O thread writes what its
 *   scoring  scored ──┼─ Allowance ─&gt; JSON ─&gt; Feed ┼─ Listener            connection takes
 *   any      fired ───┤  no: counted               └─ Listener
 *   I/O      rejected ┤                            one ring of a unit's messages, bounded;
 *   worker   delivery ┘                            who falls behind its start is told how many it missed
 * </pre>
 */
@NullMarked
package io.kenbun.lite.http.stream;

import org.jspecify.annotations.NullMarked;
