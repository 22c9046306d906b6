// The frame around every view: navigation, unit, connection, theme, shortcuts.
import { api, apiOrNull, signOut, state, switchUnit } from './api.js';
import { dialog, h, icon, put, text, toast } from './dom.js';
import { stream } from './stream.js';
import * as live from './live.js';

const views = [
  { path: 'live', label: 'Live', load: async () => live.live },
  { path: 'leads', label: 'Leads', load: async () => (await import('./leads.js')).leads },
  { path: 'rules', label: 'Rules', load: async () => (await import('./rules.js')).rules },
  { path: 'deliveries', label: 'Deliveries', load: async () => (await import('./deliveries.js')).deliveries },
  { path: 'health', label: 'Health', load: async () => (await import('./health.js')).health },
  { path: 'lead', load: async () => (await import('./lead.js')).lead },
];
const shortcuts = [
  [['g', 'l'], 'Live'], [['g', 'e'], 'Leads'], [['g', 'r'], 'Rules'], [['g', 'd'], 'Deliveries'], [['g', 'h'], 'Health'],
  [['/'], 'Search on this view'], [['p'], 'Pause and go on, on Live'], [['j', 'k'], 'Next and previous row'], [['Enter'], 'Open the row'],
  [['Esc'], 'Close what is open'], [['t'], 'Dark or light'], [['?'], 'This list'],
];

const lostMillis = 1500; // A restart of a moment is not worth a word.
let place = null;
let links = [];
let left = null;
let turn = 0;

/** The frame; the views come in by `show`. */
export function shell() {
  place = h('main', { id: 'view', tabindex: '-1' });
  links = views.filter((one) => one.label).map((one) =>
    h('a', { href: `#/${one.path}`, 'data-path': one.path }, icon(one.path), h('span', {}, one.label)));
  const unit = h('select', { 'aria-label': 'Organizational unit', class: 'unit', onchange: () => change(unit.value) },
    state.units.map((one) => h('option', { value: one.unit_id, selected: one.unit_id === state.unit.unit_id }, one.name)));
  const connection = h('span', { class: 'connection', role: 'status' }, h('i', {}), h('span', {}, '…'));
  const banner = h('div', { id: 'banner', class: 'banner', role: 'status', hidden: true });
  const lost = h('div', { class: 'banner bad', role: 'status', hidden: true }, h('strong', {}, 'The server does not answer.'), 'What is shown here is from before. The page goes on by itself as soon as it is back.');
  let lostTimer = null;
  stream.on('state', (now) => {
    connection.dataset.state = now;
    text(connection.lastChild, { open: 'online', lost: 'offline', connecting: '…' }[now]);
    clearTimeout(lostTimer);
    lost.hidden = true;
    if (now === 'lost') {
      lostTimer = setTimeout(() => (lost.hidden = false), lostMillis);
    }
  });
  addEventListener('keydown', onKey);
  watchChaosIfAny(banner);
  return h('div', { class: 'shell' },
    h('a', { class: 'skip', href: '#view', onclick: (event) => { event.preventDefault(); place.focus(); } }, 'To the content'),
    h('header', { class: 'side' },
      h('div', { class: 'brand' }, h('img', { src: 'inspector/icon.svg', alt: '', width: '26', height: '26' }), h('strong', {}, 'kenbun'), h('span', { class: 'soft' }, 'lite'), connection),
      unit,
      h('nav', { 'aria-label': 'Views' }, links),
      h('div', { class: 'side-end' },
        h('button', { class: 'plain icon', 'aria-label': 'Dark or light', title: 'Dark or light (t)', onclick: toggleTheme }, icon('theme')),
        h('a', { class: 'button plain icon wide', href: '/docs', 'aria-label': 'The HTTP API', title: 'The HTTP API' }, icon('api')),
        h('button', { class: 'plain icon', 'aria-label': 'Keyboard shortcuts', title: 'Shortcuts (?)', onclick: showShortcuts }, icon('keys')),
        state.session?.open ? null : h('button', { class: 'plain icon', 'aria-label': 'Sign out', title: `Sign out ${state.session?.client_id ?? ''}`, onclick: leave }, icon('out')))),
    h('div', { class: 'content' }, lost, banner, place));
}

/** Shows the view that the address names. */
export async function show() {
  const mine = ++turn;
  const [path, ...rest] = location.hash.replace(/^#\/?/, '').split('/');
  const view = views.find((one) => one.path === path) ?? views[0];
  left?.();
  left = null;
  for (const link of links) {
    const current = link.dataset.path === view.path || (view.path === 'lead' && link.dataset.path === 'leads');
    current ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
  }
  try {
    const make = await view.load();
    const node = await make(rest.map(decodeURIComponent), { onLeave: (done) => (left = done) });
    if (mine === turn) {
      put(place, node);
      place.dataset.view = view.path;
      document.title = `${place.querySelector('h1')?.textContent ?? view.label} · kenbun lite`;
    }
  } catch (error) {
    if (mine === turn) {
      put(place, h('div', { class: 'empty' }, h('h1', {}, 'This could not be shown'), h('p', {}, error.message),
        h('button', { onclick: show }, 'Try again')));
    }
  }
}

async function change(unitId) {
  try {
    await switchUnit(unitId);
    location.reload();
  } catch (error) {
    toast(error.message);
  }
}

async function leave() {
  await signOut();
  location.reload();
}

function toggleTheme() {
  const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  localStorage.setItem('kenbun.theme', next);
  document.documentElement.dataset.theme = next;
}

function showShortcuts() {
  dialog('Keyboard shortcuts', (close) => h('div', {},
    h('h2', {}, 'Keyboard shortcuts'),
    h('dl', { class: 'facts keys' }, shortcuts.map(([keys, what]) => [h('dt', {}, keys.map((key) => [h('kbd', {}, key), ' '])), h('dd', {}, what)])),
    h('footer', {}, h('button', { onclick: close, autofocus: true }, 'Close'))));
}

let before = '';
function onKey(event) {
  const typing = event.target.closest('input, select, textarea, dialog');
  if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== 'Escape')) {
    return;
  }
  const go = before === 'g' && { l: 'live', e: 'leads', r: 'rules', d: 'deliveries', h: 'health' }[event.key];
  before = event.key;
  const search = place.querySelector('#search');
  if (go) {
    location.hash = `#/${go}`;
  } else if (event.key === '?') {
    showShortcuts();
  } else if (event.key === 't') {
    toggleTheme();
  } else if (event.key === '/' && search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === 'j' || event.key === 'k') {
    step(event, event.key === 'j' ? 1 : -1);
  } else if (place.dataset.view === 'live') {
    live.keys[event.key]?.();
  }
}

/** Goes to the next or the previous of what can be opened on this view. */
function step(event, by) {
  const list = place.querySelector('[role="listbox"]');
  if (list) {
    if (event.target === document.body) list.focus(); // From then on it goes by keys itself.
    return;
  }
  const rows = [...place.querySelectorAll('tbody .lead-name, tbody .as-text, .rule-list button.what')];
  const at = rows.indexOf(document.activeElement);
  rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))]?.focus();
}

/** Says for as long as it lasts that a server that can has been told to fail on purpose. */
async function watchChaosIfAny(banner) {
  const status = await apiOrNull('/lite/status').catch(() => null);
  if (status?.chaos) {
    watchChaos(banner);
  }
}

async function watchChaos(banner) {
  const chaos = await api('/lite/chaos').catch(() => ({})); // Looked again below.
  const parts = ['ingest', 'webhooks'].filter((name) => (chaos[name]?.rate ?? 0) > 0 || (chaos[name]?.delay_ms ?? 0) > 0);
  banner.hidden = parts.length === 0;
  if (parts.length) {
    put(banner, h('strong', {}, 'Chaos is on. '), parts.map((name) => said(name, chaos[name])).join(' '), ' ',
      h('button', { onclick: async () => {
        await api('/lite/chaos', { method: 'PUT', body: { ingest: { rate: 0, delay_ms: 0, drop_after_commit: false }, webhooks: { rate: 0, delay_ms: 0 } } });
        watchChaosOnce(banner);
      } }, 'Turn it off'));
  }
  setTimeout(() => watchChaos(banner), 3000);
}

function watchChaosOnce(banner) {
  banner.hidden = true;
  toast('Chaos is off.');
}

function said(name, one) {
  const share = Math.round((one.rate ?? 0) * 100);
  const effects = [
    share ? `${share}% ${one.drop_after_commit ? 'lose their answer' : `fail${one.status ? ` with ${one.status}` : ''}`}` : null,
    one.delay_ms ? `${one.delay_ms} ms later` : null,
  ];
  return `${name === 'ingest' ? 'Ingest' : 'Webhooks'}: ${effects.filter(Boolean).join(', ')}.`;
}
