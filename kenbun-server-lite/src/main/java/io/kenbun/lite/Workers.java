package io.kenbun.lite;

import io.kenbun.lite.http.call.Metrics;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.stream.LiveStream;
import io.kenbun.lite.pipeline.Duty;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.pipeline.Loop;
import io.kenbun.lite.pipeline.MovableClock;
import io.kenbun.lite.pipeline.Progress;
import io.kenbun.lite.pipeline.Rounds;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.pipeline.Sweeper;
import io.kenbun.lite.pipeline.Upkeep;
import io.kenbun.lite.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The threads that work on leads: one, or with PostgreSQL some, score what is queued, one does what
 * time asks for, one removes what is too old. What people do to leads comes in between, on threads
 * of theirs.
 */
final class Workers implements AutoCloseable {
  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);

  private final Progress scored;
  private final List<Loop> scoringLoops = new ArrayList<>();
  private final Upkeep upkeep;
  private final Rounds upkeepRounds = new Rounds();
  private final Loop upkeepLoop;
  private final @Nullable Loop sweeperLoop;
  private final LeadChanges leadChanges;

  /**
   * Makes them, not started.
   *
   * @param metrics told of all they do
   * @param stream shown single events and firings
   * @param retainEvents null: for ever
   */
  Workers(
      Store storage,
      Rules rules,
      InstantSource clock,
      Metrics metrics,
      LiveStream stream,
      @Nullable Duration retainEvents) {
    scored = new Progress(storage.cursor());
    for (int i = 0; i < storage.scoringThreads(); i++) {
      Scoring scoring = new Scoring(storage, rules, Json::readMetadata, scored);
      scoring.listen(metrics);
      scoring.show(stream);
      String name = i == 0 ? "kenbun-scoring" : "kenbun-scoring-" + (i + 1);
      scoringLoops.add(new Loop(name, Duration.ofSeconds(1), scoring::scoreNext));
    }
    storage.onStored(() -> scoringLoops.forEach(Loop::wake));
    upkeep = new Upkeep(storage, rules, Json::readMetadata, clock);
    upkeep.listen(metrics);
    upkeep.show(stream);
    upkeepLoop =
        new Loop(
            "kenbun-upkeep",
            BETWEEN_SWEEPS,
            upkeepRounds.watch(onDuty(storage, Duty.UPKEEP, upkeep::next)));
    upkeepRounds.onAsked(upkeepLoop::wake);
    leadChanges = new LeadChanges(storage, rules, Json::readMetadata);
    leadChanges.onUpkeepWanted(upkeepLoop::wake);
    leadChanges.listen(metrics, stream);
    sweeperLoop = retainEvents == null ? null : sweeper(storage, clock, retainEvents);
  }

  private static Loop sweeper(Store storage, InstantSource clock, Duration retainEvents) {
    Sweeper sweeper = new Sweeper(storage, clock, retainEvents);
    return new Loop(
        "kenbun-sweeper", BETWEEN_SWEEPS, onDuty(storage, Duty.SWEEPING, sweeper::removeNext));
  }

  /** Returns {@code step}, for the one node that does it for all. */
  private static Loop.Step onDuty(Store storage, Duty duty, Loop.Step step) {
    return () -> storage.isOnDuty(duty) ? step.run() : Loop.Next.WHEN_WOKEN;
  }

  /** Returns how far scoring has come. */
  Progress scored() {
    return scored;
  }

  Rounds upkeepRounds() {
    return upkeepRounds;
  }

  LeadChanges leadChanges() {
    return leadChanges;
  }

  /** Has all of them look again whenever the clock is moved. */
  void follow(MovableClock clock) {
    scoringLoops.forEach(loop -> clock.onMove(loop::wake));
    clock.onMove(upkeepLoop::wake);
    if (sweeperLoop != null) {
      clock.onMove(sweeperLoop::wake);
    }
  }

  /** Starts what needs nobody to have called yet. */
  void startScoring() {
    scoringLoops.forEach(Loop::start);
    if (sweeperLoop != null) {
      sweeperLoop.start();
    }
  }

  void startUpkeep() {
    upkeepLoop.start();
  }

  /** Ends them, started or not: what is queued and being scored is finished, the rest waits. */
  @Override
  public void close() {
    if (sweeperLoop != null) {
      sweeperLoop.close();
    }
    upkeep.stop();
    upkeepLoop.close();
    scoringLoops.forEach(Loop::close);
  }
}
