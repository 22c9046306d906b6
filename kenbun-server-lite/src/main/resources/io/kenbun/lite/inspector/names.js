// What ids stand for: rules, rulesets, levels. Read once, and again when something was changed.
import { api } from './api.js';

let known = null;

/** Returns rules and rulesets by id, and the levels, from the server if nothing is known yet. */
export function names() {
  known ??= read().catch((error) => {
    known = null;
    throw error;
  });
  return known;
}

/** Has everything read again when it is next needed. */
export function forget() {
  known = null;
}

async function read() {
  const [rulesets, rules, levels, profileLevels, decays] = await Promise.all(
    ['/rulesets', '/rules', '/engagement-levels', '/profile-levels', '/decays'].map((path) => api(path)));
  return {
    rulesets: new Map(rulesets.rulesets.map((one) => [one.id, one])),
    rules: new Map(rules.rules.map((one) => [one.id, one])),
    decays: new Map(decays.decays.map((one) => [one.id, one])),
    levels: levels.levels,
    profileLevels: profileLevels.levels,
  };
}

export const operators = {
  equals: 'is', not_equals: 'is not', contains: 'contains', not_contains: 'does not contain', starts_with: 'starts with',
  ends_with: 'ends with', gt: '>', gte: '≥', lt: '<', lte: '≤', is_empty: 'is empty', is_not_empty: 'is not empty', regex: 'matches',
};

export const condition = (one) =>
  [one.field ?? one.key ?? one.profile_field, operators[one.operator] ?? one.operator, one.value ?? ''].join(' ').trim();

/** What a rule is called: its event type and its conditions; it has no name of its own. */
export function ruleLabel(known, id) {
  const rule = known?.rules.get(id);
  if (rule) {
    return rule.event_type + (rule.attribute_filters.length ? ` where ${rule.attribute_filters.map(condition).join(' and ')}` : '');
  }
  return known?.decays.get(id)?.name ?? id ?? 'a rule that is gone';
}

/** The level that a score is in, or null. */
export const levelOf = (levels, score) =>
  levels.find((one) => score >= one.min_score && (one.max_score === null || score <= one.max_score)) ?? null;
