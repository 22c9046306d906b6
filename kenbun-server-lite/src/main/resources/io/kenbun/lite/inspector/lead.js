// One lead: who it is, how its score came about, and what will become of it.
import { api, apiOrNull } from './api.js';
import { h, put } from './dom.js';
import { ago, count, date, dateTime, exact, excerpt, plural, signed, zone } from './format.js';
import { bars, json, level } from './event.js';
import { aliasesOf, forgetAliases } from './lead-names.js';
import { levelOf, names, ruleLabel } from './names.js';
import { timeChart } from './charts.js';
import { reasons } from './live.js';
import { redrawOnScores } from './redraw.js';
const span = { days: 30 };

/** The view of the lead whose id is the first part of `rest`. */
export async function lead([id], { onLeave }) {
  const node = h('section', { 'aria-labelledby': 'title' });
  const draw = async () => put(node, await content(id, draw));
  redrawOnScores(onLeave, (data) => JSON.parse(data).lead_id === id, () => {
    forgetAliases(id);
    return draw();
  });
  await draw();
  return node;
}

async function content(id, redraw) {
  const path = encodeURIComponent(id);
  const one = await apiOrNull(`/lead/${path}`);
  if (!one) {
    return h('div', { class: 'empty' }, h('h1', { id: 'title' }, 'No such lead'), h('p', {}, 'There is none of the id ', h('code', {}, id), ' in this unit. It may have been merged or deleted.'), h('a', { class: 'button', href: '#/leads' }, 'All leads'));
  }
  const [known, scores, events, aliases, history, outlook] = await Promise.all([names(), api(`/score/${path}`), api(`/events/${path}?limit=100`), aliasesOf(id),
    api(`/lead/${path}/score-history?days=${span.days}`), apiOrNull(`/lite/lead/${path}/outlook?days=${Math.max(7, span.days)}`)]);
  const ids = events.events.map((event) => event.id);
  const gains = ids.length ? (await apiOrNull(`/lite/gains?event_ids=${ids.join(',')}`))?.gains ?? {} : {};
  const found = levelOf(known.levels, one.score);
  return [
    h('header', { class: 'lead-head' },
      h('div', { class: 'grow stack tight' },
        h('a', { href: '#/leads', class: 'small' }, 'Leads'),
        h('h1', { id: 'title', class: 'cut', dir: 'auto', title: aliases[0]?.value ?? id }, aliases[0]?.value ?? id),
        h('p', { class: 'soft small' }, h('code', {}, id), one.created_at ? ` · since ${date(Date.parse(one.created_at))}` : '', one.last_event_at ? h('span', { title: exact(Date.parse(one.last_event_at)) }, ` · last active ${ago(Date.parse(one.last_event_at))}`) : '')),
      h('div', { class: 'score' }, h('strong', {}, count(one.score)), level(found, one.engagement_level))),
    chartCard(one, known, history, outlook, events, gains, redraw),
    h('div', { class: 'columns' }, await explanation(path, known), facts(one, aliases, scores, known)),
    timeline(events, gains, known),
  ];
}

function chartCard(one, known, history, outlook, page, gains, redraw) {
  const { events } = page;
  const now = Date.parse(history.period.end);
  const from = now - span.days * 86400000;
  const main = mainRuleset(known)?.id;
  let past = history.snapshots.filter((item) => item.ruleset_id === main).map((item) => [Date.parse(item.snapshot_at), item.score]);
  const points = (event) => (gains[event.id] ?? []).filter((gain) => gain.ruleset_id === main).reduce((sum, gain) => sum + gain.points, 0);
  if (past.length < 2) {
    past = stepsOf(events, points, from);
    if (page.total <= events.length) past.unshift([from, 0]); // Before its first event it had nothing.
  } else if (past[0][0] > from + 3600000) {
    past.unshift([from, 0], [past[0][0] - 3600000, 0]);
  }
  past.push([now, one.score]);
  const ahead = (outlook?.points ?? []).map((item) => [Date.parse(item.at), item.scores[main] ?? 0]);
  const fades = ahead.length > 1 && ahead.at(-1)[1] !== ahead[0][1];
  const marks = events.filter((event) => Date.parse(event.created_at) >= from && points(event)).map((event) => {
    const at = Date.parse(event.created_at);
    const after = past.findLast((item) => item[0] === at) ?? past.find((item) => item[0] >= at) ?? past.at(-1);
    return { at, value: after[1], label: `${signed(points(event))} ${event.event_type}`, minus: points(event) < 0 };
  });
  const lines = [{ points: past, area: true }, ...(fades ? [{ points: ahead, kind: 'ahead' }] : [])];
  return h('div', { class: 'card' },
    h('header', {}, h('h2', { class: 'grow' }, 'Score over time'), h('div', { class: 'row', role: 'group', 'aria-label': 'Time span' }, [1, 7, 30, 90].map((days) =>
      h('button', { class: 'chip', 'aria-pressed': String(span.days === days), onclick: () => { span.days = days; redraw(); } }, days === 1 ? '24 hours' : `${days} days`)))),
    h('div', { class: 'body stack' },
      timeChart({ lines, marks, now: fades ? now : null, label: `Score over ${span.days} days, now ${one.score}, ${plural(marks.length, 'event')} marked` }),
      h('p', { class: 'soft small' }, fades ? outlookText(ahead) : 'Dots are events that gave or took points. No half-life is at work on this score: it stays until something happens.')));
}

/** The score as events alone make it, where there are no snapshots yet. */
function stepsOf(events, points, from) {
  let sum = 0;
  const steps = [];
  for (const event of [...events].reverse()) {
    const at = Date.parse(event.created_at);
    steps.push([Math.max(at, from), sum]);
    sum = Math.max(0, sum + points(event));
    steps.push([Math.max(at, from), sum]);
  }
  return steps;
}

function outlookText(ahead) {
  const [from, score] = ahead[0];
  const half = ahead.find((item) => item[1] <= score / 2);
  const last = ahead.at(-1);
  return `Dots are events that gave or took points. If nothing more happens, half-lives take it from ${count(score)} to ${count(last[1])} within ${plural(Math.round((last[0] - from) / 86400000), 'day')}`
    + (half ? `; it is halved on ${date(half[0])}.` : '.');
}

const mainRuleset = (known) => [...known.rulesets.values()].find((one) => one.is_primary) ?? [...known.rulesets.values()][0];

async function explanation(path, known) {
  const body = h('div', { class: 'body stack' });
  const hours = h('select', { 'aria-label': 'Window', onchange: () => draw() }, [[24, 'last 24 hours'], [168, 'last 7 days'], [720, 'last 30 days'], [8760, 'last 365 days']].map(([value, label]) => h('option', { value, selected: value === 8760 }, label)));
  hours.value = '8760';
  async function draw() {
    const why = await api(`/lead/${path}/score-explain?hours=${hours.value}`);
    const notes = [
      why.decay_applied ? `Inactivity took ${count(-why.decay_applied)}.` : null,
      why.inorganic_count ? `${plural(why.inorganic_count, 'event')} did not count: too many at once.` : null,
      why.score_reset_at ? `Reset ${dateTime(Date.parse(why.score_reset_at))}; ${plural(why.reset_excluded_count, 'earlier event')} left out.` : null,
    ].filter(Boolean);
    put(body, why.top_drivers.length
      ? bars(why.top_drivers.map((one) => ({ label: one.event_type + (one.filter_label ? ` where ${one.filter_label}` : ''), more: `${count(one.count)} × ${count(one.weight)}`, points: one.total })))
      : h('p', { class: 'soft' }, 'No rule has given anything in this time: ', h('a', { href: '#/rules' }, 'see the rules'), ', or look further back.'),
    notes.map((note) => h('p', { class: 'soft small' }, note)),
    why.top_drivers.some((one) => known.rules.get(one.rule_id)?.half_life_days) ? h('p', { class: 'soft small' }, 'As given, before half-lives.') : null);
  }
  await draw();
  return h('div', { class: 'card' }, h('header', {}, h('h2', { class: 'grow' }, 'Why this score'), hours), body);
}

function facts(one, aliases, scores, known) {
  const metadata = one.metadata ?? {};
  const rulesets = Object.entries(scores.engagement_scores ?? {});
  return h('div', { class: 'card' }, h('header', {}, h('h2', {}, 'Who')), h('div', { class: 'body stack' },
    h('dl', { class: 'facts' },
      aliases.map((alias) => [h('dt', {}, alias.kind), h('dd', { dir: 'auto' }, alias.value)]),
      aliases.length ? null : [h('dt', {}, 'Aliases'), h('dd', { class: 'soft' }, 'none: known by its id alone')],
      h('dt', {}, 'Fit'), h('dd', {}, level(known.profileLevels.find((item) => item.name === one.profile_level), one.profile_level)),
      rulesets.length > 1 ? rulesets.map(([id, score]) => [h('dt', {}, known.rulesets.get(id)?.name ?? id), h('dd', {}, count(score))]) : null),
    Object.keys(metadata).length ? [h('h3', {}, 'Profile'), json(metadata)] : null));
}

function timeline(page, gains, known) {
  let day = '';
  return h('div', { class: 'card' }, h('header', {}, h('h2', { class: 'grow' }, 'Timeline'), h('span', { class: 'soft small' }, page.total > page.events.length ? `the last ${count(page.events.length)} of ${plural(page.total, 'event')}` : plural(page.total, 'event'), `, times in ${zone()}`)),
    h('ol', { class: 'timeline' }, page.events.map((event) => {
      const at = Date.parse(event.created_at);
      const mine = gains[event.id] ?? [];
      const points = mine.reduce((sum, gain) => sum + gain.points, 0);
      const heading = date(at) === day ? null : h('li', { class: 'day' }, (day = date(at)));
      // One rule that is called as the event says nothing that the points beside it do not.
      const isPlain = mine.length === 1 && ruleLabel(known, mine[0].rule_id) === event.event_type;
      const why = event.suppression_reason ? `suppressed: ${reasons[event.suppression_reason] ?? event.suppression_reason}` : isPlain ? '' : mine.map((gain) => `${signed(gain.points)} ${ruleLabel(known, gain.rule_id)}`).join(', ');
      const more = Object.keys(event.metadata).length ? h('details', {}, h('summary', { class: 'cut', dir: 'auto' }, excerpt(event.metadata)), json(event.metadata)) : null;
      return [heading, h('li', {}, h('time', { class: 'soft small', datetime: event.created_at, title: exact(at) }, dateTime(at).split(', ')[1] ?? ''),
        h('div', { class: 'grow' }, h('strong', {}, h('bdi', {}, event.event_type)), why ? h('span', { class: 'soft' }, ' ', why) : null, more),
        h('span', { class: points < 0 ? 'minus' : points > 0 ? 'plus' : 'soft' }, points ? signed(points) : '')), ];
    })));
}
