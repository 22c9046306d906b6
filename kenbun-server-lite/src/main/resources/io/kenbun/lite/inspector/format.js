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

/** The zone that all times of the page are in, as of a time: `UTC`, `UTC+1`, `UTC−3:30`. */
export function zone(millis = Date.now()) {
  const minutes = -new Date(millis).getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return minutes === 0 ? 'UTC' : `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
}

/** To the millisecond, with the zone: `2026-03-01 13:00:00.250 UTC+1`. */
export function exact(millis) {
  const there = new Date(millis - new Date(millis).getTimezoneOffset() * 60000);
  return `${there.toISOString().replace('T', ' ').replace(/(\.000)?Z$/, '')} ${zone(millis)}`;
}

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

const parts = [[86400000, 'd'], [3600000, 'h'], [60000, 'min'], [1000, 's'], [1, 'ms']];

/** A length of time that somebody has set, to the millisecond: `7 d`, `1 h 30 min`. */
export function exactly(millis) {
  const said = [];
  let left = millis;
  for (const [size, unit] of parts) {
    if (left >= size) said.push(`${Math.floor(left / size)} ${unit}`);
    left %= size;
  }
  return said.join(' ') || '0 s';
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

// Else what is written from right to left turns the order of what stands beside it.
const isolated = (value) => (/[\u0590-\u08ff]/.test(value) ? `\u2068${value}\u2069` : value);

/** The start of a JSON object's text as one line without braces. */
export function excerpt(value) {
  const parts = [];
  for (const [key, one] of Object.entries(value ?? {})) {
    parts.push(`${isolated(key)}: ${isolated((typeof one === 'string' ? one : JSON.stringify(one)).slice(0, 120))}`);
    if (parts.length === 4) break;
  }
  return parts.join(' · ');
}
