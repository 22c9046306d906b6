package io.kenbun.lite.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {
  private static final Duration FOR_EVER = Duration.ofDays(1);

  @Test
  void aWakeUpEndsTheWait() throws Exception {
    Semaphore steps = new Semaphore(0);
    try (Loop loop = started(steps, () -> Loop.Next.WHEN_WOKEN)) {
      assertTrue(steps.tryAcquire(10, TimeUnit.SECONDS));
      loop.wake();
      assertTrue(steps.tryAcquire(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void noWakeUpIsLostWhileAStepRuns() throws Exception {
    Semaphore steps = new Semaphore(0);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Loop loop =
        started(
            steps,
            () -> {
              inside.countDown();
              return goOn.await(10, TimeUnit.SECONDS) ? Loop.Next.WHEN_WOKEN : Loop.Next.AT_ONCE;
            })) {
      assertTrue(inside.await(10, TimeUnit.SECONDS));
      loop.wake();
      goOn.countDown();
      assertTrue(steps.tryAcquire(2, 10, TimeUnit.SECONDS));
    }
  }

  @Test
  void soonComesByItself() throws Exception {
    Semaphore steps = new Semaphore(0);
    AtomicInteger left = new AtomicInteger(3);
    try (Loop loop =
        started(steps, () -> left.decrementAndGet() > 0 ? Loop.Next.SOON : Loop.Next.WHEN_WOKEN)) {
      assertTrue(steps.tryAcquire(3, 10, TimeUnit.SECONDS));
      assertTrue(loop.isAlive());
    }
  }

  @Test
  void soonIsFourTimesWhatTheStepTookWithinLimits() {
    assertEquals(Duration.ofMillis(20).toNanos(), Loop.soonNanos(0));
    assertEquals(Duration.ofMillis(20).toNanos(), Loop.soonNanos(5_000_000));
    assertEquals(20_000_004, Loop.soonNanos(5_000_001));
    assertEquals(199_999_996, Loop.soonNanos(49_999_999));
    assertEquals(Duration.ofMillis(200).toNanos(), Loop.soonNanos(50_000_000));
    assertEquals(Duration.ofMillis(200).toNanos(), Loop.soonNanos(Duration.ofDays(1).toNanos()));
  }

  @Test
  void aFailureIsTriedAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(2);
    try (Loop loop =
        new Loop(
            "test",
            FOR_EVER,
            () -> {
              done.countDown();
              if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("the first time");
              }
              return Loop.Next.WHEN_WOKEN;
            })) {
      loop.start();
      assertTrue(done.await(10, TimeUnit.SECONDS));
      assertTrue(loop.isAlive());
    }
  }

  @Test
  void closeFinishesWhatThereIsToDo() throws Exception {
    AtomicInteger left = new AtomicInteger(1_000);
    Loop loop =
        new Loop(
            "test",
            FOR_EVER,
            // A loop that was idle already when it is closed looks once more, and finds nothing.
            () ->
                left.updateAndGet(n -> Math.max(0, n - 1)) > 0
                    ? Loop.Next.AT_ONCE
                    : Loop.Next.WHEN_WOKEN);
    loop.start();
    loop.close();
    assertEquals(0, left.get());
    assertFalse(loop.isAlive());
  }

  private static Loop started(Semaphore steps, Loop.Step step) {
    Loop loop =
        new Loop(
            "test",
            FOR_EVER,
            () -> {
              Loop.Next next = step.run();
              steps.release();
              return next;
            });
    loop.start();
    return loop;
  }
}
