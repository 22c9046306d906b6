// Leads, the highest score first.
import { api } from './api.js';
import { h, put, text, codeBlock } from './dom.js';
import { ago, count, exact, plural } from './format.js';
import { curl } from './curl.js';
import { level } from './event.js';
import { aliasesOf } from './lead-names.js';
import { levelOf, names } from './names.js';
import { sparkline } from './charts.js';
import { redrawOnScores } from './redraw.js';

const perPage = 25;
const asked = { page: 1, sort: 'score', level: '', search: '' };

/** The view. */
export async function leads(rest, { onLeave }) {
  const known = await names();
  const body = h('tbody', {});
  const table = h('div', { class: 'scroll' }, h('table', { class: 'leads' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col', class: 'number rank' }, '#'), h('th', { scope: 'col' }, 'Lead'), h('th', { scope: 'col', class: 'number' }, 'Score'),
      h('th', { scope: 'col' }, 'Level'), h('th', { scope: 'col', class: 'wide' }, 'Last 7 days'), h('th', { scope: 'col', class: 'wide' }, 'Last event'))), body));
  const empty = h('div', { hidden: true });
  const total = h('span', { class: 'soft small', role: 'status' });
  const pages = h('div', { class: 'row pages' });
  const search = h('input', { id: 'search', type: 'search', placeholder: 'Search leads', 'aria-label': 'Search leads', value: asked.search, oninput: () => later(() => { asked.search = search.value.trim(); asked.page = 1; draw(); }) });
  const sort = select('Order', [['score', 'Highest score'], ['last_event_at', 'Last active'], ['created_at', 'Newest']], asked.sort, (value) => { asked.sort = value; asked.page = 1; draw(); });
  const band = select('Level', [['', 'All levels'], ...known.levels.map((one) => [one.id, one.name])], asked.level, (value) => { asked.level = value; asked.page = 1; draw(); });
  const node = h('section', { 'aria-labelledby': 'title' },
    h('header', { class: 'view-head' }, h('h1', { id: 'title' }, 'Leads'), total),
    h('div', { class: 'toolbar' }, search, band, sort),
    h('div', { class: 'card' }, table, empty), pages);
  const all = () => {
    Object.assign(asked, { page: 1, level: '', search: '' });
    search.value = band.value = '';
    draw();
  };
  let drawing = 0;
  let waitTimer = null;

  function later(task) {
    clearTimeout(waitTimer);
    waitTimer = setTimeout(task, 180);
  }

  async function draw() {
    const mine = ++drawing;
    const page = await listed(known);
    if (mine !== drawing) return;
    text(total, asked.search ? plural(page.total, 'match', 'matches') : plural(page.total, 'lead'));
    empty.hidden = page.leads.length > 0;
    table.hidden = page.leads.length === 0;
    if (!page.leads.length) {
      put(empty, asked.search || asked.level ? h('div', { class: 'empty' }, h('h2', {}, 'No such lead'), h('p', {}, asked.search ? 'Looked for in ids, aliases, owners and what is known of each lead.' : 'None stands in this level now.'),
        h('button', { onclick: all }, 'Show all leads')) : noLeads());
    }
    put(body, page.leads.map((lead, i) => row(lead, (asked.page - 1) * perPage + i + 1, known)));
    const last = Math.max(1, Math.ceil(page.total / perPage));
    put(pages, last > 1 ? [
      h('button', { disabled: asked.page === 1, onclick: () => { asked.page--; draw(); } }, 'Previous'),
      h('span', { class: 'soft' }, `Page ${count(asked.page)} of ${count(last)}`),
      h('button', { disabled: asked.page >= last, onclick: () => { asked.page++; draw(); } }, 'Next')] : null);
  }

  redrawOnScores(onLeave, () => true, draw);
  await draw();
  return node;
}

function select(label, options, value, change) {
  const node = h('select', { 'aria-label': label, onchange: () => change(node.value) }, options.map(([key, name]) => h('option', { value: key }, name)));
  node.value = value;
  return node;
}

function listed(known) {
  const query = new URLSearchParams({ page: asked.page, limit: perPage, sort: asked.sort, ...(asked.search ? { q: asked.search } : {}) });
  const band = known.levels.find((one) => one.id === asked.level);
  if (band) {
    query.set('min_score', band.min_score);
    if (band.max_score !== null) query.set('max_score', band.max_score);
  }
  return api(`/leads?${query}`);
}

function row(lead, rank, known) {
  const href = `#/lead/${encodeURIComponent(lead.lead_id)}`;
  const name = h('a', { href, class: 'cut lead-name', dir: 'auto' }, lead.lead_id);
  const more = h('span', { class: 'soft small cut' });
  const spark = h('td', { class: 'wide' });
  aliasesOf(lead.lead_id).then((aliases) => {
    if (aliases.length) {
      text(name, aliases[0].value);
      name.title = aliases[0].value;
      text(more, aliases.length > 1 ? `and ${plural(aliases.length - 1, 'more alias', 'more aliases')}` : aliases[0].kind);
    }
  });
  history(lead).then((points) => put(spark, sparkline(points, `Score over 7 days, now ${lead.score}`)));
  const found = levelOf(known.levels, lead.score);
  return h('tr', { class: 'link', onclick: (event) => event.target.closest('a') || (location.hash = href) },
    h('td', { class: 'number soft rank' }, rank), h('td', { class: 'who' }, h('div', { class: 'stack tight' }, name, more)),
    h('td', { class: 'number' }, h('strong', {}, count(lead.score))), h('td', {}, level(found, lead.engagement_level)), spark,
    h('td', { class: 'soft wide', title: lead.last_event_at ? exact(Date.parse(lead.last_event_at)) : null }, lead.last_event_at ? ago(Date.parse(lead.last_event_at)) : 'never'));
}

const histories = new Map();

/** The lead's hourly scores of a week and its score now; kept until it does something. */
function history(lead) {
  const key = `${lead.lead_id} ${lead.last_event_at} ${lead.score}`;
  if (!histories.has(key)) {
    if (histories.size > 300) histories.clear();
    histories.set(key, api(`/lead/${encodeURIComponent(lead.lead_id)}/score-history?days=7`).then((answer) => {
      const main = lead.ruleset_id || answer.snapshots[0]?.ruleset_id;
      const points = answer.snapshots.filter((one) => one.ruleset_id === main).map((one) => [Date.parse(one.snapshot_at), one.score]);
      const from = Date.parse(answer.period.start);
      const to = Date.parse(answer.period.end);
      const first = points[0]?.[0] ?? Date.parse(lead.created_at ?? to);
      // Until its first snapshot the lead had nothing, unless that is the first there can be.
      const nothing = first > from + 3600000 ? [[from, 0], [Math.min(first, to) - 1, 0]] : [];
      return [...nothing, ...points, [to, lead.score]];
    }).catch(() => []));
  }
  return histories.get(key);
}

function noLeads() {
  return h('div', { class: 'empty' }, h('h2', {}, 'No leads yet'),
    h('p', {}, 'A lead comes to be with the first event that names it: by an alias, such as an e-mail address, or by a lead_id of yours.'),
    codeBlock(curl('/ingest', '{"alias_kind":"email","alias":"ada@example.com","event_type":"Demo Request"}'), 'Copy both lines'));
}
