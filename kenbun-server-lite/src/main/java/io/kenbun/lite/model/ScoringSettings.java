package io.kenbun.lite.model;

/**
 * What a unit's scores go by ({@code scoring.md} 7.4, 5.3, 11.3). All but the session timeout is
 * the organization's, so that units cannot differ in it.
 *
 * @param allowNegativeScores whether a score may pass below zero; a switch changes later changes
 *     only
 * @param abmEnabled kept and shown; account scoring is not part of this server
 * @param sessionTimeoutMinutes kept and shown; 1 to 1,440
 * @param fanOutWindowMillis identical events of one lead and type within so many milliseconds count
 *     once; 0: all of them count. Ours: the contract names no parameter
 */
public record ScoringSettings(
    boolean allowNegativeScores,
    boolean abmEnabled,
    int sessionTimeoutMinutes,
    long fanOutWindowMillis) {

  /** What a new organization starts with. */
  public static final ScoringSettings DEFAULT = new ScoringSettings(false, false, 30, 0);

  /** The longest session timeout, a day; the shortest is 1 minute. Ours. */
  public static final int MAX_SESSION_TIMEOUT_MINUTES = 1_440;

  /** The longest fan-out window, a day; 0 switches it off. Ours. */
  public static final long MAX_FAN_OUT_WINDOW_MILLIS = 86_400_000L;

  /** Says whether {@code other} is the same but for what each unit has of its own. */
  public boolean isSameOrganization(ScoringSettings other) {
    return allowNegativeScores == other.allowNegativeScores
        && abmEnabled == other.abmEnabled
        && fanOutWindowMillis == other.fanOutWindowMillis;
  }
}
