package io.kenbun.client;

import java.io.File;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * What a client's builder has been told, with the defaults, and the parts of a client that are made
 * after it. {@link KenbunClient.Builder} checks and explains each.
 */
final class Settings {
  HttpUrl baseUrl = HttpUrl.get("https://api.kenbun.io/");
  @Nullable Credentials credentials;
  @Nullable String orgUnit;
  OverflowPolicy overflowPolicy = OverflowPolicy.DROP_NEWEST;
  long blockNanos = TimeUnit.SECONDS.toNanos(1);
  int maxQueuedEvents = 100_000;
  long maxQueuedBytes = Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 4);
  int maxInFlight = 4;
  int maxBatchEvents = 500;
  long maxBatchBytes = 1 << 20;
  long lingerNanos = TimeUnit.MILLISECONDS.toNanos(250);
  RetryPolicy retryPolicy = RetryPolicy.standard();
  @Nullable DeliveryListener listener;
  @Nullable OkHttpClient httpClient;
  @Nullable Transport transport;
  @Nullable File spool;
  long maxSpoolBytes = 64L << 20;
  SpoolSync spoolSync = SpoolSync.INTERVAL;
  boolean gzip = true;
  boolean shutdownHook = true;
  long shutdownMillis = 900;

  String checkedOrgUnit() {
    if (orgUnit == null) {
      throw new IllegalStateException("orgUnit missing");
    }
    return orgUnit;
  }

  Credentials checkedCredentials() {
    if (credentials == null) {
      throw new IllegalStateException("credentials missing");
    }
    return credentials;
  }

  Limits limits() {
    return new Limits(
        maxInFlight,
        maxBatchEvents,
        maxBatchBytes,
        lingerNanos,
        TimeUnit.MILLISECONDS.toNanos(retryPolicy.budgetMillis()));
  }

  Intake newIntake(Signal signal, Counters counters, Losses losses) {
    return new Intake(
        maxQueuedEvents, maxQueuedBytes, overflowPolicy, blockNanos, signal, counters, losses);
  }

  EventQueue newQueue(Intake intake, KeySequence keys, Counters counters) {
    return spool == null
        ? new MemoryQueue(intake, keys)
        : new DiskQueue(intake, new SpoolFiles(spool), maxSpoolBytes, spoolSync, keys, counters);
  }

  Transport newTransport(Credentials credentials, Clock clock, ThreadFactory threads) {
    return transport != null
        ? transport
        : new HttpTransport(
            HttpDefaults.derive(httpClient),
            baseUrl,
            credentials,
            clock,
            gzip,
            maxInFlight,
            threads);
  }
}
