package io.kenbun.lite.model;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides about a unit's scores, as one value: an event sees all of it from before
 * a change or all of it from after.
 *
 * @param rulesets in the order they were made
 * @param velocityFilters in the order they were made; the first that suppresses names the reason
 * @param hiddenEventTypes types whose new events no rule and no trigger sees ({@code scoring.md} 3)
 * @param retiredHalfLives half-lives in days by {@link Rule#key() key} of rules that were deleted;
 *     what they gave fades on
 * @param milestones in the order they were made, as are sequences and surges
 */
public record RuleSetup(
    OrgUnit unit,
    List<Ruleset> rulesets,
    List<Level> engagementLevels,
    List<Level> profileLevels,
    ScoringSettings settings,
    List<MetadataFilter> metadataFilters,
    List<VelocityFilter> velocityFilters,
    List<DecayRule> decayRules,
    List<ProfileMapping> profileMappings,
    List<ProfileRuleset> profileRulesets,
    Set<String> hiddenEventTypes,
    Map<Long, Integer> retiredHalfLives,
    List<Milestone> milestones,
    List<Sequence> sequences,
    List<Surge> surges) {

  /** The longest name or id of anything that is set up, in characters. Ours. */
  public static final int MAX_NAME_LENGTH = 200;

  /** The longest {@code description}, in characters. Ours. */
  public static final int MAX_DESCRIPTION_LENGTH = 2_000;

  public RuleSetup {
    rulesets = List.copyOf(rulesets);
    engagementLevels = List.copyOf(engagementLevels);
    profileLevels = List.copyOf(profileLevels);
    metadataFilters = List.copyOf(metadataFilters);
    velocityFilters = List.copyOf(velocityFilters);
    decayRules = List.copyOf(decayRules);
    profileMappings = List.copyOf(profileMappings);
    profileRulesets = List.copyOf(profileRulesets);
    hiddenEventTypes = Set.copyOf(hiddenEventTypes);
    retiredHalfLives = Map.copyOf(retiredHalfLives);
    milestones = List.copyOf(milestones);
    sequences = List.copyOf(sequences);
    surges = List.copyOf(surges);
  }

  /** Returns a builder of a unit in which nothing is set up. */
  public static Builder builder(OrgUnit unit) {
    return new Builder(unit);
  }

  /** Returns a builder that has everything of this one. */
  public Builder newBuilder() {
    return builder(unit)
        .rulesets(rulesets)
        .engagementLevels(engagementLevels)
        .profileLevels(profileLevels)
        .settings(settings)
        .metadataFilters(metadataFilters)
        .velocityFilters(velocityFilters)
        .decayRules(decayRules)
        .profileMappings(profileMappings)
        .profileRulesets(profileRulesets)
        .hiddenEventTypes(hiddenEventTypes)
        .retiredHalfLives(retiredHalfLives)
        .milestones(milestones)
        .sequences(sequences)
        .surges(surges);
  }

  /**
   * Returns the ruleset whose score is the lead's headline {@code score}: the primary one, else the
   * oldest active one ({@code scoring.md} 5.4), else null.
   */
  public @Nullable Ruleset primaryRuleset() {
    for (Ruleset ruleset : rulesets) {
      if (ruleset.primary()) {
        return ruleset;
      }
    }
    return rulesets.stream()
        .filter(Ruleset::active)
        .min(Comparator.comparingLong(Ruleset::createdAtMillis).thenComparingLong(Ruleset::key))
        .orElse(null);
  }

  /**
   * Returns the profile ruleset whose score is the lead's profile score, chosen like {@link
   * #primaryRuleset}.
   */
  public @Nullable ProfileRuleset primaryProfileRuleset() {
    for (ProfileRuleset ruleset : profileRulesets) {
      if (ruleset.primary()) {
        return ruleset;
      }
    }
    return profileRulesets.stream()
        .filter(ProfileRuleset::active)
        .min(
            Comparator.comparingLong(ProfileRuleset::createdAtMillis)
                .thenComparingLong(ProfileRuleset::key))
        .orElse(null);
  }

  /**
   * Returns the name of the first engagement level that holds {@code score}, else {@code
   * Unclassified}.
   */
  public String engagementLevel(long score) {
    return Level.nameOf(engagementLevels, score);
  }

  /** Returns the same with other decay rules. */
  public RuleSetup withDecayRules(List<DecayRule> others) {
    return new RuleSetup(
        unit,
        rulesets,
        engagementLevels,
        profileLevels,
        settings,
        metadataFilters,
        velocityFilters,
        others,
        profileMappings,
        profileRulesets,
        hiddenEventTypes,
        retiredHalfLives,
        milestones,
        sequences,
        surges);
  }

  /** Collects the parts; what is not given is empty. */
  public static final class Builder {
    private final OrgUnit unit;
    private List<Ruleset> rulesets = List.of();
    private List<Level> engagementLevels = List.of();
    private List<Level> profileLevels = List.of();
    private ScoringSettings settings = ScoringSettings.DEFAULT;
    private List<MetadataFilter> metadataFilters = List.of();
    private List<VelocityFilter> velocityFilters = List.of();
    private List<DecayRule> decayRules = List.of();
    private List<ProfileMapping> profileMappings = List.of();
    private List<ProfileRuleset> profileRulesets = List.of();
    private Set<String> hiddenEventTypes = Set.of();
    private Map<Long, Integer> retiredHalfLives = Map.of();
    private List<Milestone> milestones = List.of();
    private List<Sequence> sequences = List.of();
    private List<Surge> surges = List.of();

    private Builder(OrgUnit unit) {
      this.unit = unit;
    }

    public Builder rulesets(List<Ruleset> rulesets) {
      this.rulesets = rulesets;
      return this;
    }

    public Builder engagementLevels(List<Level> engagementLevels) {
      this.engagementLevels = engagementLevels;
      return this;
    }

    public Builder profileLevels(List<Level> profileLevels) {
      this.profileLevels = profileLevels;
      return this;
    }

    public Builder settings(ScoringSettings settings) {
      this.settings = settings;
      return this;
    }

    public Builder metadataFilters(List<MetadataFilter> metadataFilters) {
      this.metadataFilters = metadataFilters;
      return this;
    }

    public Builder velocityFilters(List<VelocityFilter> velocityFilters) {
      this.velocityFilters = velocityFilters;
      return this;
    }

    public Builder decayRules(List<DecayRule> decayRules) {
      this.decayRules = decayRules;
      return this;
    }

    public Builder profileMappings(List<ProfileMapping> profileMappings) {
      this.profileMappings = profileMappings;
      return this;
    }

    public Builder profileRulesets(List<ProfileRuleset> profileRulesets) {
      this.profileRulesets = profileRulesets;
      return this;
    }

    public Builder hiddenEventTypes(Set<String> hiddenEventTypes) {
      this.hiddenEventTypes = hiddenEventTypes;
      return this;
    }

    public Builder retiredHalfLives(Map<Long, Integer> retiredHalfLives) {
      this.retiredHalfLives = retiredHalfLives;
      return this;
    }

    public Builder milestones(List<Milestone> milestones) {
      this.milestones = milestones;
      return this;
    }

    public Builder sequences(List<Sequence> sequences) {
      this.sequences = sequences;
      return this;
    }

    public Builder surges(List<Surge> surges) {
      this.surges = surges;
      return this;
    }

    public RuleSetup build() {
      return new RuleSetup(
          unit,
          rulesets,
          engagementLevels,
          profileLevels,
          settings,
          metadataFilters,
          velocityFilters,
          decayRules,
          profileMappings,
          profileRulesets,
          hiddenEventTypes,
          retiredHalfLives,
          milestones,
          sequences,
          surges);
    }
  }
}
