package io.kenbun.lite.model;

import java.util.List;

/**
 * An attribute filter: an event of the type that meets every condition is stored and earns nothing
 * ({@code scoring.md} 11.2).
 *
 * @param key the filter's number inside this server; never sent
 * @param eventType empty: events of every type
 * @param createdBy the {@code client_id} of who made it
 */
public record MetadataFilter(
    long key,
    String id,
    String name,
    String eventType,
    List<Condition> conditions,
    boolean enabled,
    long createdAtMillis,
    long updatedAtMillis,
    String createdBy,
    String updatedBy) {

  public MetadataFilter {
    conditions = List.copyOf(conditions);
  }
}
