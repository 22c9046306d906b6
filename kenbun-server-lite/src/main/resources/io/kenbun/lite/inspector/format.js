// Numbers and times as people read them.
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const dayTime = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

export const count = (n) => (Math.abs(n) < 100000 ? whole.format(n) : short.format(n));
export const signed = (n) => (n > 0 ? '+' : n < 0 ? '−' : '±') + whole.format(Math.abs(n));
export const plural = (n, word, words = word + 's') => `${count(n)} ${n === 1 ? word : words}`;
export const timeOfDay = (millis) => clock.format(millis);
/** The time alone if it is of today, else the day and the time. */
export const shortTime = (millis) => (new Date(millis).toDateString() === new Date().toDateString() ? clock.format(millis) : dayTime.format(millis).replace(',', ''));
export const date = (millis) => day.format(millis);
export const dateTime = (millis) => dayTime.format(millis);
export const exact = (millis) => new Date(millis).toISOString().replace('T', ' ').replace('.000Z', 'Z');

const units = [[86400000, 'day'], [3600000, 'hour'], [60000, 'minute'], [1000, 'second']];

/** `3 minutes ago`, `in 2 hours`, `now`. */
export function ago(millis, now = Date.now()) {
  const apart = Math.abs(now - millis);
  for (const [size, name] of units) {
    if (apart >= size) {
      const n = plural(Math.floor(apart / size), name);
      return now > millis ? n + ' ago' : 'in ' + n;
    }
  }
  return 'now';
}

/** A length of time: `340 ms`, `2.4 s`, `3 min`, `5 h`, `12 d`. */
export function duration(millis) {
  if (millis < 1000) return `${millis < 10 && millis % 1 ? millis.toFixed(1) : Math.round(millis)} ms`;
  if (millis < 90000) return `${(millis / 1000).toFixed(millis < 10000 ? 1 : 0)} s`;
  if (millis < 5400000) return `${Math.round(millis / 60000)} min`;
  if (millis < 172800000) return `${Math.round(millis / 3600000)} h`;
  return `${Math.round(millis / 86400000)} d`;
}

export function bytes(n) {
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < 4) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${['B', 'kB', 'MB', 'GB', 'TB'][unit]}`;
}

/** The start of a JSON object's text as one line without braces. */
export function excerpt(value) {
  const parts = [];
  for (const [key, one] of Object.entries(value ?? {})) {
    parts.push(`${key}: ${typeof one === 'string' ? one : JSON.stringify(one)}`.slice(0, 120));
    if (parts.length === 4) break;
  }
  return parts.join(' · ');
}
