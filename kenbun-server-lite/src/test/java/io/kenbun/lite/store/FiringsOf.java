package io.kenbun.lite.store;

import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Sql;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has fired in a scene, as short lines; and triggers to fire. */
public final class FiringsOf {
  private FiringsOf() {}

  /** Returns the firings of a type, oldest first. */
  public static List<Firing> type(Scene scene, NotificationType type) throws StorageException {
    List<Firing> firings =
        new ArrayList<>(
            scene.storage.reads().firings().page(scene.unit.key(), type, null, 1, 10_000).items());
    Collections.reverse(firings);
    return firings;
  }

  /**
   * Returns the milestones' firings, "+50" for one entered and "-50" for one left, oldest first.
   */
  public static List<String> milestones(Scene scene) throws StorageException {
    List<Firing> firings = new ArrayList<>(type(scene, NotificationType.MILESTONE_ENTERED));
    firings.addAll(type(scene, NotificationType.MILESTONE_EXITED));
    List<String> ids =
        scene.ask(c -> new Sql("SELECT id FROM firing ORDER BY key").list(c, r -> r.getString(1)));
    firings.sort((a, b) -> Integer.compare(ids.indexOf(a.id()), ids.indexOf(b.id())));
    return firings.stream()
        .map(f -> (f.type() == NotificationType.MILESTONE_ENTERED ? "+" : "-") + f.scoreThreshold())
        .toList();
  }

  public static Milestone milestone(int threshold) {
    return milestone(threshold, FireMode.ONCE, 0, null, true);
  }

  public static Milestone milestone(
      int threshold,
      FireMode mode,
      long cooldownSeconds,
      @Nullable String eventType,
      boolean notifyOnExit) {
    return new Milestone(
        threshold,
        "m" + threshold,
        "M" + threshold,
        threshold,
        eventType,
        mode,
        cooldownSeconds,
        null,
        null,
        null,
        null,
        notifyOnExit,
        true,
        Destinations.NONE,
        0,
        0,
        0);
  }

  public static Sequence sequence(long key, long windowSeconds, boolean ordered, String... types) {
    return new Sequence(
        key,
        "s" + key,
        "S" + key,
        List.of(types),
        windowSeconds,
        null,
        ordered,
        true,
        Destinations.NONE,
        0,
        0);
  }

  public static Surge surge(
      long key, @Nullable String eventType, int threshold, long windowSeconds) {
    return new Surge(
        key,
        "u" + key,
        "U" + key,
        eventType,
        threshold,
        windowSeconds,
        true,
        Destinations.NONE,
        0,
        0);
  }
}
