package io.kenbun.client;

/**
 * A view of a client that tracks for one organizational unit. Light: all views share the client's
 * queue, threads and connections, and are closed with it. Safe for use by several threads.
 */
public final class OrgUnit {
  private final KenbunClient client;
  private final String id;

  OrgUnit(KenbunClient client, String id) {
    this.client = client;
    this.id = id;
  }

  /** The unit's id, such as {@code unit_default}. */
  public String id() {
    return id;
  }

  /**
   * Tracks an event for this unit, as {@link KenbunClient#track} does for the client's own.
   *
   * @return false if it was refused and counted as dropped
   */
  public boolean track(Event event) {
    return client.track(event, id);
  }

  @Override
  public String toString() {
    return "OrgUnit{" + id + "}";
  }
}
