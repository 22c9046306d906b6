package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.QueuedEvent;

/** An event that was accepted and could not be scored, and why. */
public record FailedEvent(QueuedEvent queued, String reason) {}
