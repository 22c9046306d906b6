// Everything that can be set up, each kind by the calls, fields and words that it has.
import { condition, ruleLabel } from './names.js';
import { count, exactly, plural, signed } from './format.js';
import { tryMilestone } from './try-it.js';

const name = { name: 'name', label: 'Name', need: true };
const eventType = (more) => ({ name: 'event_type', label: 'Event type', type: 'eventType', ...more });
const active = { name: 'active', label: 'Active', type: 'bool', preset: true };
const destinations = [
  { name: 'webhook_url', label: 'Webhook URL', hint: 'Told by a POST when it fires' },
  { name: 'channel_id', label: 'Channel', type: 'select', options: (lists) => [['', 'none'], ...lists.channels.map((one) => [one.id, one.name])] },
  { name: 'signing', label: 'Sign what is sent to the URL', type: 'bool', from: (one) => one?.has_signing_secret ?? false },
  { name: 'emails', label: 'E-mails, one a line', type: 'lines', hint: 'Logged as deliveries; nothing is sent by mail' },
];
const tells = (one) => [one.webhook_url, one.channel_id, ...(one.emails ?? [])].filter(Boolean).join(', ') || 'nobody';
const levelFields = [name, { name: 'min_score', label: 'From score', type: 'number', need: true }, { name: 'max_score', label: 'To score', type: 'number', hint: 'Empty: no end' },
  { name: 'color', label: 'Colour', type: 'color', preset: '#64748b' }, { name: 'order', label: 'Order', type: 'number' }];
const levelFacts = (one) => [one.max_score === null ? `from ${count(one.min_score)}` : `${count(one.min_score)} to ${count(one.max_score)}`];
const rulesetFields = [name, { name: 'description', label: 'Description', type: 'long' }, active, { name: 'is_primary', label: 'Primary: its score is the headline', type: 'bool' }];
const atOnce = 'For every lead at once when it is saved.';
const onStored = 'As if it had always been on, over the events that are stored. Those stay as they are: it is for what comes in from now on.';
const onFit = 'As if it had always been so, over the events that are stored. Saved, it counts for a lead when its profile changes next, or after scoring profiles anew.';
const dates = [{ name: 'start_date', label: 'First day', type: 'date', hint: 'In UTC; empty: always' }, { name: 'end_date', label: 'Last day', type: 'date', hint: 'In UTC, included' }];

/**
 * `path`, `list` (the envelope, null for a bare array), `one` in words, `title` and `facts` of a
 * row, `fields` of the form, `toggle` (the field that switches it), `tried` (when what was tried
 * comes to be), `tryIt` (draft, saved: where it is tried in a way of its own), `untried`.
 */
export const kinds = [
  { id: 'rules', label: 'Rules', group: 'Engagement', path: '/rules', list: 'rules', one: 'rule', toggle: 'active', title: (one, known) => ruleLabel(known, one.id),
    about: 'An event that matches gives its points once for each rule, in every active ruleset.',
    facts: (one, known) => [known.rulesets.size > 1 ? known.rulesets.get(one.ruleset_id)?.name : null, one.half_life_days ? `half-life ${plural(one.half_life_days, 'day')}` : null], value: (one) => signed(one.weight), sign: (one) => one.weight,
    fields: [{ name: 'ruleset_id', label: 'Ruleset', type: 'select', need: true, options: (lists) => lists.rulesets.map((one) => [one.id, one.name]), fixed: true }, eventType({ need: true }),
      { name: 'weight', label: 'Points', type: 'number', need: true }, { name: 'half_life_days', label: 'Half-life in days', type: 'number', hint: 'Empty: points stay' },
      { name: 'attribute_filters', label: 'Only if', type: 'conditions', key: 'field' }, active, ...dates] },
  { id: 'rulesets', tried: 'As if it had always been so, over the events that are stored. Which ruleset is primary counts at once; scores follow with the next events, or after scoring anew.', label: 'Rulesets', group: 'Engagement', path: '/rulesets', list: 'rulesets', one: 'ruleset', toggle: 'active', about: 'Each active ruleset keeps a score of its own; at most four are active.',
    facts: (one) => [one.is_primary ? 'primary' : null, one.description], fields: [...rulesetFields, ...dates] },
  { id: 'engagement-levels', tried: atOnce, label: 'Levels', group: 'Engagement', path: '/engagement-levels', list: 'levels', one: 'level', about: 'Bands of the headline score. They may not overlap.', facts: levelFacts, fields: levelFields, color: true },
  { id: 'decays', label: 'Inactivity', group: 'Engagement', path: '/decays', list: 'decays', one: 'decay rule', toggle: 'active', about: 'Takes points from whoever does nothing for a while.',
    facts: (one) => [`after ${plural(one.interval_days, 'idle day')}, and again after as many`], value: (one) => signed(one.points), sign: (one) => one.points,
    fields: [name, { name: 'points', label: 'Points taken', type: 'number', need: true }, { name: 'interval_days', label: 'After idle days', type: 'number', need: true },
      { name: 'ruleset_id', label: 'Ruleset', type: 'select', options: (lists) => [['', 'every one'], ...lists.rulesets.map((one) => [one.id, one.name])] }, active] },
  { id: 'metadata-filters', tried: onStored, label: 'Attribute filters', group: 'Filters', path: '/metadata-filters', list: null, one: 'attribute filter', toggle: 'enabled', about: 'Events that match are stored and count for nothing.',
    facts: (one) => [one.event_type || 'every type', one.conditions.map(condition).join(' and ')],
    fields: [name, eventType({ hint: 'Empty: every type' }), { name: 'conditions', label: 'Suppress if', type: 'conditions', key: 'key', need: true }, { name: 'enabled', label: 'On', type: 'bool', preset: true }] },
  { id: 'inorganic-filters', tried: onStored, label: 'Velocity filters', group: 'Filters', path: '/inorganic-filters', list: 'inorganic_filters', one: 'velocity filter', toggle: 'enabled', title: (one) => one.event_type,
    about: 'Events of one lead that come too fast count for nothing.', facts: (one) => [`more than ${count(one.count_threshold)} within ${exactly(one.window_ms)}`, one.keep_first ? 'the first counts' : null],
    fields: [eventType({ need: true }), { name: 'count_threshold', label: 'More than', type: 'number', need: true }, { name: 'window_ms', label: 'Within milliseconds', type: 'number', need: true },
      { name: 'keep_first', label: 'Keep the first, suppress the rest', type: 'bool' }, { name: 'enabled', label: 'On', type: 'bool', preset: true }] },
  { id: 'triggers', label: 'Milestones', group: 'Triggers', path: '/triggers', list: 'triggers', one: 'milestone', toggle: 'active', about: 'Fires when a score crosses a line.', tryIt: tryMilestone,
    facts: (one) => [`at ${count(one.score_threshold)}`, one.fire_mode === 'once' ? 'once for each lead' : 'each time', `tells ${tells(one)}`],
    fields: [name, { name: 'score_threshold', label: 'Score', type: 'number', need: true }, eventType({ hint: 'Empty: whatever caused it' }),
      { name: 'fire_mode', label: 'Fires', type: 'select', options: () => [['once', 'once for each lead'], ['always', 'each time']], preset: 'once' }, { name: 'cooldown_seconds', label: 'Quiet seconds after it', type: 'number', hint: 'Only with “each time”' },
      { name: 'notify_on_exit', label: 'Also when it drops below', type: 'bool' }, ...destinations, active] },
  { id: 'sequences', label: 'Sequences', group: 'Triggers', path: '/sequences', list: 'sequences', one: 'sequence', toggle: 'active', about: 'Fires when a lead has done all of it within a time.',
    facts: (one) => [one.event_types.join(one.ordered ? ' → ' : ', '), `within ${exactly(one.window_seconds * 1000)}`, `tells ${tells(one)}`],
    fields: [name, { name: 'event_types', label: 'Event types, one a line', type: 'lines', need: true }, { name: 'window_seconds', label: 'Within seconds', type: 'number', need: true },
      { name: 'ordered', label: 'In this order', type: 'bool' }, ...destinations, active] },
  { id: 'surge-triggers', label: 'Surges', group: 'Triggers', path: '/surge-triggers', list: 'surge_triggers', one: 'surge', toggle: 'active', about: 'Fires when a lead does much in a short time.',
    facts: (one) => [`${plural(one.threshold, 'event')} of ${one.event_type ?? 'any type'} within ${exactly(one.window_seconds * 1000)}`, `tells ${tells(one)}`],
    fields: [name, { name: 'threshold', label: 'Events', type: 'number', need: true }, { name: 'window_seconds', label: 'Within seconds', type: 'number', need: true }, eventType({ hint: 'Empty: all types' }), ...destinations, active] },
  { id: 'notification-channels', untried: true, label: 'Channels', group: 'Triggers', path: '/notification-channels', list: null, one: 'channel', about: 'Destinations that several triggers share.', facts: (one) => [one.type, one.config?.url],
    fields: [name, { name: 'type', label: 'Type', type: 'select', need: true, fixed: true, options: () => ['webhook', 'slack', 'teams', 'email'].map((one) => [one, one]) }, { name: 'config', label: 'Settings, as JSON', type: 'json', preset: { url: 'https://example.com/hook' } }] },
  { id: 'profile-mappings', tried: onFit, label: 'Mappings', group: 'Profile', path: '/profile-mappings', list: 'profile_mappings', one: 'mapping', title: (one) => `${one.metadata_key} → ${one.profile_field}`, about: 'What of events becomes part of a lead’s profile.',
    facts: (one) => [one.update_behavior === 'only_if_empty' ? 'the first value stays' : 'the last value counts'],
    fields: [{ name: 'metadata_key', label: 'Metadata key', need: true }, { name: 'profile_field', label: 'Profile field', need: true },
      { name: 'update_behavior', label: 'Keeps', type: 'select', options: () => [['always_latest', 'the last value'], ['only_if_empty', 'the first value']], preset: 'always_latest' }] },
  { id: 'profile-rulesets', tried: onFit, label: 'Fit rulesets', group: 'Profile', path: '/profile-scoring/rulesets', list: 'rulesets', one: 'fit ruleset', toggle: 'active', about: 'Score who a lead is, whatever it does.', facts: (one) => [one.is_primary ? 'primary' : null, one.description], fields: rulesetFields },
  { id: 'profile-rules', tried: onFit, label: 'Fit rules', group: 'Profile', within: '/profile-scoring/rulesets', list: 'rules', one: 'fit rule', toggle: 'active', title: (one) => condition(one), about: 'Give points for what a lead’s profile says.',
    facts: (one) => [one.ruleset_name], value: (one) => signed(one.weight), sign: (one) => one.weight,
    fields: [{ name: 'ruleset_id', label: 'Fit ruleset', type: 'select', need: true, fixed: true, options: (lists) => lists.profileRulesets.map((one) => [one.id, one.name]) }, { name: 'profile_field', label: 'Profile field', need: true },
      { name: 'operator', label: 'Operator', type: 'operator', preset: 'equals' }, { name: 'value', label: 'Value' }, { name: 'weight', label: 'Points', type: 'number', need: true }, active] },
  { id: 'profile-levels', tried: atOnce, label: 'Fit levels', group: 'Profile', path: '/profile-levels', list: 'levels', one: 'fit level', about: 'Bands of the fit score.', facts: levelFacts, fields: levelFields, color: true },
  { id: 'event-types', label: 'Event types', group: 'Unit', path: '/settings/ou/event-types', list: null, one: 'event type', key: 'name', readOnly: true, toggle: 'hidden', toggleLabel: 'Hidden', about: 'Hidden types are left out of pickers and figures, and no rule fires for them.',
    facts: (one) => [plural(one.ou_event_count, 'event'), one.protected ? 'made by the server' : null], fields: [] },
  { id: 'settings', label: 'Settings', group: 'Unit', path: '/settings/scoring', single: true, one: 'settings', about: 'How this organization scores.',
    fields: [{ name: 'allow_negative_scores', label: 'Scores may be negative', type: 'bool' }, { name: 'session_timeout_minutes', label: 'Session timeout in minutes', type: 'number', hint: 'Kept; nothing here goes by it' },
      { name: 'fan_out_window_ms', label: 'Machine fan-out window in milliseconds', type: 'number', hint: 'Identical events within it count once; 0: off' }] },
];
