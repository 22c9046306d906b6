package io.kenbun.lite.http;

import io.kenbun.lite.pipeline.Progress;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.store.Accounts;
import io.kenbun.lite.store.Configuration;
import io.kenbun.lite.store.FailedEvents;
import io.kenbun.lite.store.Reads;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.crypto.SecretKey;

/**
 * What the HTTP API stands on.
 *
 * @param cookieKey signs the {@code activeOu} cookie; the same after a restart, or callers have to
 *     activate their unit again
 * @param metrics the same that the store and scoring tell of their work
 * @param canWrite asked by {@code /readyz} on an I/O thread; must not block
 * @param facts asked by {@code /lite/status} on a worker thread
 */
public record HttpServices(
    Queue queue,
    Rules rules,
    Progress progress,
    Reads reads,
    Configuration configuration,
    Accounts accounts,
    FailedEvents failedEvents,
    Metrics metrics,
    SecretKey cookieKey,
    InstantSource clock,
    BooleanSupplier canWrite,
    Supplier<ServerFacts> facts) {}
