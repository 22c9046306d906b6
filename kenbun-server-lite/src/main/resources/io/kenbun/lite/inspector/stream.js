// What the server tells as it happens. One connection for the whole page; whoever listens is told.
import { begin, session, state } from './api.js';

const kinds = ['event', 'score', 'trigger', 'rejected', 'delivery', 'gap', 'skipped'];
const longestWaitMillis = 8000;
const hiddenMillis = 5000;

/** Server-sent events of `/lite/stream`, kept open. `state` is connecting, open, lost or none. */
class Stream {
  constructor() {
    this.state = 'connecting';
    this.handlers = new Map();
    this.source = null;
    this.waitMillis = 250;
    this.wasOpen = false;
    this.lastId = '';
    this.hiddenTimer = null;
  }

  /** Has `handler` called with the text of each message of a kind; also `state` and `again`. */
  on(kind, handler) {
    const all = this.handlers.get(kind) ?? [];
    this.handlers.set(kind, [...all, handler]);
    return () => this.handlers.set(kind, this.handlers.get(kind).filter((one) => one !== handler));
  }

  tell(kind, data) {
    for (const handler of this.handlers.get(kind) ?? []) {
      handler(data);
    }
  }

  become(next) {
    if (next !== this.state) {
      this.state = next;
      this.tell('state', next);
    }
  }

  /** Listens from now on, but while nobody looks. */
  start() {
    // A browser has six connections for one host: pages that nobody sees must not hold them all.
    addEventListener('pagehide', () => this.pause());
    addEventListener('pageshow', (event) => event.persisted && this.open());
    document.addEventListener('visibilitychange', () => {
      clearTimeout(this.hiddenTimer);
      if (document.hidden) {
        this.hiddenTimer = setTimeout(() => this.pause(), hiddenMillis);
      } else if (!this.source) {
        this.open();
      }
    });
    this.open();
  }

  pause() {
    this.source?.close();
    this.source = null;
    this.become('connecting');
  }

  open() {
    this.source?.close();
    const since = this.lastId ? `&last_event_id=${encodeURIComponent(this.lastId)}` : '';
    const source = new EventSource(`/lite/stream?types=event,score,trigger,rejected,delivery${since}`);
    this.source = source;
    source.onopen = () => {
      this.waitMillis = 250;
      this.become('open');
      if (this.wasOpen) {
        this.tell('again');
      }
      this.wasOpen = true;
    };
    for (const kind of kinds) {
      source.addEventListener(kind, (message) => {
        this.lastId = message.lastEventId || this.lastId;
        this.tell(kind, message.data);
      });
    }
    source.onerror = () => {
      if (this.source !== source) {
        return;
      }
      this.become('lost');
      // A lost connection the browser opens again, from the last id on. An answer that refuses it,
      // such as that of a restarted server that knows no session any more, it gives up on.
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => this.retry(source), this.waitMillis);
        this.waitMillis = Math.min(longestWaitMillis, this.waitMillis * 2);
      }
    };
  }

  async retry(source) {
    if (this.source !== source) {
      return;
    }
    try {
      if (await session()) {
        if (state.unit) {
          await begin();
        }
        this.open();
      } else {
        location.reload();
      }
    } catch {
      setTimeout(() => this.retry(source), this.waitMillis);
      this.waitMillis = Math.min(longestWaitMillis, this.waitMillis * 2);
    }
  }
}

export const stream = new Stream();
