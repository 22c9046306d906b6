// Deliveries: what was told of firings, every try of it, and what came of it.
import { api } from './api.js';
import { h, icon, put, text, toast, codeBlock } from './dom.js';
import { ago, count, duration, exact, plural } from './format.js';
import { leadName } from './lead-names.js';
import { json } from './event.js';
import { quoted } from './curl.js';
import { stream } from './stream.js';

const states = ['pending', 'delivered', 'failed', 'logged', 'off'];
const perPage = 50;
const redrawEveryMillis = 700;
const asked = { state: '', page: 1 };

/** The view. */
export async function deliveries(rest, { onLeave }) {
  const body = h('tbody', {});
  const empty = h('div', { hidden: true });
  const total = h('span', { class: 'soft small', role: 'status' });
  const pages = h('div', { class: 'row pages' });
  const side = h('aside', { class: 'details', 'aria-label': 'Delivery', hidden: true });
  const table = h('div', { class: 'scroll' }, h('table', { class: 'deliveries' }, h('thead', {}, h('tr', {}, ['State', 'What', 'Lead', 'To', 'Tries', 'Last answer', 'When'].map((one, i) =>
    h('th', { scope: 'col', class: [i === 4 ? 'number' : '', i > 2 && i < 6 ? 'wide' : ''].join(' ').trim() || null }, one)))), body));
  const chips = ['', ...states].map((name) => h('button', { class: 'chip', 'aria-pressed': String(asked.state === name), onclick: () => {
    asked.state = name;
    asked.page = 1;
    chips.forEach((chip, i) => chip.setAttribute('aria-pressed', String(['', ...states][i] === name)));
    draw();
  } }, name || 'all'));
  const node = h('section', { class: 'with-side', 'aria-labelledby': 'title' },
    h('header', { class: 'view-head' }, h('h1', { id: 'title' }, 'Deliveries'), total), h('div', { class: 'chips', role: 'group', 'aria-label': 'State' }, chips),
    h('div', { class: 'side-body' }, h('div', { class: 'card' }, table, empty), side), pages);
  let open = null;
  let stale = false;

  async function draw() {
    const page = await api(`/lite/deliveries?${new URLSearchParams({ page: asked.page, limit: perPage, ...(asked.state ? { state: asked.state } : {}) })}`);
    text(total, plural(page.total, 'delivery', 'deliveries'));
    empty.hidden = page.deliveries.length > 0;
    table.hidden = !empty.hidden;
    put(empty, asked.state ? h('div', { class: 'empty' }, h('h2', {}, `None ${asked.state}`), h('button', { onclick: () => chips[0].click() }, 'Show all')) : h('div', { class: 'empty' }, h('h2', {}, 'Nothing has been told to anybody yet'),
      h('p', {}, 'When a trigger fires that has a webhook, a channel or an e-mail address, the delivery shows here with every try, the body as it was sent and what came back.'),
      h('p', {}, h('a', { class: 'button', href: '#/rules/triggers' }, 'Make a milestone'))));
    put(body, page.deliveries.map((one) => row(one, show)));
    mark();
    const last = Math.max(1, Math.ceil(page.total / perPage));
    put(pages, last > 1 ? [h('button', { disabled: asked.page === 1, onclick: () => { asked.page--; draw(); } }, 'Previous'), h('span', { class: 'soft' }, `Page ${count(asked.page)} of ${count(last)}`),
      h('button', { disabled: asked.page >= last, onclick: () => { asked.page++; draw(); } }, 'Next')] : null);
  }

  /** Marks the row whose delivery is open. */
  function mark() {
    body.querySelectorAll('tr').forEach((one) => one.classList.toggle('open', one.dataset.id === open));
  }

  async function show(id) {
    open = id;
    mark();
    const one = await api(`/lite/deliveries/${encodeURIComponent(id)}`).catch((error) => {
      toast(error.message);
      close();
    });
    if (one && open === id) {
      put(side, details(one, close, act));
      side.hidden = false;
      node.classList.add('with-details');
    }
  }

  function close() {
    open = null;
    mark();
    side.hidden = true;
    node.classList.remove('with-details');
  }

  async function act(path, method, done) {
    try {
      await api(path, { method });
      toast(done);
      method === 'DELETE' ? close() : await show(open);
      await draw();
    } catch (error) {
      toast(error.message);
    }
  }

  const offs = ['delivery', 'again'].map((kind) => stream.on(kind, () => (stale = true)));
  const timer = setInterval(async () => {
    if (stale && !document.hidden) {
      stale = false;
      await draw().catch(() => (stale = true));
      if (open) await show(open);
    }
  }, redrawEveryMillis);
  const escape = (event) => event.key === 'Escape' && open && close();
  addEventListener('keydown', escape);
  onLeave(() => {
    offs.forEach((off) => off());
    clearInterval(timer);
    removeEventListener('keydown', escape);
  });
  await draw();
  return node;
}

const badge = (state) => h('span', { class: `badge ${state}` }, state);

function row(one, show) {
  const lead = h('span', {}, one.lead_id ?? '');
  if (one.lead_id) leadName(one.lead_id).then((name) => text(lead, name));
  return h('tr', { class: 'link', 'data-id': one.id, onclick: () => show(one.id) },
    h('td', {}, badge(one.state)), h('td', {}, h('button', { class: 'plain as-text' }, one.trigger_name ?? one.event), h('div', { class: 'soft small' }, one.event)), h('td', {}, lead),
    h('td', { class: 'cut to wide' }, one.destination ?? ''), h('td', { class: 'number wide' }, count(one.tries)), h('td', { class: 'soft wide' }, one.last_status ?? one.last_error ?? ''), h('td', { class: 'soft', title: exact(Date.parse(one.created_at)) }, ago(Date.parse(one.created_at))));
}

function details(one, close, act) {
  const path = `/lite/deliveries/${encodeURIComponent(one.id)}`;
  const unsent = one.state === 'pending' || one.state === 'failed';
  let sent = null;
  try {
    sent = JSON.parse(one.body);
  } catch {
    sent = null; // Shown as it is.
  }
  return h('div', {},
    h('header', {}, h('h2', { class: 'grow cut' }, one.trigger_name ?? one.event), badge(one.state), h('button', { class: 'plain icon', 'aria-label': 'Close', onclick: close }, icon('close'))),
    h('div', { class: 'stack body' },
      one.state === 'logged' ? null : h('div', { class: 'row' },
        h('button', { class: unsent ? 'primary' : null, onclick: () => act(`${path}/retry`, 'POST', 'It is tried at once.') }, unsent ? 'Try now' : 'Send again'),
        unsent ? h('button', { class: 'danger', onclick: () => act(path, 'DELETE', 'It is sent no more.') }, 'Give up') : null),
      h('dl', { class: 'facts' }, [['To', one.destination], ['Event', one.event], ['Lead', one.lead_id ? h('a', { href: `#/lead/${encodeURIComponent(one.lead_id)}` }, one.lead_id) : null],
        ['Made', exact(Date.parse(one.created_at))], ['Done', one.done_at ? exact(Date.parse(one.done_at)) : null], ['Next try', one.next_try_at ? `${exact(Date.parse(one.next_try_at))} (${ago(Date.parse(one.next_try_at))})` : null]]
        .filter(([, value]) => value).map(([key, value]) => [h('dt', {}, key), h('dd', {}, value)])),
      h('h3', {}, plural(one.attempts.length, 'try', 'tries')),
      one.attempts.length ? h('ol', { class: 'tries' }, one.attempts.map((attempt, i) => attemptItem(attempt, i === one.attempts.length - 1)))
        : h('p', { class: 'soft' }, one.state === 'logged' ? 'Channels of this type are logged, not sent.' : 'Not tried yet.'),
      h('h3', {}, 'Body'), sent === null ? codeBlock(one.body ?? '') : json(sent),
      one.state === 'logged' ? null : [h('h3', {}, 'The request'), codeBlock(asCurl(one), 'Copy as curl')]));
}

/** One try: how it ended, and behind that what was sent with it and what came back. */
function attemptItem(attempt, isLast) {
  const good = attempt.status >= 200 && attempt.status < 300;
  const line = [h('span', { class: `badge ${good ? 'good' : 'bad'}` }, attempt.status ?? 'no answer'),
    h('span', { class: 'grow cut' }, attempt.error ?? attempt.answer?.trim().split('\n')[0] ?? ''),
    h('span', { class: 'soft small' }, `${ago(Date.parse(attempt.at))}, took ${duration(attempt.took_ms)}`)];
  if (attempt.webhook_timestamp === null) {
    return h('li', {}, h('div', { class: 'line' }, line));
  }
  return h('li', {}, h('details', { open: isLast }, h('summary', { class: 'line' }, line),
    h('dl', { class: 'facts' }, h('dt', {}, 'webhook-timestamp'), h('dd', {}, h('code', {}, attempt.webhook_timestamp), ' ', h('span', { class: 'soft' }, exact(attempt.webhook_timestamp * 1000))),
      h('dt', {}, 'webhook-signature'), h('dd', {}, attempt.webhook_signature === null ? h('span', { class: 'soft' }, 'none: it has no signing secret') : h('code', {}, attempt.webhook_signature)),
      attempt.answer === null ? null : [h('dt', {}, 'Answer'), h('dd', {}, attempt.answer === '' ? h('span', { class: 'soft' }, 'without a body') : h('pre', { class: 'code', tabindex: '0', role: 'region', 'aria-label': 'Answer' }, attempt.answer))])));
}

/** The last try as a command: byte for byte what was sent, but for an `Authorization`. */
function asCurl(one) {
  const last = one.attempts.findLast((attempt) => attempt.webhook_timestamp !== null);
  const headers = ['Content-Type: application/json', `webhook-id: ${one.id}`, ...(last ? [`webhook-timestamp: ${last.webhook_timestamp}`] : []),
    ...(last?.webhook_signature ? [`webhook-signature: ${last.webhook_signature}`] : [])];
  return [`curl -i ${quoted(one.destination ?? '')}`, ...headers.map((header) => `  -H ${quoted(header)}`), `  --data-binary ${quoted(one.body ?? '')}`].join(' \\\n');
}
