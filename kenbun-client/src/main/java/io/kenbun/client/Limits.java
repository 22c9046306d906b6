package io.kenbun.client;

/** The settings that the worker obeys. */
final class Limits {
  final int maxInFlight;
  final int maxBatchEvents;
  final long maxBatchBytes;
  final long lingerNanos;

  /** How long one event is tried. */
  final long budgetNanos;

  Limits(
      int maxInFlight, int maxBatchEvents, long maxBatchBytes, long lingerNanos, long budgetNanos) {
    this.maxInFlight = maxInFlight;
    this.maxBatchEvents = maxBatchEvents;
    this.maxBatchBytes = maxBatchBytes;
    this.lingerNanos = lingerNanos;
    this.budgetNanos = budgetNanos;
  }
}
