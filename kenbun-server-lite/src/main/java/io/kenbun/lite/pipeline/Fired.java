package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.Firing;

/** A firing to be kept, and whom its trigger tells. */
public record Fired(Firing firing, Destinations destinations) {}
