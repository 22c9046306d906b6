// What the stream did not tell: what was stored before the page was there, and what happened while
// its connection was lost and the server, restarted meanwhile, no longer knows.
//
//   ids of events   …… from │ accepted while nobody listened │ to …… told by the stream
//                          └ read from what is stored; those that still waited to be scored are
//                            known by their score, and read then
import { api, apiOrNull } from './api.js';
import { membersOf } from './locate.js';

const pageSize = 100;
const maxPages = 200; // As many rows as the page keeps.
const betweenMillis = 300;

/** Whether an event came in; those that the server made itself are numbered apart. */
const cameIn = (id) => id.startsWith('evt_0');

export class Unseen {
  /** `put` takes `[kind, message, verdict]`s, oldest first; `leftOut` a number of events. */
  constructor({ put, leftOut }) {
    this.put = put;
    this.leftOut = leftOut;
    this.reading = null;
    this.wanted = false;
    this.paused = false;
    this.from = ''; // The last event known before.
    this.to = null; // The first one that the stream told of after.
    this.newest = '';
    this.isFirst = true;
    this.ids = new Set();
    this.since = -Infinity;
  }

  /** What is shown was cleared away, up to that time: it does not come again. */
  cleared(at) {
    this.since = at;
  }

  /** The stream tells of an event. */
  live(id) {
    this.to ??= id;
    if (id > this.newest) this.newest = id;
  }

  /** The stream tells of the score of an event that it has not told of. */
  missed(id) {
    if (cameIn(id) && id > this.from && (this.to === null || id < this.to)) {
      this.ids.add(id);
      this.want();
    }
  }

  /** The stream goes on and may have left something out. */
  away() {
    if (this.to !== null) {
      this.from = this.newest;
      this.to = null;
    }
    this.want();
  }

  /** Puts nothing in while somebody wants the list to stand still. */
  pause(paused) {
    this.paused = paused;
    if (!paused && this.wanted) {
      this.want();
    }
  }

  want() {
    this.wanted = true;
    if (!this.paused && !this.isFirst) {
      this.timer ??= setTimeout(() => {
        this.timer = null;
        this.read().catch(() => this.want()); // It is looked again until it works.
      }, betweenMillis);
    }
  }

  /** Reads what there is. What the stream tells meanwhile has to wait: it is newer. */
  read() {
    this.wanted = false;
    this.reading ??= this.all().finally(() => {
      this.reading = null;
      if (this.wanted) this.want();
    });
    return this.reading;
  }

  async all() {
    const [{ events, newest }, failed, rejected, ...fired] = await Promise.all([this.events(), api('/lite/failed?limit=50', { read: withMetadata('failed') }), api('/lite/rejected?limit=50'),
      ...firings.map((one) => api(`${one.path}?limit=50`))]);
    const items = [
      ...events,
      ...failed.failed.map((one) => failure(one)),
      ...rejected.rejected.map((one) => ['rejected', one]),
      ...fired.flatMap((page, i) => page.events.map((one) => ['trigger', firing(one, firings[i])])),
    ];
    for (const [kind, message] of items) {
      if (kind === 'event') this.ids.delete(message.event_id);
    }
    this.leftOut(this.ids.size);
    this.ids.clear();
    this.isFirst = false;
    this.from = newest; // Only now: what failed is read again.
    if (newest > this.newest) this.newest = newest;
    this.put(items.map((item) => [Date.parse(item[1].at), item]).filter(([at, [, , verdict]]) => verdict || at > this.since)
      .sort((a, b) => a[0] - b[0]).map(([, item]) => item));
  }

  /** The stored events after `from`, at first one page of them, and the id to go on from. */
  async events() {
    const found = [];
    let reached = this.isFirst;
    let newest = this.from;
    for (let page = 1; page <= maxPages; page++) {
      const { events } = await api(`/events?limit=${pageSize}&page=${page}`, { read: withMetadata('events') });
      const ids = events.map((one) => one.id);
      const gains = ids.length ? (await apiOrNull(`/lite/gains?event_ids=${ids.join(',')}`))?.gains ?? {} : {};
      found.push(...events.filter((one) => this.isFirst || (cameIn(one.id) && one.id > this.from)).map((one) => stored(one, gains[one.id] ?? [])));
      for (const id of ids.filter(cameIn)) {
        reached ||= id <= this.from;
        if (id > newest) newest = id;
      }
      if (reached || events.length < pageSize) break;
    }
    return { events: found, newest };
  }
}

/** Gives each of a list its metadata as it is written as well: that is what it would be sent with. */
const withMetadata = (list) => (answer, text) => {
  const member = membersOf(text);
  answer[list].forEach((one, i) => (one.metadataText = member(`${list}[${i}].metadata`)));
  return answer;
};

function stored(event, gains) {
  const points = gains.reduce((sum, one) => sum + one.points, 0);
  const { id, lead_id, event_type, created_at, metadata, metadataText, suppression_reason } = event;
  return ['event', { at: created_at, event_id: id, event_type, timestamp: created_at, lead_id, aliases: [], metadata, metadataText },
    { fate: suppression_reason ? 'suppressed' : 'scored', points, gains, suppression_reason, error: null }];
}

function failure(one) {
  const aliases = one.aliases.map((alias) => ({ kind: alias.alias_kind, value: alias.raw_value }));
  return ['event', { at: one.received_at, event_id: one.id, event_type: one.event_type, timestamp: one.timestamp, lead_id: one.lead_id, aliases, metadata: one.metadata, metadataText: one.metadataText },
    { fate: 'failed', points: 0, gains: [], suppression_reason: null, error: one.reason }];
}

const firings = [
  { path: '/milestone-events', kind: 'milestone', trigger: 'trigger', event: 'milestone.entered' },
  { path: '/sequence-events', kind: 'sequence', trigger: 'sequence', event: 'sequence.completed' },
  { path: '/surge-events', kind: 'surge', trigger: 'surge_trigger', event: 'surge.fired' },
];

function firing(one, { kind, trigger, event }) {
  return { at: one.fired_at, firing_id: one.id, kind, trigger_id: one[`${trigger}_id`], name: one[`${trigger}_name`], event, lead_id: one.lead_id };
}
