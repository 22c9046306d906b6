package io.kenbun.lite.http;

import io.kenbun.lite.http.call.Metrics;
import io.kenbun.lite.http.ops.ResetApi;
import io.kenbun.lite.http.stream.LiveStream;
import io.kenbun.lite.http.triggers.WebhookServices;
import io.kenbun.lite.pipeline.Chaos;
import io.kenbun.lite.pipeline.Idle;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.pipeline.MovableClock;
import io.kenbun.lite.pipeline.Progress;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.store.Accounts;
import io.kenbun.lite.store.Shares;
import io.kenbun.lite.store.Watches;
import io.kenbun.lite.store.configuration.Configuration;
import io.kenbun.lite.store.queue.FailedEvents;
import io.kenbun.lite.store.reads.Reads;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP API stands on.
 *
 * @param upkeep what {@code /lite/drain} waits for besides scoring; null when none is running
 * @param stream the same that store, scoring and upkeep show single events to
 * @param cookieKey signs the {@code activeOu} cookie; the same after a restart, or callers have to
 *     activate their unit again
 * @param metrics the same that the store and scoring tell of their work
 * @param clock what everything that depends on time goes by
 * @param testClock the same where it can be set, else null; rates and delays of logins go by the
 *     real clock behind it, since they are about the load on this computer
 * @param chaos trouble on purpose, null for none
 * @param reset empties a unit; null: nobody may
 * @param canWrite asked by {@code /readyz} on an I/O thread; must not block
 * @param facts asked by {@code /lite/status} on a worker thread
 */
public record HttpServices(
    Queue queue,
    Rules rules,
    Progress progress,
    @Nullable Idle upkeep,
    Reads reads,
    Configuration configuration,
    Accounts accounts,
    FailedEvents failedEvents,
    Shares shares,
    Watches watches,
    LeadChanges leadChanges,
    WebhookServices webhooks,
    LiveStream stream,
    Metrics metrics,
    SecretKey cookieKey,
    InstantSource clock,
    @Nullable MovableClock testClock,
    @Nullable Chaos chaos,
    ResetApi.@Nullable Reset reset,
    BooleanSupplier canWrite,
    Supplier<ServerFacts> facts) {

  InstantSource realClock() {
    return testClock == null ? clock : testClock.real();
  }
}
