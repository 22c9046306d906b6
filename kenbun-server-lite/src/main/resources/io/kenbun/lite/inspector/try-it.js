// What a change would do to the leads there are, before it is saved: the server is asked what the
// very call that saves it would come to.
import { api } from './api.js';
import { h } from './dom.js';
import { count, plural, signed } from './format.js';
import { leadName } from './lead-names.js';
import { levelOf } from './names.js';
import { level } from './event.js';

const said = (...words) => h('p', { class: 'soft' }, words);
const column = (label, kind) => h('th', { scope: 'col', class: kind ?? null }, label);
const table = (head, rows) => h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, head)), h('tbody', {}, rows)));

/** Returns what `call` (method, path, body) would do, in words and tables. */
export async function tryChange(call, kind, known) {
  const seen = await api('/lite/try', { method: 'POST', body: call });
  if (seen.firings) {
    return firings(seen.firings);
  }
  if (!seen.leads) {
    return said('There are no leads yet to try it on.');
  }
  const ofProfile = kind.group === 'Profile';
  const levels = ofProfile ? seen.profile_levels : seen.engagement_levels;
  const names = await Promise.all(seen.changed.map((one) => leadName(one.lead_id)));
  const lines = [
    seen.events_suppressed ? `${plural(seen.events_suppressed, 'event')} would not have counted` : null,
    seen.events_released ? `${plural(seen.events_released, 'event')} would have counted` : null,
    `${seen.leads_changed ? count(seen.leads_changed) : 'None'} of the ${plural(seen.leads_tried, 'lead')} looked at would change`,
  ].filter(Boolean);
  return [
    h('p', {}, h('strong', {}, lines.join('; '))),
    seen.changed.length ? table([column('Lead'), column('Now', 'number'), column('Then', 'number')],
      seen.changed.map((one, i) => row(one, names[i], ofProfile, ofProfile ? known.profileLevels : known.levels, levels, known))) : null,
    levels.some((one) => one.before !== one.after) ? table([column('Level'), column('Leads now', 'number'), column('Then', 'number')],
      levels.filter((one) => one.before || one.after || one.name !== 'Unclassified').map((one) => h('tr', {}, h('td', {}, level(one)), h('td', { class: 'number' }, count(one.before)), h('td', { class: 'number' }, count(one.after))))) : null,
    said(seen.leads_changed > seen.changed.length ? `The ${seen.changed.length} that change most. ` : null, kind.tried ?? 'As if it had always been in force, over the events that are stored. Saving changes no score by itself: it counts from the next event on, or after scoring anew.',
      seen.leads > seen.leads_tried ? ` Looked at: the highest scores and those that were active last, of ${plural(seen.leads, 'lead')}.` : null),
  ];
}

function row(one, name, ofProfile, saved, levels, known) {
  const other = Object.keys({ ...one.before.engagement_scores, ...one.after.engagement_scores }).find((id) => (one.before.engagement_scores[id] ?? 0) !== (one.after.engagement_scores[id] ?? 0));
  const isOther = !ofProfile && one.before.score === one.after.score && other;
  const score = (side) => (ofProfile ? side.profile_score : isOther ? side.engagement_scores[other] ?? 0 : side.score);
  const [now, then] = [score(one.before), score(one.after)];
  const [was, is] = ofProfile ? [one.before.profile_level, one.after.profile_level] : [one.before.engagement_level, one.after.engagement_level];
  const more = [
    isOther ? `in ${known.rulesets.get(other)?.name ?? 'this ruleset'}` : null,
    ...one.fields.slice(0, 3).map((field) => `${field.field}: ${field.before ?? 'none'} → ${field.after ?? 'none'}`),
    one.events_suppressed ? `${plural(one.events_suppressed, 'event')} fewer` : null,
    one.events_released ? `${plural(one.events_released, 'event')} more` : null,
  ].filter(Boolean).join(' · ');
  const found = levels.find((any) => any.name === is) ?? levelOf(saved, then);
  return h('tr', {}, h('td', { class: 'name' }, h('span', { class: 'cut' }, name), more ? h('span', { class: 'soft small cut' }, more) : null, was === is ? null : h('span', { class: 'small cut' }, level(found, is))), h('td', { class: 'number' }, count(now)),
    h('td', { class: 'number' }, h('strong', {}, count(then)), then === now ? null : h('span', { class: then < now ? 'minus' : 'plus' }, ' ', signed(then - now))));
}

/** A milestone: who stands above the line, and, once it is saved, what it would do for the first of them. */
export async function tryMilestone(draft, saved) {
  const above = await api(`/leads?${new URLSearchParams({ min_score: draft.score_threshold, sort: 'score', limit: 5 })}`);
  const all = await api('/leads?sort=score&limit=1');
  const lines = [h('p', {}, h('strong', {}, `${count(above.total)} of ${plural(all.total, 'lead')}`), ` stand at ${count(draft.score_threshold)} or above today; it fires for the next that gets there.`)];
  if (saved && all.total) {
    const [lead] = all.leads;
    const answer = await api(`/triggers/${encodeURIComponent(saved.id)}/simulate`, { method: 'POST', body: { lead_id: lead.lead_id, score: draft.score_threshold } });
    lines.push(h('p', {}, `As it is saved, ${await leadName(lead.lead_id)} going from ${count(answer.previous_score)} to ${count(answer.score)}: `, h('strong', {}, answer.fires ? 'it fires' : 'it does not fire'), `. ${answer.reason}.`));
  }
  return lines;
}

async function firings(seen) {
  const names = await Promise.all(seen.sample_leads.map((one) => leadName(one.lead_id)));
  return [h('p', {}, h('strong', {}, `${plural(seen.firings, 'firing')} for ${plural(seen.leads, 'lead')} within the last ${seen.days} days`)),
    seen.sample_leads.length ? table([column('Lead'), column('Firings', 'number')], seen.sample_leads.map((one, i) => h('tr', {}, h('td', { class: 'cut name' }, names[i]), h('td', { class: 'number' }, count(one.firings))))) : null,
    said(`${plural(seen.events, 'event')} looked at${seen.complete ? '' : '; there were more'}.`)];
}
