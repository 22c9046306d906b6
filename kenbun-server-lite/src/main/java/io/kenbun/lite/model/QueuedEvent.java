package io.kenbun.lite.model;

/**
 * An event that is safe on disk and waits to be scored.
 *
 * @param seq its place in the queue, given by the queue, never used twice in the life of a data
 *     directory
 */
public record QueuedEvent(long seq, RawEvent event) {}
