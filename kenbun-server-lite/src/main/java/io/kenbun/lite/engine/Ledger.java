package io.kenbun.lite.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which events become scores. Events that come in the order in which they happened
 * are added to what stands; so are late ones that cannot have changed anything but a sum. For any
 * other the ledger asks for the whole history, which is fed to an empty ledger in order ({@link
 * #clear}): so the scores are always those of a replay, whatever the order of arrival.
 *
 * <pre>
 *   take(event) ──in order──&gt; decay due before it ──&gt; floor ──&gt; Standing of each ruleset
 *        │ └──late, only adds────────────────────────────────&gt; Standing
 *        └────late, anything else──&gt; false: replay
 * </pre>
 *
 * Not for several threads.
 */
public final class Ledger {
  private final List<Standing> standings = new ArrayList<>(2);
  private long activityMillis;
  private long foldedMillis;
  private long resetMillis;
  private @Nullable Probe probe;

  /**
   * Makes a ledger as it was kept.
   *
   * @param activityMillis the newest timestamp of an event that ends inactivity, or {@link
   *     Standing#NEVER}
   * @param foldedMillis the newest timestamp of anything added, or {@link Standing#NEVER}
   * @param resetMillis when the scores were last reset, or {@link Standing#NEVER}
   */
  public Ledger(long activityMillis, long foldedMillis, long resetMillis) {
    this.activityMillis = activityMillis;
    this.foldedMillis = foldedMillis;
    this.resetMillis = resetMillis;
  }

  /** Makes the ledger of a lead that has done nothing. */
  public Ledger() {
    this(Standing.NEVER, Standing.NEVER, Standing.NEVER);
  }

  /** Enters what stands in one ruleset. */
  public void enter(Standing standing) {
    standings.add(standing);
  }

  public long activityMillis() {
    return activityMillis;
  }

  public long foldedMillis() {
    return foldedMillis;
  }

  public long resetMillis() {
    return resetMillis;
  }

  /** Returns the newest timestamp of anything it knows of. */
  private long newestMillis() {
    return Math.max(foldedMillis, activityMillis);
  }

  /** Returns the time of the last change that what came before it would alter. */
  public long settledMillis() {
    long settled = Standing.NEVER;
    for (int i = 0; i < standings.size(); i++) {
      settled = Math.max(settled, standings.get(i).settledMillis());
    }
    return settled;
  }

  /** Returns what stands, in the order in which rulesets first gave something. */
  public List<Standing> standings() {
    return standings;
  }

  /** Returns what stands in the ruleset, or null when it never gave anything. */
  public @Nullable Standing standing(long ruleset) {
    for (int i = 0; i < standings.size(); i++) {
      if (standings.get(i).ruleset() == ruleset) {
        return standings.get(i);
      }
    }
    return null;
  }

  private Standing standingOrNew(long ruleset) {
    Standing standing = standing(ruleset);
    if (standing == null) {
      standing = new Standing(ruleset);
      standings.add(standing);
    }
    return standing;
  }

  /** Forgets every event, to be told them again in order; the last reset stays. */
  public void clear() {
    standings.clear();
    activityMillis = Standing.NEVER;
    foldedMillis = Standing.NEVER;
  }

  /** Removes all points for good: what happened until now counts for nothing any more. */
  public void reset(long timeMillis) {
    standings.clear();
    resetMillis = Math.max(resetMillis, timeMillis);
    foldedMillis = resetMillis;
  }

  /** Takes over what another lead's ledger knows besides scores; they are left to a replay. */
  public void takeOver(Ledger other) {
    resetMillis = Math.max(resetMillis, other.resetMillis);
    noteActivity(other.activityMillis);
  }

  /** Notes an event that counts for nothing and is activity all the same. */
  public void noteActivity(long timeMillis) {
    activityMillis = Math.max(activityMillis, timeMillis);
  }

  /** Applies the decay that {@link #take} would apply before it adds such an event. */
  public void decayBefore(
      long timeMillis, Earned earned, boolean activity, Decay decay, Decay.Listener listener) {
    if (!isLate(timeMillis, decay) && (activity || !earned.isNothing())) {
      decayUntil(timeMillis, decay, listener);
    }
  }

  /**
   * Takes an event from before a reset: it gives nothing, and may end inactivity all the same.
   *
   * @return false when only a replay can tell what it does: it may end an interval that was quiet,
   *     of a lead that became part of this one
   */
  public boolean takeRemoved(long timeMillis, boolean activity) {
    if (!activity) {
      return true;
    }
    noteActivity(timeMillis);
    return settledMillis() <= timeMillis;
  }

  private boolean isLate(long timeMillis, Decay decay) {
    return timeMillis < foldedMillis || (timeMillis < activityMillis && !decay.isNone());
  }

  /**
   * Adds an event.
   *
   * @param activity whether it ends inactivity
   * @param listener is told what decayed before it
   * @return false when only a replay can tell what it does; nothing was changed then
   */
  public boolean take(
      long timeMillis, Earned earned, boolean activity, Decay decay, Decay.Listener listener) {
    if (isLate(timeMillis, decay)) {
      return takeLate(timeMillis, earned, activity, decay);
    }
    if (!activity && earned.isNothing()) {
      return true;
    }
    decayUntil(timeMillis, decay, listener);
    for (Earned.Share share : earned.shares()) {
      add(timeMillis, share);
    }
    foldedMillis = timeMillis;
    if (activity) {
      noteActivity(timeMillis);
    }
    return true;
  }

  /**
   * A late event that adds and takes nothing away changes no later decision, unless the floor cut
   * something after it, or a quiet interval may have ended or begun to count after it.
   */
  private boolean takeLate(long timeMillis, Earned earned, boolean activity, Decay decay) {
    if (!activity && earned.isNothing()) {
      return true;
    }
    if (earned.lowers()
        || (!decay.isNone() && newestMillis() - timeMillis >= decay.shortestMillis())) {
      return false;
    }
    if (settledMillis() > timeMillis) {
      return false; // Also in rulesets that it gives nothing: it may end a quiet interval there.
    }
    for (Earned.Share share : earned.shares()) {
      standingOrNew(share.ruleset).addUncut(timeMillis, share);
      probe(share, timeMillis, 1);
    }
    return true;
  }

  private double add(long timeMillis, Earned.Share share) {
    double applied = standingOrNew(share.ruleset).add(timeMillis, share);
    probe(share, timeMillis, share.sum == 0 ? 1 : applied / share.sum);
    return applied;
  }

  /** Applies, in order, every decay that is due at {@code timeMillis} or before. */
  public void decayUntil(long timeMillis, Decay decay, Decay.Listener listener) {
    if (decay.isNone() || activityMillis == Standing.NEVER) {
      return;
    }
    long doneMillis = newestMillis();
    while (true) {
      long next = nextDue(decay, doneMillis);
      if (next > timeMillis || !canDecay(decay, doneMillis)) {
        return;
      }
      applyAt(next, decay, listener);
      doneMillis = next;
    }
  }

  private void applyAt(long timeMillis, Decay decay, Decay.Listener listener) {
    for (Decay.Step step : decay.steps()) {
      long base = step.baseMillis(activityMillis, resetMillis);
      if (step.nextMillis(base, timeMillis - 1) != timeMillis) {
        continue;
      }
      for (Decay.Target target : step.targets) {
        Standing standing = standing(target.ruleset);
        double sum = standing == null ? 0 : standing.sumAt(timeMillis);
        if (sum > Policies.NO_POINTS || decay.allowNegativeScores()) {
          double points = add(timeMillis, target.earned.shares()[0]);
          foldedMillis = timeMillis;
          listener.applied(
              new Decay.Application(
                  step.rule, target.ruleset, timeMillis, points, base, target.earned));
        }
      }
    }
  }

  private long nextDue(Decay decay, long afterMillis) {
    long next = Long.MAX_VALUE;
    for (Decay.Step step : decay.steps()) {
      long base = step.baseMillis(activityMillis, resetMillis);
      next = Math.min(next, step.nextMillis(base, afterMillis));
    }
    return next;
  }

  private boolean canDecay(Decay decay, long timeMillis) {
    if (decay.allowNegativeScores()) {
      return true;
    }
    for (int i = 0; i < standings.size(); i++) {
      Standing standing = standings.get(i);
      if (standing.mayRise() || standing.sumAt(timeMillis) > Policies.NO_POINTS) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns a time before which no decay is due, {@link Long#MAX_VALUE} when none ever will be as
   * things are.
   *
   * @param doneMillis until when everything due was applied; what was added last at least
   */
  public long nextDecayMillis(Decay decay, long doneMillis) {
    long done = Math.max(newestMillis(), doneMillis);
    if (decay.isNone() || activityMillis == Standing.NEVER || !canDecay(decay, done)) {
      return Long.MAX_VALUE;
    }
    return nextDue(decay, done);
  }

  /** Has the exact sums at one time gathered, whatever is added; called on an empty ledger. */
  public void watch(long timeMillis) {
    probe = new Probe(timeMillis);
  }

  /** Returns the sums at the time that is {@link #watch watched}, by ruleset key. */
  public Map<Long, Double> watched() {
    return probe == null ? Map.of() : probe.sums;
  }

  private void probe(Earned.Share share, long timeMillis, double part) {
    if (probe == null) {
      return;
    }
    double sum = share.flat;
    for (int i = 0; i < share.days.length; i++) {
      sum += share.fading[i] * Policies.fade(probe.timeMillis - timeMillis, share.days[i]);
    }
    probe.sums.merge(share.ruleset, sum * part, Double::sum);
  }

  private static final class Probe {
    final long timeMillis;
    final Map<Long, Double> sums = new HashMap<>();

    Probe(long timeMillis) {
      this.timeMillis = timeMillis;
    }
  }
}
