package io.kenbun.lite.pipeline;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Trouble on purpose ({@code lite.md} 7): which requests and which webhooks it strikes, so that an
 * application can see what it does when its events are refused, their answers lost, or its
 * receivers not reached. Off until somebody sets a rate. Any thread.
 */
public final class Chaos {
  /** The longest delay, in milliseconds. Ours. */
  public static final int MAX_DELAY_MILLIS = 10_000;

  /** A status of {@link Ingest} with which the request is served all the same, if late. */
  public static final int SERVED = 202;

  private final RandomGenerator random;
  private volatile Ingest ingest = new Ingest(0, 503, 0, false);
  private volatile Webhooks webhooks = new Webhooks(0, 0);

  /**
   * What happens to single events and batches that come in.
   *
   * @param rate the share that is struck, 0 to 1; 0: none
   * @param status what those are answered, nothing of them kept; {@link #SERVED}: they are served
   * @param delayMillis how long they wait first
   * @param dropAfterCommit whether they are kept and their connection is closed without an answer,
   *     whatever the status
   */
  public record Ingest(double rate, int status, int delayMillis, boolean dropAfterCommit) {}

  /**
   * What happens to webhooks.
   *
   * @param rate the share of tries that fail as if no answer had come, nothing sent, 0 to 1
   * @param delayMillis how long that takes
   */
  public record Webhooks(double rate, int delayMillis) {}

  /** Makes it, with everything off. */
  public Chaos(RandomGenerator random) {
    this.random = random;
  }

  public Ingest ingest() {
    return ingest;
  }

  public Webhooks webhooks() {
    return webhooks;
  }

  /** Sets both; what is under way is not touched. */
  public void set(Ingest newIngest, Webhooks newWebhooks) {
    ingest = newIngest;
    webhooks = newWebhooks;
  }

  /** Returns what happens to the request that has just come in, null when nothing does. */
  public @Nullable Ingest strikeIngest() {
    Ingest now = ingest;
    return strikes(now.rate) ? now : null;
  }

  /** Returns what happens to the webhook that is about to be sent, null when nothing does. */
  public @Nullable Webhooks strikeWebhook() {
    Webhooks now = webhooks;
    return strikes(now.rate) ? now : null;
  }

  private boolean strikes(double rate) {
    if (rate <= 0) {
      return false;
    }
    synchronized (random) {
      return random.nextDouble() < rate;
    }
  }
}
