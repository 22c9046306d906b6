package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.store.row.KeyedRow;
import io.kenbun.lite.store.row.Matching;
import io.kenbun.lite.store.row.TextList;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tables of milestones, sequences and surges. */
final class Triggers {
  private static final String DESTINATIONS =
      " webhook_url, signing_secret, channel, notify_owner, emails, email_subject, email_preheader,"
          + " email_message ";

  private Triggers() {}

  /** Returns the unit's milestones, in the order they were made. */
  static List<Milestone> milestones(Connection connection, long unit) throws SQLException {
    return new Sql(
            """
            SELECT key, id, name, score_threshold, event_type, fire_mode, cooldown_seconds, ruleset,
              engagement_level, profile_level, account_level, notify_on_exit, active, created_at,
              updated_at, in_force_since,"""
                + DESTINATIONS
                + "FROM milestone WHERE unit = ? ORDER BY key",
            unit)
        .list(
            connection,
            row ->
                new Milestone(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getString(5),
                    Objects.requireNonNull(FireMode.of(row.getString(6)), "mode == null"),
                    row.getLong(7),
                    Sql.optionalLong(row, 8),
                    row.getString(9),
                    row.getString(10),
                    row.getString(11),
                    row.getBoolean(12),
                    row.getBoolean(13),
                    destinations(row, 17),
                    row.getLong(14),
                    row.getLong(15),
                    row.getLong(16)));
  }

  /** Returns the unit's sequences, in the order they were made. */
  static List<Sequence> sequences(Connection connection, long unit) throws SQLException {
    return new Sql(
            """
            SELECT key, id, name, event_types, window_seconds, window_unit, ordered, active, created_at,
              updated_at,"""
                + DESTINATIONS
                + "FROM sequence WHERE unit = ? ORDER BY key",
            unit)
        .list(
            connection,
            row ->
                new Sequence(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    TextList.read(row.getString(4)),
                    row.getLong(5),
                    row.getString(6),
                    row.getBoolean(7),
                    row.getBoolean(8),
                    destinations(row, 11),
                    row.getLong(9),
                    row.getLong(10)));
  }

  /** Returns the unit's surges, in the order they were made. */
  static List<Surge> surges(Connection connection, long unit) throws SQLException {
    return new Sql(
            """
            SELECT key, id, name, event_type, threshold, window_seconds, active, created_at, updated_at,"""
                + DESTINATIONS
                + "FROM surge WHERE unit = ? ORDER BY key",
            unit)
        .list(
            connection,
            row ->
                new Surge(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getInt(5),
                    row.getLong(6),
                    row.getBoolean(7),
                    destinations(row, 10),
                    row.getLong(8),
                    row.getLong(9)));
  }

  private static Destinations destinations(ResultSet row, int at) throws SQLException {
    return new Destinations(
        row.getString(at),
        row.getString(at + 1),
        Sql.optionalLong(row, at + 2),
        row.getBoolean(at + 3),
        TextList.read(row.getString(at + 4)),
        row.getString(at + 5),
        row.getString(at + 6),
        row.getString(at + 7));
  }

  /**
   * Sets whom a trigger tells.
   *
   * @param channels the keys of channels by those that {@code destinations} use; null: they are the
   *     same
   * @param all false when only e-mail addresses are known, and perhaps a channel, and the rest
   *     stays as it is
   */
  private static KeyedRow set(
      KeyedRow row, Destinations destinations, @Nullable Map<Long, Long> channels, boolean all) {
    Long wanted = destinations.channel();
    Long channel = wanted == null || channels == null ? wanted : channels.get(wanted);
    if (!all) {
      KeyedRow changed = row.set("emails", TextList.write(destinations.emails()));
      return channel == null ? changed : changed.set("channel", channel);
    }
    return row.set("webhook_url", destinations.webhookUrl())
        .set("signing_secret", destinations.signingSecret())
        .set("channel", channel)
        .set("notify_owner", destinations.notifyOwner())
        .set("emails", TextList.write(destinations.emails()))
        .set("email_subject", destinations.emailSubject())
        .set("email_preheader", destinations.emailPreheader())
        .set("email_message", destinations.emailMessage());
  }

  static long save(
      Connection connection,
      long unit,
      long known,
      @Nullable Long ruleset,
      Milestone milestone,
      @Nullable Map<Long, Long> channels,
      boolean all,
      long nowMillis)
      throws SQLException {
    KeyedRow row =
        KeyedRow.ofUnit(connection, "milestone", unit, milestone.id(), known)
            .set("name", milestone.name())
            .set("score_threshold", milestone.scoreThreshold())
            .set("event_type", milestone.eventType())
            .set("fire_mode", milestone.fireMode().wireName())
            .set("cooldown_seconds", milestone.cooldownSeconds())
            .set("ruleset", ruleset)
            .set("engagement_level", milestone.engagementLevel())
            .set("profile_level", milestone.profileLevel())
            .set("account_level", milestone.accountLevel())
            .set("notify_on_exit", milestone.notifyOnExit())
            .set("active", milestone.active());
    return set(row, milestone.destinations(), channels, all)
        .changedAt(nowMillis, false)
        .once("created_at", nowMillis)
        .stamp("in_force_since", nowMillis, "score_threshold", "ruleset", "active")
        .save();
  }

  static long save(
      Connection connection,
      long unit,
      long known,
      Sequence sequence,
      @Nullable Map<Long, Long> channels,
      boolean all,
      long nowMillis)
      throws SQLException {
    KeyedRow row =
        KeyedRow.ofUnit(connection, "sequence", unit, sequence.id(), known)
            .set("name", sequence.name())
            .set("event_types", TextList.write(sequence.eventTypes()))
            .set("window_seconds", sequence.windowSeconds())
            .set("window_unit", sequence.windowUnit())
            .set("ordered", sequence.ordered())
            .set("active", sequence.active());
    return set(row, sequence.destinations(), channels, all)
        .changedAt(nowMillis, false)
        .once("created_at", nowMillis)
        .save();
  }

  static long save(
      Connection connection,
      long unit,
      long known,
      Surge surge,
      @Nullable Map<Long, Long> channels,
      boolean all,
      long nowMillis)
      throws SQLException {
    KeyedRow row =
        KeyedRow.ofUnit(connection, "surge", unit, surge.id(), known)
            .set("name", surge.name())
            .set("event_type", surge.eventType())
            .set("threshold", surge.threshold())
            .set("window_seconds", surge.windowSeconds())
            .set("active", surge.active());
    return set(row, surge.destinations(), channels, all)
        .changedAt(nowMillis, false)
        .once("created_at", nowMillis)
        .save();
  }

  static int deleteMilestone(Connection connection, long unit, long key) throws SQLException {
    return KeyedRow.delete(connection, "milestone", unit, key);
  }

  static int deleteSequence(Connection connection, long unit, long key) throws SQLException {
    return KeyedRow.delete(connection, "sequence", unit, key);
  }

  static int deleteSurge(Connection connection, long unit, long key) throws SQLException {
    return KeyedRow.delete(connection, "surge", unit, key);
  }

  /** Removes what watched a ruleset that is no more. */
  static void deleteOfRuleset(Connection connection, long unit, long ruleset) throws SQLException {
    new Sql("DELETE FROM milestone WHERE unit = ? AND ruleset = ?", unit, ruleset).run(connection);
  }

  /** Has what watches the primary ruleset begin anew if that is another one than {@code before}. */
  static void followPrimary(Connection connection, long unit, long before, long nowMillis)
      throws SQLException {
    if (Rulesets.primary(connection, unit) != before) {
      new Sql(
              "UPDATE milestone SET in_force_since = ? WHERE unit = ? AND ruleset IS NULL",
              nowMillis,
              unit)
          .run(connection);
    }
  }

  /**
   * Brings those that are named in line; without an id the name tells which is meant.
   *
   * @param rulesetKeys the keys of rulesets by those that {@code wanted} uses
   * @param channels the same of channels
   */
  static void applyMilestones(
      Connection connection,
      long unit,
      List<Milestone> wanted,
      Map<Long, Long> rulesetKeys,
      Map<Long, Long> channels,
      long nowMillis)
      throws SQLException {
    Matching<Milestone> kept =
        new Matching<>(milestones(connection, unit), Milestone::id, Milestone::name);
    for (Milestone milestone : wanted) {
      long known = kept.takeKey(milestone, Milestone::key);
      Long ruleset = milestone.ruleset() == null ? null : rulesetKeys.get(milestone.ruleset());
      save(connection, unit, known, ruleset, milestone, channels, known == 0, nowMillis);
    }
  }

  /** The same for sequences. */
  static void applySequences(
      Connection connection,
      long unit,
      List<Sequence> wanted,
      Map<Long, Long> channels,
      long nowMillis)
      throws SQLException {
    Matching<Sequence> kept =
        new Matching<>(sequences(connection, unit), Sequence::id, Sequence::name);
    for (Sequence sequence : wanted) {
      long known = kept.takeKey(sequence, Sequence::key);
      save(connection, unit, known, sequence, channels, known == 0, nowMillis);
    }
  }

  /** The same for surges. */
  static void applySurges(
      Connection connection,
      long unit,
      List<Surge> wanted,
      Map<Long, Long> channels,
      long nowMillis)
      throws SQLException {
    Matching<Surge> kept = new Matching<>(surges(connection, unit), Surge::id, Surge::name);
    for (Surge surge : wanted) {
      long known = kept.takeKey(surge, Surge::key);
      save(connection, unit, known, surge, channels, known == 0, nowMillis);
    }
  }
}
