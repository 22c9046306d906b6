/**
 * What fired and who is told: firings and the memory of triggers, the second outbox with its
 * deliveries, and the channels and preferences that decide where they go. Written in the
 * transaction that fires; read by the webhook threads and the HTTP API.
 */
@NullMarked
package io.kenbun.lite.store.firing;

import org.jspecify.annotations.NullMarked;
