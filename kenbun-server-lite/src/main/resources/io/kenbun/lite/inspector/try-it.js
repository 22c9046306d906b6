// What a change would do to the leads there are, before it is saved. Each function takes the draft,
// what is saved of it (null: nothing yet) and what is known, and returns what to show.
import { api, ApiError } from './api.js';
import { h } from './dom.js';
import { count, plural, signed } from './format.js';
import { leadName } from './lead-names.js';
import { levelOf } from './names.js';
import { level } from './event.js';

const sampleSize = 15;

const top = async (limit = sampleSize, more = {}) => (await api(`/leads?${new URLSearchParams({ sort: 'score', limit, ...more })}`)).leads;
const said = (...words) => h('p', { class: 'soft' }, words);

/** The rule to try, its points without a sign: a projection that stops at zero would hide some. */
function unsigned({ event_type, weight, attribute_filters, half_life_days, start_date, end_date }) {
  return { event_type, weight: Number.isInteger(weight) ? Math.abs(weight) : weight, attribute_filters: attribute_filters ?? [], half_life_days, start_date, end_date };
}

/** What the rule would have earned, as far as it has not faded. */
const earned = (answer, rule) => Math.sign(rule.weight) * (answer.projected_score - answer.current_score);

/** A rule, over the events of the leads with the highest scores. */
export async function tryRule(draft, saved, known) {
  const test = (lead, rule) => api('/engagement-scoring/test', { method: 'POST', body: { lead_id: lead.lead_id, rule } });
  const floor = (await api('/settings/scoring')).allow_negative_scores ? -Infinity : 0;
  const rows = [];
  for (const lead of await top()) {
    const after = await test(lead, unsigned(draft));
    const before = saved?.active ? await test(lead, unsigned(saved)) : null;
    const change = (draft.active === false ? 0 : earned(after, draft)) - (before ? earned(before, saved) : 0);
    rows.push({ lead, events: after.matching_events, now: lead.score, then: Math.max(floor, lead.score + change) });
  }
  return projected(rows, known, 'Over each lead’s stored events, with what has faded by now. Saving changes no score by itself: it counts from the next event on, or after scoring anew.');
}

export async function tryProfileRule(draft, saved, known) {
  const rows = [];
  for (const lead of await top()) {
    const answer = await api('/profile-scoring/test', { method: 'POST', body: { lead_id: lead.lead_id, rule: { profile_field: draft.profile_field, operator: draft.operator, value: draft.value ?? '', weight: draft.weight } } });
    rows.push({ lead, events: answer.matches ? 1 : 0, now: answer.current_score, then: answer.projected_score });
  }
  return projected(rows, { ...known, levels: known.profileLevels }, 'On the profiles as they are, beside what other fit rules give.');
}

async function projected(rows, known, note) {
  if (!rows.length) return said('There are no leads yet to try it on.');
  const moved = rows.filter((one) => one.then !== one.now);
  rows.sort((a, b) => Number(b.then !== b.now) - Number(a.then !== a.now));
  const names = await Promise.all(rows.map((one) => leadName(one.lead.lead_id)));
  return [
    h('p', {}, h('strong', {}, moved.length ? `${moved.length} of the ${plural(rows.length, 'lead')} looked at would change` : `None of the ${plural(rows.length, 'lead')} looked at would change`)),
    h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, ['Lead', 'Matches', 'Now', 'Then', ''].map((one, i) => h('th', { scope: 'col', class: ['', 'number wide', 'number', 'number', ''][i] || null }, one || h('span', { class: 'unseen' }, 'Level'))))),
      h('tbody', {}, rows.map((one, i) => {
        const [before, after] = [levelOf(known.levels, one.now), levelOf(known.levels, one.then)];
        return h('tr', {}, h('td', { class: 'cut name' }, names[i]), h('td', { class: 'number wide' }, count(one.events)), h('td', { class: 'number' }, count(one.now)),
          h('td', { class: 'number' }, h('strong', {}, count(one.then)), one.then === one.now ? null : h('span', { class: one.then < one.now ? 'minus' : 'plus' }, ' ', signed(one.then - one.now))), h('td', {}, before?.id === after?.id ? null : level(after)));
      })))),
    said(note),
  ];
}

/** Levels: how many leads each would have. */
export async function tryLevels(draft, saved, known) {
  const leads = await top(100);
  const after = [...known.levels.filter((one) => one.id !== saved?.id), { ...draft, id: saved?.id ?? 'draft' }].sort((a, b) => a.min_score - b.min_score);
  const size = (levels, one) => leads.filter((lead) => levelOf(levels, lead.score)?.id === one.id).length;
  return [h('table', {}, h('thead', {}, h('tr', {}, ['Level', 'Leads now', 'Then'].map((one, i) => h('th', { scope: 'col', class: i ? 'number' : null }, one)))),
    h('tbody', {}, after.map((one) => h('tr', {}, h('td', {}, level(one)), h('td', { class: 'number' }, one.id === 'draft' ? '' : count(size(known.levels, one))), h('td', { class: 'number' }, count(size(after, one))))))),
  said(`Of the ${plural(leads.length, 'lead')} with the highest scores.`)];
}

/** An attribute filter: how many stored events of the leading leads it would have kept out. */
export async function tryFilter(draft) {
  const filters = (draft.conditions ?? []).map(({ key, ...rest }) => ({ field: key, ...rest }));
  const types = draft.event_type ? [draft.event_type] : (await api('/event-stats')).top_event_types.map((one) => one.event_type).slice(0, 8);
  const leads = await top(10);
  const rows = [];
  for (const type of types) {
    const answers = await Promise.all(leads.map((lead) => api('/engagement-scoring/test', { method: 'POST', body: { lead_id: lead.lead_id, rule: { event_type: type, weight: 1, attribute_filters: filters } } })));
    rows.push([type, answers.reduce((sum, one) => sum + one.matching_events, 0)]);
  }
  return [h('table', {}, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Event type'), h('th', { scope: 'col', class: 'number' }, 'Would be suppressed'))),
    h('tbody', {}, rows.map(([type, matching]) => h('tr', {}, h('td', {}, type), h('td', { class: 'number' }, count(matching)))))),
  said(`Among the events of the ${plural(leads.length, 'lead')} with the highest scores that count today. Events that are stored stay as they are.`)];
}

/** A velocity filter: what it would have kept out of the latest events of the type. */
export async function tryVelocity(draft) {
  const { event_type, count_threshold, window_ms, keep_first } = draft;
  if (!event_type || !Number.isInteger(count_threshold) || !Number.isInteger(window_ms)) {
    throw new ApiError(400, { error: 'event type, count and window are needed to try it', field: event_type ? Number.isInteger(count_threshold) ? 'window_ms' : 'count_threshold' : 'event_type' });
  }
  const { leads } = await api(`/leads?${new URLSearchParams({ event_type, sort: 'last_event_at', limit: sampleSize })}`);
  const most = keep_first ? Math.max(count_threshold, 1) : count_threshold;
  const rows = await Promise.all(leads.map(async (lead) => {
    const page = await api(`/events/${encodeURIComponent(lead.lead_id)}?${new URLSearchParams({ event_type, limit: 100 })}`);
    const times = page.events.filter((one) => one.suppression_reason !== 'metadata_filter').map((one) => Date.parse(one.created_at)).reverse();
    let first = 0;
    const over = times.filter((at, i) => {
      while (times[first] <= at - window_ms) first++;
      return i - first + 1 > most;
    });
    return { name: await leadName(lead.lead_id), events: times.length, over: over.length };
  }));
  const events = rows.reduce((sum, one) => sum + one.events, 0);
  const over = rows.reduce((sum, one) => sum + one.over, 0);
  return [h('p', {}, h('strong', {}, `${count(over)} of ${plural(events, 'event')} would not have counted`)),
    over ? h('table', {}, h('thead', {}, h('tr', {}, ['Lead', 'Events', 'Suppressed'].map((one, i) => h('th', { scope: 'col', class: i ? 'number' : null }, one)))),
      h('tbody', {}, rows.filter((one) => one.over).map((one) => h('tr', {}, h('td', { class: 'cut name' }, one.name), h('td', { class: 'number' }, count(one.events)), h('td', { class: 'number' }, count(one.over)))))) : null,
    said(`The latest 100 of ${event_type} of each of the ${plural(leads.length, 'lead')} that were active last. Events that are stored stay as they are.`)];
}

/** A milestone: who stands above the line, and, once it is saved, what it would do for the first of them. */
export async function tryMilestone(draft, saved) {
  const above = await api(`/leads?${new URLSearchParams({ min_score: draft.score_threshold, sort: 'score', limit: 5 })}`);
  const all = await api('/leads?limit=1');
  const lines = [h('p', {}, h('strong', {}, `${count(above.total)} of ${plural(all.total, 'lead')}`), ` stand at ${count(draft.score_threshold)} or above today; it fires for the next that gets there.`)];
  if (saved && all.total) {
    const [lead] = await top(1);
    const answer = await api(`/triggers/${encodeURIComponent(saved.id)}/simulate`, { method: 'POST', body: { lead_id: lead.lead_id, score: draft.score_threshold } });
    lines.push(h('p', {}, `As it is saved, ${await leadName(lead.lead_id)} going from ${count(answer.previous_score)} to ${count(answer.score)}: `, h('strong', {}, answer.fires ? 'it fires' : 'it does not fire'), `. ${answer.reason}.`));
  }
  return lines;
}

/**
 * A sequence or a surge, over the last 30 days. The server tries those it knows: a draft is saved
 * for the moment as one that is switched off and tells nobody, tried, and deleted.
 */
export async function tryTrigger(path, draft) {
  const { event_types, ordered, threshold, window_seconds, event_type } = draft;
  const wanted = path === '/sequences' ? { event_types, ordered, window_seconds } : { threshold, window_seconds, ...(event_type ? { event_type } : {}) };
  const made = await api(path, { method: 'POST', body: { name: `(tried) ${draft.name ?? ''}`.trim(), ...wanted, active: false } });
  const one = `${path}/${encodeURIComponent(made.id)}`;
  try {
    return path === '/sequences' ? await overLeads(one) : await overAll(one);
  } finally {
    await api(one, { method: 'DELETE' });
  }
}

async function overAll(one) {
  const seen = await api(`${one}/preview`, { method: 'POST', body: { days: 30 } });
  return firings(`${plural(seen.firings, 'firing')} for ${plural(seen.leads, 'lead')} within the last 30 days`, seen.sample_leads, `${plural(seen.events, 'event')} looked at${seen.complete ? '' : '; there were more'}.`);
}

async function overLeads(one) {
  const leads = await top();
  const seen = await Promise.all(leads.map(async (lead) => ({ lead_id: lead.lead_id, ...(await api(`${one}/simulate`, { method: 'POST', body: { lead_id: lead.lead_id, days: 30 } })) })));
  const fired = seen.filter((each) => each.firings);
  return firings(`${plural(fired.reduce((sum, each) => sum + each.firings, 0), 'firing')} for ${plural(fired.length, 'lead')} within the last 30 days`, fired, `Of the ${plural(leads.length, 'lead')} with the highest scores.`);
}

async function firings(headline, rows, note) {
  const names = await Promise.all(rows.map((one) => leadName(one.lead_id)));
  return [h('p', {}, h('strong', {}, headline)),
    rows.length ? h('table', {}, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Lead'), h('th', { scope: 'col', class: 'number' }, 'Firings'))),
      h('tbody', {}, rows.map((one, i) => h('tr', {}, h('td', {}, names[i]), h('td', { class: 'number' }, count(one.firings)))))) : null,
    said(note)];
}
