package io.kenbun.lite.store.copy;

/**
 * What the files of a data directory hold, over all units.
 *
 * @param leads those included that were merged into others
 * @param events that are scored
 * @param waiting acknowledged and not scored yet
 * @param failed acknowledged and set aside
 */
public record DataCounts(long leads, long events, long waiting, long failed) {
  @Override
  public String toString() {
    return leads + " leads, " + events + " events, " + waiting + " waiting, " + failed + " failed";
  }
}
