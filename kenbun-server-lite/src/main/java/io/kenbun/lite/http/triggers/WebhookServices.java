package io.kenbun.lite.http.triggers;

import io.kenbun.lite.pipeline.Idle;
import io.kenbun.lite.store.firing.Channels;
import io.kenbun.lite.store.firing.Deliveries;
import io.kenbun.lite.store.firing.NotificationPrefs;
import io.kenbun.lite.webhook.AddressGuard;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP API needs to set up and show who is told of firings.
 *
 * @param guard where webhooks may go
 * @param rounds what {@code /lite/drain} waits for last; null when nothing is sent
 */
public record WebhookServices(
    Channels channels,
    Deliveries deliveries,
    NotificationPrefs prefs,
    AddressGuard guard,
    @Nullable Idle rounds) {}
