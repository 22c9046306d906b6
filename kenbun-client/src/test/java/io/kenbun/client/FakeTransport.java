package io.kenbun.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Keeps what is sent until the test answers. */
final class FakeTransport extends Transport {
  private final Deque<Batch> pending = new ArrayDeque<>();
  private Receiver receiver;

  /** Everything that was sent, in order, activations included. */
  final List<Batch> sent = new ArrayList<>();

  boolean closed;

  @Override
  void send(Batch batch, Receiver to) {
    receiver = to;
    sent.add(batch);
    pending.add(batch);
  }

  int pending() {
    return pending.size();
  }

  /** Answers the oldest request that waits for one. */
  Batch answer(Reply reply) {
    Batch batch = pending.remove();
    receiver.receive(batch, reply);
    return batch;
  }

  Batch accept() {
    return answer(Reply.delivered(202, false, List.of()));
  }

  Batch acceptAnnouncingBatches() {
    return answer(Reply.delivered(202, true, List.of()));
  }

  Batch fail(int status) {
    return answer(Reply.of(Reply.kindOf(status), status, status + " failed", -1, false));
  }

  @Override
  EventImport.Result importEvents(String unit, EventImport source) {
    throw new UnsupportedOperationException();
  }

  @Override
  void close() {
    closed = true;
  }
}
