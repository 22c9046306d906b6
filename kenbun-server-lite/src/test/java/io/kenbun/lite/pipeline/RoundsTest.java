package io.kenbun.lite.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final Rounds rounds = new Rounds();
  private final List<String> done = new ArrayList<>();
  private Loop.Next next = Loop.Next.WHEN_WOKEN;

  @Test
  void isDoneWhenAStepThatBeganLaterFindsNothing() throws Exception {
    AtomicInteger wakes = new AtomicInteger();
    rounds.onAsked(wakes::incrementAndGet);
    Loop.Step step = rounds.watch(() -> next);
    rounds.whenIdle(() -> done.add("a"));
    assertEquals(1, wakes.get());
    next = Loop.Next.AT_ONCE;
    step.run();
    assertEquals(List.of(), done);
    next = Loop.Next.WHEN_WOKEN;
    step.run();
    assertEquals(List.of("a"), done);
  }

  @Test
  void whoAsksDuringAStepWaitsForTheNext() throws Exception {
    Loop.Step step =
        rounds.watch(
            () -> {
              if (done.isEmpty()) {
                done.add("asked");
                rounds.whenIdle(() -> done.add("idle"));
              }
              return Loop.Next.WHEN_WOKEN;
            });
    step.run();
    assertEquals(List.of("asked"), done);
    step.run();
    assertEquals(List.of("asked", "idle"), done);
  }

  @Test
  void aWaitCanBeGivenUp() throws Exception {
    Loop.Step step = rounds.watch(() -> next);
    rounds.whenIdle(() -> done.add("a")).run();
    step.run();
    assertEquals(List.of(), done);
  }
}
