package io.kenbun.client;

/**
 * Told about what happens to events. Override what you need; every method does nothing by default.
 *
 * <p>All calls come from the client's worker thread, one at a time, with no lock held. Return
 * quickly: deliveries wait meanwhile. An exception is logged and harms nothing. {@code track} may
 * be called; {@code flush} and {@code close} return at once with what is so far, since the thread
 * that would do the work is the one that calls.
 */
public abstract class DeliveryListener {
  /** For subclasses. */
  protected DeliveryListener() {}

  /** The server has acknowledged {@code event}. */
  public void delivered(Event event) {}

  /**
   * A request failed in a way that may pass; its events will be sent again.
   *
   * @param events how many events the request carried
   * @param cause status and message, or the network error
   * @param pauseMillis how long the client waits before it tries again
   */
  public void retrying(int events, String cause, long pauseMillis) {}

  /**
   * {@code event} is lost. Of the events that a full or closed client refuses, about the first
   * thousand at a time are told one by one; all of them are counted in {@link KenbunClient#stats}.
   *
   * @param detail what the server or the client said about it
   */
  public void dropped(Event event, DropReason reason, String detail) {}

  /**
   * The server does not accept the organizational unit, twice in a row or for good. Its events are
   * kept and tried again later.
   */
  public void orgUnitLost(String orgUnit, String detail) {}

  /**
   * The server refuses the credentials (401, 403). Events are kept; told once until it works again.
   */
  public void credentialsRefused(String detail) {}

  /** A delivery succeeded after failures. */
  public void recovered() {}

  /** The spool cannot be used at the moment, or a part of it was unreadable and set aside. */
  public void spoolFailed(String detail) {}
}
