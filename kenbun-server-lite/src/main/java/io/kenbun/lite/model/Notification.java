package io.kenbun.lite.model;

/** A firing, and whom it is told; each destination gets a delivery of its own. */
public record Notification(Firing firing, Destinations destinations) {}
