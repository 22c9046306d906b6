package io.kenbun.lite.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RawEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LatelyQueuedTest {
  private final LatelyQueued lately = new LatelyQueued(10);

  @Test
  void givesWhatWasAddedInOrderUpToTheLimit() {
    lately.add(events(11, 12, 14));
    assertEquals(List.of(11L, 12L), seqs(lately.after(10, 2)));
    assertEquals(List.of(12L, 14L), seqs(lately.after(11, 2)));
    assertEquals(List.of(), seqs(lately.after(14, 2)));
    lately.add(events(15));
    assertEquals(List.of(15L), seqs(lately.after(14, 2)));
  }

  @Test
  void givesTheSameAgainToAWorkerThatFailed() {
    lately.add(events(11, 12));
    assertEquals(List.of(11L, 12L), seqs(lately.after(10, 9)));
    assertEquals(List.of(11L, 12L), seqs(lately.after(10, 9)));
  }

  @Test
  void knowsNothingOfWhatWasThereBeforeIt() {
    lately.add(events(11));
    assertNull(lately.after(9, 9));
    assertEquals(List.of(11L), seqs(lately.after(10, 9)));
  }

  @Test
  void knowsNothingAnyMoreOfWhatItForgot() {
    lately.add(events(11, 12));
    lately.after(11, 9);
    assertNull(lately.after(10, 9));
  }

  @Test
  void leavesAllToTheDiskOnceTooManyWait() {
    long[] most = new long[LatelyQueued.MAX_EVENTS];
    for (int i = 0; i < most.length; i++) {
      most[i] = 11L + i;
    }
    lately.add(events(most));
    assertEquals(most.length, seqs(lately.after(10, most.length + 1)).size());
    long last = most[most.length - 1];
    lately.add(events(last + 1));
    assertNull(lately.after(10, 9));
    assertNull(lately.after(last, 9));
    lately.add(events(last + 2));
    assertEquals(List.of(last + 2), seqs(lately.after(last + 1, 9)));
  }

  @Test
  void leavesAllToTheDiskOnceTooMuchTextWaits() {
    String half = "x".repeat(LatelyQueued.MAX_CHARS / 2);
    lately.add(List.of(event(11, half), event(12, half)));
    assertEquals(List.of(11L, 12L), seqs(lately.after(10, 9)));
    lately.add(List.of(event(13, "x")));
    assertNull(lately.after(10, 9));
    lately.add(List.of(event(14, half), event(15, half)));
    assertEquals(List.of(15L), seqs(lately.after(14, 9)));
    lately.add(List.of(event(16, half)));
    assertEquals(List.of(15L, 16L), seqs(lately.after(14, 9)));
  }

  private static List<QueuedEvent> events(long... seqs) {
    List<QueuedEvent> events = new ArrayList<>();
    for (long seq : seqs) {
      events.add(event(seq, null));
    }
    return events;
  }

  private static QueuedEvent event(long seq, @Nullable String metadata) {
    return new QueuedEvent(
        seq, new RawEvent(1, "ld_1", List.of(), "Page View", 0, 0, metadata, false));
  }

  private static List<Long> seqs(@Nullable List<QueuedEvent> events) {
    return events == null ? List.of(-1L) : events.stream().map(QueuedEvent::seq).toList();
  }
}
