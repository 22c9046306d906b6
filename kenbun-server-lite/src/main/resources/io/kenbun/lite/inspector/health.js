// Health: how the server is doing, now and over the last minutes that this page has watched.
import { api } from './api.js';
import { h, put } from './dom.js';
import { bytes, count, duration } from './format.js';
import { timeChart } from './charts.js';

const everyMillis = 2000;
const kept = 300; // Ten minutes.
const samples = [];

/** Reads Prometheus text: `name{labels} value` lines into `[name, labels, value]`. */
function parse(source) {
  const found = [];
  for (const line of source.split('\n')) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match) found.push([match[1], match[2] ?? '', match[3] === '+Inf' ? Infinity : Number(match[3])]);
  }
  return found;
}

const sum = (metrics, name, filter = () => true) => metrics.filter(([one, labels]) => one === name && filter(labels)).reduce((total, one) => total + one[2], 0);

/** The value below which `share` of what came between two samples lies, in seconds; null: nothing came. */
function quantile(now, before, name, share) {
  const buckets = now.filter(([one]) => one === `${name}_bucket`).map(([, labels, value]) => {
    const le = /le="([^"]*)"/.exec(labels)[1];
    const old = before?.find(([one, other]) => one === `${name}_bucket` && other === labels)?.[2] ?? 0;
    return [le === '+Inf' ? Infinity : Number(le), value - old];
  });
  const total = buckets.at(-1)?.[1] ?? 0;
  return total ? buckets.find((one) => one[1] >= share * total)[0] : null;
}

async function sample() {
  const [status, answer] = await Promise.all([api('/lite/status'), api('/metrics')]);
  const metrics = parse(answer.text);
  const last = samples.at(-1);
  const at = Date.now();
  const rate = (name, filter) => (last ? Math.max(0, (sum(metrics, name, filter) - sum(last.metrics, name, filter)) / ((at - last.at) / 1000)) : 0);
  const one = {
    at, status, metrics,
    in: rate('events_ingested_total'), scored: rate('kenbun_events_scored_total'),
    refused: rate('kenbun_rejected_total'), errors: rate('http_requests_total', (labels) => /code="5/.test(labels)),
    depth: status.queue_depth, age: status.oldest_queued_age_ms,
    p50: quantile(metrics, last?.metrics, 'kenbun_ingest_duration_seconds', 0.5), p99: quantile(metrics, last?.metrics, 'kenbun_ingest_duration_seconds', 0.99),
    heap: sum(metrics, 'kenbun_jvm_memory_used_bytes', (labels) => labels.includes('"heap"')),
  };
  if (last) delete last.metrics;
  samples.push(one);
  if (samples.length > kept) samples.shift();
  return one;
}

/** The view. */
export async function health(rest, { onLeave }) {
  const tiles = h('div', { class: 'tiles' });
  const charts = h('div', { class: 'chart-grid' });
  const facts = h('div', { class: 'card' });
  const fault = h('p', { class: 'notice bad', role: 'alert', hidden: true });
  const node = h('section', { 'aria-labelledby': 'title' }, h('header', { class: 'view-head' }, h('h1', { id: 'title' }, 'Health'), h('span', { class: 'soft small' }, 'every 2 seconds')), fault, tiles, charts, facts);

  async function draw() {
    try {
      const one = await sample();
      fault.hidden = true;
      put(tiles, tilesOf(one));
      put(charts, chartsOf());
      put(facts, factsOf(one));
    } catch (error) {
      fault.hidden = false;
      put(fault, error.message);
    }
  }

  const timer = setInterval(() => document.hidden || draw(), everyMillis);
  onLeave(() => clearInterval(timer));
  await draw();
  return node;
}

function tile(label, value, note, worry) {
  return h('div', { class: `card tile ${worry ?? ''}` }, h('h2', { class: 'small' }, label), h('strong', {}, value), h('span', { class: 'soft small' }, note));
}

function tilesOf(one) {
  const failed = one.status.counts.failed;
  return [
    tile('Waiting to be scored', count(one.depth), one.age ? `the oldest for ${duration(one.age)}` : 'nothing waits', one.age > 10000 ? 'warn' : null),
    tile('Coming in', `${count(Math.round(one.in))}/s`, `${count(Math.round(one.scored))}/s scored`),
    tile('Answer to an event', one.p99 === null ? 'idle' : `≤ ${duration(one.p99 * 1000)}`, one.p99 === null ? 'nothing came in' : `99th percentile; half within ${duration(one.p50 * 1000)}`),
    tile('Refused', `${count(sum(one.metrics, 'kenbun_rejected_total'))}`, `${count(sum(one.metrics, 'http_requests_total', (labels) => /code="5/.test(labels)))} server errors since the start`),
    tile('Could not be scored', count(failed), failed ? 'see Live, fate failed' : 'none', failed ? 'bad' : null),
    diskTile(one.status),
  ];
}

/** What is stored takes, and what is left: below a gigabyte is the time to do something. */
function diskTile({ bytes_on_disk: taken, disk }) {
  const left = disk.free_bytes === null ? 'what is left is the database’s to tell' : `${bytes(disk.free_bytes)} left${disk.low ? ': make room' : ''}`;
  return tile('On disk', taken < 0 ? 'unknown' : bytes(taken), left, disk.low ? 'bad' : null);
}

function chartsOf() {
  const line = (pick) => samples.map((one) => [one.at, pick(one) ?? 0]);
  const chart = (title, label, lines, unit) => h('div', { class: 'card' }, h('header', {}, h('h2', {}, title)), h('div', { class: 'body' }, samples.length < 2 ? h('p', { class: 'soft' }, 'Watching…') : timeChart({ lines, label, height: 160, unit })));
  const last = samples.at(-1);
  return [
    chart('Events a second', `Events a second, now ${Math.round(last.in)}`, [{ points: line((one) => one.in), area: true }]),
    chart('Waiting to be scored', `Events waiting, now ${last.depth}`, [{ points: line((one) => one.depth), area: true }]),
    chart('Answer time, 99th percentile', 'Answer time in milliseconds, 99th percentile', [{ points: line((one) => (Number.isFinite(one.p99) ? one.p99 * 1000 : 0)), area: true }], (value) => `${value} ms`),
    chart('Refused and errors a second', 'Refused and errors a second', [{ points: line((one) => one.refused + one.errors), area: true }]),
  ];
}

function factsOf(one) {
  const { status } = one;
  return [h('header', {}, h('h2', {}, 'This server')), h('div', { class: 'body' }, h('dl', { class: 'facts' }, [
    ['Version', status.version], ['Up for', duration(status.uptime_ms)], ['Engine', status.engine], ['Data', status.data ?? 'in memory'], ['Files', Object.entries(status.disk.bytes_by_file).filter(([, size]) => size).map(([name, size]) => h('div', {}, `${name} `, h('span', { class: 'soft' }, bytes(size))))],
    ['Memory', `${bytes(one.heap)} in use`], ['Leads', count(status.counts.leads)], ['Events', count(status.counts.events)],
    ['Webhooks to be sent', count(sum(one.metrics, 'kenbun_webhooks_pending'))], ['Commits failed', count(sum(one.metrics, 'kenbun_commit_failures_total'))], ['Threads', count(sum(one.metrics, 'kenbun_jvm_threads'))],
  ].map(([key, value]) => [h('dt', {}, key), h('dd', {}, value)])), h('p', { class: 'soft small' }, 'All of it for Prometheus at ', h('a', { href: '/metrics' }, '/metrics'), '.'))];
}
