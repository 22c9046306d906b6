package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Firing;
import java.util.List;

/**
 * Is told of the work that is done between a request and its score, on the threads that do it; must
 * be quick and must not throw.
 */
public interface PipelineListener {
  /** Takes no notice. */
  PipelineListener NONE =
      new PipelineListener() {
        @Override
        public void committed(int events, long nanos) {}

        @Override
        public void commitFailed() {}

        @Override
        public void scored(int scored, int suppressed, int failed) {}

        @Override
        public void fired(List<Firing> firings) {}
      };

  /**
   * Events of any number of requests became durable together, in one commit that took that long.
   */
  void committed(int events, long nanos);

  /** A commit failed; the requests it held were refused. */
  void commitFailed();

  /** A batch was scored for the first time; some of it was suppressed or set aside instead. */
  void scored(int scored, int suppressed, int failed);

  /** Triggers fired, in one transaction that is committed; never empty. */
  void fired(List<Firing> firings);
}
