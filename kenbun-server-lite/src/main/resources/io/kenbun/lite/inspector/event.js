// Everything known about one row of the live view.
import { api, apiOrNull } from './api.js';
import { h, icon, put, toast, codeBlock } from './dom.js';
import { ago, duration, exact, plural, signed } from './format.js';
import { names, ruleLabel, levelOf } from './names.js';
import { reasons } from './live.js';
import { locate, membersOf } from './locate.js';
import { curl, ingestBody } from './curl.js';

/** A score as a level: its colour and its name. */
export function level(found, name) {
  const dot = h('i', {});
  if (found) {
    dot.style.backgroundColor = found.color; // Only ever a colour: anything else is ignored.
  }
  return h('span', { class: 'level' }, dot, found?.name ?? name ?? 'Unclassified');
}

/** JSON, indented, its parts in colours. */
export const json = (value) => jsonText(JSON.stringify(value));

/** JSON as it was written, but for the space between its parts. */
export function jsonText(source) {
  const parts = source.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g) ?? [];
  let depth = 0;
  const line = () => '\n' + '  '.repeat(depth);
  return h('pre', { class: 'code', tabindex: '0', role: 'region', 'aria-label': 'JSON' }, parts.map((part, i) => {
    const next = parts[i + 1];
    if (part === '{' || part === '[') {
      depth++;
      return next === '}' || next === ']' ? part : part + line();
    }
    if (part === '}' || part === ']') {
      depth--;
      return parts[i - 1] === '{' || parts[i - 1] === '[' ? part : line() + part;
    }
    if (part === ',') return part + line();
    if (part === ':') return ' ';
    const kind = next === ':' ? 'key' : part.startsWith('"') ? 'text' : 'other';
    return h('span', { class: kind }, next === ':' ? part + ':' : part);
  }));
}

/** A body as it was sent, with what is wrong marked. */
export function markedBody(body, field, error) {
  const at = locate(body, field, error);
  const content = at ? [body.slice(0, at[0]), h('mark', {}, body.slice(at[0], at[1]) || ' (here it ends)'), body.slice(at[1])] : body;
  return h('pre', { class: 'code', tabindex: '0', role: 'region', 'aria-label': 'Body as sent' }, content);
}

/** Points by rule, as bars of one scale. */
export function bars(items) {
  const most = Math.max(1, ...items.map((one) => Math.abs(one.points)));
  return h('ul', { class: 'bars' }, items.map((one) => h('li', { class: 'bar' },
    h('span', {}, one.label, one.more ? h('span', { class: 'soft' }, ' ', one.more) : null),
    h('span', { class: one.points < 0 ? 'minus' : 'plus' }, signed(one.points)),
    barOf(Math.abs(one.points) / most, one.points < 0))));
}

function barOf(share, minus) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  for (const [name, width] of [['track', 100], [minus ? 'value minus' : 'value', Math.max(1, share * 100)]]) {
    const rect = document.createElementNS(svg.namespaceURI, 'rect');
    rect.setAttribute('class', name);
    rect.setAttribute('width', `${width}%`);
    rect.setAttribute('height', '8');
    rect.setAttribute('rx', '4');
    svg.append(rect);
  }
  return svg;
}

/** The panel beside the list; `close` puts it away. */
export function details(row, close) {
  const message = JSON.parse(row.raw);
  const score = row.scoreRaw ? JSON.parse(row.scoreRaw) : null;
  const body = h('div', { class: 'stack body' });
  const panel = h('div', {},
    h('header', {}, h('h2', { class: 'grow cut', dir: 'auto', title: row.type }, row.type), h('span', { class: `badge ${row.fate}` }, row.fate),
      h('button', { class: 'plain icon', 'aria-label': 'Close', onclick: close }, icon('close'))),
    body);
  const render = { event, rejected, trigger }[row.kind];
  render(body, row, message, score).catch((error) => body.append(h('p', { class: 'notice bad' }, error.message)));
  return panel;
}

const leadLink = (id, label) => h('a', { href: `#/lead/${encodeURIComponent(id)}` }, label ?? id);

function facts(items) {
  return h('dl', { class: 'facts' }, items.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

async function event(body, row, message, score) {
  const places = { verdict: h('div', { class: 'stack' }), lead: h('div', {}) };
  const metadata = membersOf(row.raw)('metadata');
  const delay = score?.at ? Date.parse(score.at) - Date.parse(message.at) : null;
  put(body, places.verdict,
    facts([
      ['Event', h('code', {}, message.event_id)],
      ['Lead', message.lead_id ?? row.lead ? leadLink(row.lead || message.lead_id) : 'not known yet'],
      ['Aliases', message.aliases?.length ? message.aliases.map((one) => h('div', {}, h('span', { class: 'soft' }, one.kind, ' '), h('bdi', {}, one.value))) : null],
      ['Happened', exact(Date.parse(message.timestamp))],
      ['Arrived', `${exact(row.at)} (${ago(row.at)})`],
      ['Decided', delay === null ? null : `${duration(Math.max(0, delay))} after that`],
    ]),
    places.lead,
    h('h3', {}, 'Metadata'), Object.keys(message.metadata ?? {}).length ? jsonText(metadata.slice(metadata.indexOf(':') + 1)) : h('p', { class: 'soft' }, 'None came with it.'),
    h('h3', {}, 'Send it again'), codeBlock(curl('/ingest', ingestBody(message, metadata)), 'Copy as curl'));
  const known = await names();
  put(places.verdict, verdict(row, score, known));
  if (row.lead) {
    const lead = await apiOrNull(`/lead/${encodeURIComponent(row.lead)}`);
    if (lead) {
      put(places.lead, h('p', { class: 'row' }, 'The lead now stands at ', h('strong', {}, lead.score), level(levelOf(known.levels, lead.score), lead.engagement_level)));
    }
  }
}

function verdict(row, score, known) {
  if (row.fate === 'queued') {
    return h('p', { class: 'notice' }, 'Accepted and on disk; its turn to be scored has not come yet.');
  }
  if (row.fate === 'failed') {
    return h('div', { class: 'stack' }, h('p', { class: 'notice bad' }, `Could not be scored: ${score?.error ?? 'see the log'}`),
      failedActions(row));
  }
  if (row.fate === 'suppressed') {
    return h('p', { class: 'notice warn' }, `Stored, but counts for nothing: ${reasons[score?.suppression_reason] ?? score?.suppression_reason ?? ''}.`);
  }
  const gains = score?.gains ?? [];
  if (!gains.length) {
    return h('p', { class: 'notice' }, 'Scored, and no active rule matches it, so it gave nothing. ', h('a', { href: '#/rules' }, 'Make a rule'));
  }
  return [h('p', {}, h('strong', {}, signed(score.points)), ` by ${plural(gains.length, 'rule')}`),
    bars(gains.map((one) => ({ label: ruleLabel(known, one.rule_id), more: known.rulesets.size > 1 ? known.rulesets.get(one.ruleset_id)?.name : null, points: one.points })))];
}

/** What can be done about an event that could not be scored. */
function failedActions(row) {
  const place = h('div', { class: 'row' });
  const action = (label, method, suffix, done) => h('button', { onclick: async () => {
    try {
      await api(`/lite/failed/${encodeURIComponent(row.id)}${suffix}`, { method });
      put(place, h('p', { class: 'soft' }, done));
    } catch (error) {
      toast(error.message);
    }
  } }, label);
  return put(place, action('Try again', 'POST', '/retry', 'It is tried again within a second.'), action('Give up', 'DELETE', '', 'Given up: it is not kept any more.'));
}

/** Of a longer body the server keeps the first 2 KiB, of which the end may be half a character. */
const isCut = (body) => new TextEncoder().encode(body).length >= 2048;

async function rejected(body, row, message) {
  put(body,
    h('p', { class: 'notice bad' }, h('strong', {}, `${message.status} ${message.code}`), h('br'), message.error),
    facts([['Field', message.field ? h('code', {}, message.field) : null], ['Request', `${message.method} ${message.path}`],
      ['Line', message.line ?? null], ['Sent by', message.credential_id || 'anyone'], ['Unit', message.unit_id], ['Arrived', `${exact(row.at)} (${ago(row.at)})`]]),
    h('h3', {}, 'Body as sent'),
    message.body === null ? h('p', { class: 'soft' }, 'None was read.') : markedBody(message.body, message.field, message.error),
    message.body === null ? null : isCut(message.body) ? h('p', { class: 'soft' }, 'It was longer: its start is all that is kept.') : [h('h3', {}, 'Send it again, once it is mended'),
      codeBlock(curl(message.path, message.body, message.path === '/ingest/batch' ? 'application/x-ndjson' : 'application/json'), 'Copy as curl')]);
}

async function trigger(body, row, message) {
  put(body, h('p', { class: 'notice' }, `${message.name} has fired.`),
    facts([['Kind', message.kind], ['Event', message.event], ['Lead', message.lead_id ? leadLink(message.lead_id) : null], ['Trigger', h('code', {}, message.trigger_id)],
      ['Firing', h('code', {}, message.firing_id)], ['When', exact(row.at)]]),
    h('p', {}, h('a', { href: '#/deliveries' }, 'Whom triggers told')));
}
