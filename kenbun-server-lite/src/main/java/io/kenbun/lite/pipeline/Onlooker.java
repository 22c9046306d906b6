package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.RawEvent;
import java.util.List;

/**
 * Is shown single events and firings once they are committed, on the threads that do the work; must
 * be quick and must not throw. Where nobody looks, it costs a call and makes nothing.
 */
public interface Onlooker {
  /** Looks at nothing. */
  Onlooker NOBODY =
      new Onlooker() {
        @Override
        public void queued(long seq, RawEvent event) {}

        @Override
        public boolean wantsScore(long unit) {
          return false;
        }

        @Override
        public void scored(SeenScore seen) {}

        @Override
        public void fired(List<Firing> firings) {}
      };

  /** An event is safe in the queue. */
  void queued(long seq, RawEvent event);

  /** Says whether one more score of the unit is to be shown; what it gave is worked out then. */
  boolean wantsScore(long unit);

  /** An event that was asked for by {@link #wantsScore} is scored, or was set aside. */
  void scored(SeenScore seen);

  /** Triggers fired; never empty. */
  void fired(List<Firing> firings);
}
