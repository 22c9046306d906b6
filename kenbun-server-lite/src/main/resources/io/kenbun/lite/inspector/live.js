// Live: events as they come in, each with what became of it.
import { h, icon, put, text, codeBlock } from './dom.js';
import { count, plural, signed, shortTime, excerpt, zone } from './format.js';
import { forget, names, ruleLabel } from './names.js';
import { Rows, fates } from './rows.js';
import { stream } from './stream.js';
import { leadName } from './lead-names.js';
import { VirtualList } from './virtual-list.js';
import { details } from './event.js';
import { Unseen } from './unseen.js';
import { curl } from './curl.js';

const renderEveryMillis = 80; // More often than anybody reads, and well within a quarter second.
const maxWaiting = 20000;
const rateMillis = 2000;

const rows = new Rows();
const filter = { type: '', lead: '', text: '', fates: new Set() };
let known = null;
let waiting = []; // Messages that came since the last render, or while the view is paused.
let paused = false;
let skipped = 0;
let view = null;
let arrivals = []; // Of the last moment, for the rate.
let quiet = null; // The timer that notices that nothing comes any more.

const parts = {
  event(message) {
    const who = message.aliases?.[0]?.value ?? message.lead_id ?? '';
    return {
      id: message.event_id, fate: 'queued', type: message.event_type, lead: message.lead_id ?? '', who,
      at: Date.parse(message.at), points: null, brought: excerpt(message.metadata),
    };
  },
  rejected(message) {
    return {
      id: '', fate: 'rejected', type: sentType(message), lead: '', who: sent(leadNamed, message) ?? '',
      at: Date.parse(message.at), points: null, brought: `${message.status} ${message.code}: ${message.error}`,
    };
  },
  trigger(message) {
    return {
      id: message.firing_id, fate: 'trigger', type: message.name, lead: message.lead_id ?? '', who: message.lead_id ?? '',
      at: Date.parse(message.at), points: null, brought: message.event,
    };
  },
};

const typeNamed = /"event_type"\s*:\s*"([^"\\]{1,200})"/;
const leadNamed = /"(?:alias|raw_value|lead_id)"\s*:\s*"([^"\\]{1,512})"/;
const sent = (pattern, { body }) => pattern.exec(body ?? '')?.[1];
const isEvents = (path) => path.startsWith('/ingest') || path === '/import';

/** What a refused body would have been, as far as it can be read; of other calls which one it was. */
const sentType = (message) => (isEvents(message.path) ? sent(typeNamed, message) ?? '(no type)' : `${message.method} ${message.path}`);

const isKnown = (ruleId) => known.rules.has(ruleId) || known.decays.has(ruleId);

function noted(row, message) {
  row.note = [scoreNote(message.gains, message.suppression_reason, message.error), row.brought].filter(Boolean).join('  ·  ');
}

const renameMillis = 300;
let unnamed = []; // Rows whose rules were made after what is known of rules was read.
let renaming = null;

async function rename() {
  try {
    forget();
    known = await names();
    unnamed.splice(0).forEach((row) => noted(row, JSON.parse(row.scoreRaw)));
    soon();
  } finally {
    renaming = null;
  }
}

/** What the row says of a scored event: which rules gave the points. */
function scoreNote(gains, reason, error) {
  if (error) return error;
  if (reason) return reasons[reason] ?? reason;
  if (!gains?.length) return 'no rule matches';
  return gains.map((one) => `${signed(one.points)} ${ruleLabel(known, one.rule_id)}`).join(', ');
}

export const reasons = {
  inorganic: 'over the limit of a velocity filter',
  inorganic_grouped: 'later part of a burst',
  metadata_filter: 'matches an attribute filter',
};

/** Takes a message of the stream; returns how many rows it adds to those that are shown. */
function take(kind, data) {
  const message = JSON.parse(data);
  if (kind === 'score') {
    if (!rows.byId.has(message.event_id)) {
      unseen.missed(message.event_id);
    }
    return score(message, data);
  }
  if (kind === 'event') {
    unseen.live(message.event_id);
  }
  return add(kind, message, data);
}

/** Adds a row, unless there is one of its id; returns how many more are shown. */
function add(kind, message, raw) {
  const row = { kind, ...parts[kind](message), raw: kind === 'rejected' ? JSON.stringify(message) : raw, scoreRaw: '' };
  row.note = row.brought;
  if (row.id && rows.byId.has(row.id)) {
    return 0;
  }
  if (kind === 'trigger' && row.lead) {
    leadName(row.lead).then((name) => (row.who = name)).then(soon);
  }
  return Number(rows.add(row));
}

function score(message, data) {
  const row = rows.byId.get(message.event_id);
  if (!row) {
    return 0;
  }
  const before = row.fate;
  row.fate = message.fate;
  row.points = message.fate === 'scored' ? message.points : null;
  row.lead = message.lead_id ?? row.lead;
  row.who ||= row.lead;
  row.scoreRaw = data;
  noted(row, message);
  if (message.gains?.some((one) => one.rule_id && !isKnown(one.rule_id))) {
    unnamed.push(row);
    renaming ??= setTimeout(rename, renameMillis);
  }
  rows.changed(row, before);
  if (view?.open === row) {
    view.details.replaceChildren(details(row, closeDetails));
  }
  return 0;
}

function receive(kind, data) {
  if (waiting.length >= maxWaiting) {
    waiting.splice(0, maxWaiting / 4);
    skipped += maxWaiting / 4;
  }
  waiting.push([kind, data]);
  if (kind === 'event') {
    arrivals.push(performance.now());
  }
  soon();
}

let timer = null;
function soon() {
  timer ??= setTimeout(() => {
    timer = null;
    requestAnimationFrame(flush);
  }, renderEveryMillis);
}

function flush() {
  if (!paused && known && !unseen.reading) {
    let added = 0;
    for (const [kind, data] of waiting) {
      added += take(kind, data);
    }
    waiting = [];
    if (added) {
      view?.list.added(added);
    }
  }
  view?.draw();
}

const unseen = new Unseen({
  put: (items) => {
    const added = items.reduce((sum, [kind, message, verdict]) => {
      const more = kind === 'rejected' && isThere(message) ? 0 : add(kind, message, written(message));
      const row = verdict && rows.byId.get(message.event_id);
      if (row?.fate === 'queued' || row?.fate === 'failed') {
        score({ event_id: message.event_id, lead_id: message.lead_id, ...verdict }, JSON.stringify(verdict));
      }
      return sum + more;
    }, 0);
    if (added) {
      view?.list.added(added);
    }
    nameLeads();
    soon();
  },
  leftOut: (events) => (skipped += events),
});

/** The message as the stream would have brought it. */
function written({ metadataText, ...message }) {
  return metadataText ? `${JSON.stringify({ ...message, metadata: undefined }).slice(0, -1)},${metadataText}}` : JSON.stringify(message);
}

/** Says whether a refusal, which has no id, is shown already. */
function isThere(message) {
  const raw = JSON.stringify(message);
  return rows.all.some((row) => row.kind === 'rejected' && row.raw === raw);
}

/** Stored events come without aliases: finds what their leads are called. */
async function nameLeads() {
  const unnamed = rows.all.filter((row) => row.lead && row.who === row.lead);
  await Promise.all([...new Set(unnamed.map((row) => row.lead))].map(async (id) => {
    const name = await leadName(id);
    unnamed.filter((row) => row.lead === id).forEach((row) => (row.who = name));
    view?.draw();
  }));
}

/** Begins to listen; once, for as long as the page lives. Done when it shows what was stored before. */
export async function listen() {
  ['event', 'score', 'rejected', 'trigger'].forEach((kind) => stream.on(kind, (data) => receive(kind, data)));
  stream.on('skipped', (data) => {
    skipped += JSON.parse(data).events;
    soon();
  });
  ['gap', 'again'].forEach((kind) => stream.on(kind, () => unseen.away()));
  known = await names();
  await unseen.read();
}

function passes(row) {
  if (filter.fates.size && !filter.fates.has(row.fate)) return false;
  if (filter.type && row.type !== filter.type) return false;
  if (filter.lead && !`${row.lead} ${row.who}`.toLowerCase().includes(filter.lead)) return false;
  return !filter.text || `${row.type} ${row.note} ${row.raw}`.toLowerCase().includes(filter.text);
}

function refilter() {
  rows.refilter(filter.fates.size || filter.type || filter.lead || filter.text ? passes : () => true);
  if (view) {
    view.list.active = -1;
    view.list.node.scrollTop = 0;
    view.draw();
  }
}

function createRow() {
  const cell = (name, dir = null) => h('span', { class: `cell ${name}`, dir });
  const row = h('div', { class: 'live-row' }, cell('time'), h('span', { class: 'cell fate' }, h('span', { class: 'badge' })), cell('points'), cell('type', 'auto'), cell('who', 'auto'), cell('note', 'auto'));
  row.cells = [...row.children];
  row.badge = row.querySelector('.badge');
  return row;
}

function updateRow(element, index) {
  const row = rows.at(index);
  const [time, , points, type, who, note] = element.cells;
  text(time, shortTime(row.at));
  text(element.badge, row.fate);
  const badge = `badge ${row.fate}`;
  if (element.badge.className !== badge) element.badge.className = badge;
  text(points, row.points === null ? '' : row.points === 0 ? '0' : signed(row.points));
  points.classList.toggle('plus', row.points > 0);
  points.classList.toggle('minus', row.points < 0);
  text(type, row.type);
  text(who, row.who);
  text(note, row.note);
  element.classList.toggle('told', row.fate === 'rejected' || row.fate === 'suppressed' || row.fate === 'failed');
}

function closeDetails() {
  view.open = null;
  view.details.hidden = true;
  view.node.classList.remove('with-details');
  view.list.node.focus();
}

function openDetails(index) {
  view.open = rows.at(index);
  put(view.details, details(view.open, closeDetails));
  view.details.hidden = false;
  view.node.classList.add('with-details');
}

function firstEvent() {
  const body = '{"alias_kind":"email","alias":"ada@example.com","event_type":"Demo Request","metadata":{"plan":"team"}}';
  return h('div', { class: 'empty' },
    h('h2', {}, 'Nothing has happened yet'),
    h('p', {}, 'Send the first event and it shows here the moment it is accepted: first as queued, then with the points it gave and the rules that gave them.'),
    codeBlock(curl('/ingest', body), 'Copy both lines'));
}

/** The view; returned anew whenever it is navigated to. */
export function live() {
  const list = new VirtualList({ label: 'Events, the newest first', count: () => rows.length, create: createRow, update: updateRow, open: openDetails });
  const chips = fates.map((fate) => {
    const number = h('span', { class: 'soft' }, '0');
    const chip = h('button', {
      class: 'chip', 'aria-pressed': String(filter.fates.has(fate)),
      onclick: () => {
        if (!filter.fates.delete(fate)) filter.fates.add(fate);
        chip.setAttribute('aria-pressed', String(filter.fates.has(fate)));
        refilter();
      },
    }, fate, number);
    return { fate, chip, number };
  });
  const type = h('select', { 'aria-label': 'Event type', onchange: () => { filter.type = type.value; refilter(); } });
  const input = (name, label) => {
    const node = h('input', { type: 'search', placeholder: label, 'aria-label': label, value: filter[name], oninput: () => { filter[name] = node.value.trim().toLowerCase(); refilter(); } });
    return node;
  };
  const search = input('text', 'Search');
  search.id = 'search';
  const unfilter = () => {
    filter.fates.clear();
    Object.assign(filter, { type: '', lead: '', text: '' });
    node.querySelectorAll('.toolbar input').forEach((one) => (one.value = ''));
    type.value = '';
    chips.forEach(({ chip }) => chip.setAttribute('aria-pressed', 'false'));
    refilter();
  };
  const rate = h('span', { class: 'soft small', role: 'status' });
  const pause = h('button', { onclick: () => { paused = !paused; unseen.pause(paused); if (!paused) flush(); view.draw(); } });
  const empty = h('div', { hidden: true });
  const head = h('div', { class: 'live-row head', 'aria-hidden': 'true' }, ['time', 'fate', 'points', 'type', 'who', 'note'].map((name, i) =>
    h('span', { class: `cell ${name}` }, [`Time, ${zone()}`, 'Fate', 'Points', 'Type', 'Lead', 'Why, and what came with it'][i])));
  const detailsNode = h('aside', { class: 'details', 'aria-label': 'Event', hidden: true });
  const node = h('section', { class: 'live', 'aria-labelledby': 'title' },
    h('header', { class: 'view-head' }, h('h1', { id: 'title' }, 'Live'), rate, h('span', { class: 'grow' }), pause,
      h('button', { onclick: () => { unseen.cleared(Math.max(0, ...rows.all.slice(-maxWaiting).map((row) => row.at))); rows.clear(); view.draw(); } }, 'Clear')),
    h('div', { class: 'toolbar' }, search, type, input('lead', 'Lead'), h('div', { class: 'chips', role: 'group', 'aria-label': 'Fate' }, chips.map((one) => one.chip))),
    h('div', { class: 'live-body' }, h('div', { class: 'card live-list' }, head, list.node, empty), detailsNode));
  view = { node, list, details: detailsNode, open: null, draw };
  let shownTypes = null;

  function draw() {
    list.node.hidden = head.hidden = rows.length === 0;
    empty.hidden = rows.length > 0;
    if (!empty.hidden) {
      const kind = rows.all.length ? 'filtered' : rows.total ? 'cleared' : 'first';
      if (empty.dataset.kind !== kind) {
        empty.dataset.kind = kind;
        put(empty, kind === 'first' ? firstEvent() : kind === 'cleared' ? h('div', { class: 'empty' }, h('h2', {}, 'Cleared'), h('p', {}, 'What comes in from now on shows here. The server forgets nothing by it: each lead’s timeline has its events.')) : h('div', { class: 'empty' }, h('h2', {}, 'Nothing passes this filter'), h('p', {}, 'Events that come in and pass it will show here.'), h('button', { onclick: unfilter }, 'Show everything')));
      }
    }
    const now = performance.now();
    arrivals = arrivals.filter((at) => now - at < rateMillis);
    text(rate, paused ? `paused, ${count(waiting.length)} waiting` : arrivals.length ? `${count(Math.ceil(arrivals.length / 2))} a second` + (skipped ? `, ${count(skipped)} not shown` : '') : rows.length === rows.all.length ? plural(rows.length, 'row') : `${count(rows.length)} of ${plural(rows.all.length, 'row')}`);
    put(pause, icon(paused ? 'play' : 'pause'), paused ? 'Go on' : 'Pause');
    pause.setAttribute('aria-pressed', String(paused));
    for (const { fate, number } of chips) {
      text(number, count(rows.counts[fate]));
    }
    const types = [...rows.types.keys()].sort().slice(0, 500);
    if (types.join('\n') !== shownTypes) {
      shownTypes = types.join('\n');
      put(type, h('option', { value: '' }, 'All types'), types.map((one) => h('option', { value: one }, one)));
      type.value = filter.type;
    }
    if (arrivals.length) {
      quiet ??= setTimeout(() => {
        quiet = null;
        view.draw();
      }, rateMillis);
    }
    list.render();
  }

  pauseKey = () => pause.click();
  escapeKey = () => view.open && closeDetails();
  queueMicrotask(draw);
  return node;
}

let pauseKey = () => {};
let escapeKey = () => {};

/** What keys do on this view. */
export const keys = { p: () => pauseKey(), Escape: () => escapeKey() };
