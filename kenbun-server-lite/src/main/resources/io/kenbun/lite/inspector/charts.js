// Lines over time, drawn as SVG: what the page needs of a chart fits here, and its colours follow
// the page's. A chart is drawn anew when its width changes.
import { s, h, put } from './dom.js';
import { count, date, dateTime, timeOfDay, zone } from './format.js';

/** A line without axes, to be read at a glance; `points` are `[x, y]`. */
export function sparkline(points, label) {
  const [width, height] = [120, 26];
  const svg = s('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label, preserveAspectRatio: 'none' });
  if (points.length) {
    const { x, y } = scales(points, width, height, 3);
    const line = points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`);
    svg.append(s('polygon', { class: 'area', points: `${x(points[0][0])},${height} ${line.join(' ')} ${x(points.at(-1)[0])},${height}` }),
      s('polyline', { class: 'line', points: line.join(' ') }));
  }
  return svg;
}

function scales(points, width, height, edge) {
  const xs = points.map((one) => one[0]);
  const ys = points.map((one) => one[1]);
  const low = Math.min(0, ...ys);
  const high = Math.max(1, ...ys);
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  return {
    x: (value) => edge + ((value - first) / Math.max(1, last - first)) * (width - 2 * edge),
    y: (value) => height - edge - ((value - low) / (high - low)) * (height - 2 * edge),
  };
}

/** Round steps that divide a range into at most `parts`. */
function steps(low, high, parts) {
  const rough = (high - low) / parts;
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = Math.max(1e-9, [1, 2, 5, 10].find((one) => one * power >= rough) * power);
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step / 1000; at += step) found.push(at);
  return found;
}

const timeSteps = [60e3, 300e3, 900e3, 3600e3, 3 * 3600e3, 6 * 3600e3, 86400e3, 2 * 86400e3, 7 * 86400e3, 14 * 86400e3, 30 * 86400e3, 90 * 86400e3];

function timeTicks(from, to, parts) {
  const step = timeSteps.find((one) => (to - from) / one <= parts) ?? timeSteps.at(-1);
  const found = [];
  const offset = new Date(from).getTimezoneOffset() * 60e3;
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) found.push(at);
  return { step, found };
}

/**
 * A chart over time. `lines` are `{ points: [[millis, value]], kind: 'line' | 'ahead', area }`,
 * `marks` `{ at, value, label, minus }`, `label` says in words what there is to see.
 */
export function timeChart({ lines, marks = [], now = null, label, height = 240, unit = count }) {
  const tip = h('div', { class: 'tip', hidden: true });
  const place = h('div', { class: 'chart-place' });
  const node = h('figure', { class: 'chart' }, place, tip);
  const draw = () => {
    const width = node.clientWidth;
    if (width > 40) {
      put(place, drawn({ lines, marks, now, label, height, unit, width, tip }));
    }
  };
  new ResizeObserver(draw).observe(node);
  return node;
}

function drawn({ lines, marks, now, label, height, unit, width, tip }) {
  const all = lines.flatMap((one) => one.points);
  const box = { left: 44, right: width - 10, top: 10, bottom: height - 24 };
  const from = Math.min(...all.map((one) => one[0]));
  const to = Math.max(...all.map((one) => one[0]), from + 1000);
  const values = [...all.map((one) => one[1]), ...marks.map((one) => one.value)];
  const ticks = steps(Math.min(0, ...values), Math.max(4, ...values) * 1.06, 4);
  const [low, high] = [Math.min(0, ...values), Math.max(4, ...values) * 1.06];
  const x = (at) => box.left + ((at - from) / (to - from)) * (box.right - box.left);
  const y = (value) => box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top);
  const svg = s('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label });
  for (const value of ticks) {
    svg.append(s('line', { class: 'grid', x1: box.left, x2: box.right, y1: y(value), y2: y(value) }), s('text', { x: box.left - 8, y: y(value) + 4, 'text-anchor': 'end' }, unit(value)));
  }
  const time = timeTicks(from, to, Math.max(2, Math.floor(width / 110)));
  for (const at of time.found) {
    const words = time.step >= 86400e3 ? date(at).replace(/, \d+$/, '') : timeOfDay(at).slice(0, time.step < 60e3 ? 8 : 5);
    svg.append(s('text', { x: Math.min(x(at), box.right - 16), y: height - 6, 'text-anchor': 'middle' }, words));
  }
  for (const one of lines) {
    const path = one.points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
    if (one.area && path.length) {
      svg.append(s('polygon', { class: 'area', points: `${x(one.points[0][0])},${y(low)} ${path.join(' ')} ${x(one.points.at(-1)[0])},${y(low)}` }));
    }
    svg.append(s('polyline', { class: one.kind ?? 'line', points: path.join(' ') }));
  }
  if (now !== null) {
    svg.append(s('line', { class: 'now', x1: x(now), x2: x(now), y1: box.top, y2: box.bottom }), s('text', { x: x(now) + 5, y: box.top + 8 }, 'now'));
  }
  for (const mark of marks) {
    svg.append(s('circle', { class: mark.minus ? 'mark minus' : 'mark', cx: x(mark.at), cy: y(mark.value), r: 4 }));
  }
  hover(svg, { lines, marks, box, x, y, tip, unit, width });
  return svg;
}

/** Shows what is under the pointer: the nearest mark, or else the value of the line there. */
function hover(svg, { lines, marks, box, x, y, tip, unit, width }) {
  const dot = s('circle', { class: 'dot', r: 4, visibility: 'hidden' });
  svg.append(dot);
  svg.addEventListener('pointermove', (event) => {
    const at = event.offsetX;
    const near = marks.map((one) => [Math.abs(x(one.at) - at) + Math.abs(y(one.value) - event.offsetY) / 3, one]).sort((a, b) => a[0] - b[0])[0];
    const points = lines.flatMap((one) => one.points);
    const point = points.map((one) => [Math.abs(x(one[0]) - at), one]).sort((a, b) => a[0] - b[0])[0];
    if (!point) return;
    const mark = near && near[0] < 14 ? near[1] : null;
    const [when, value] = mark ? [mark.at, mark.value] : point[1];
    dot.setAttribute('cx', x(when));
    dot.setAttribute('cy', y(value));
    dot.setAttribute('visibility', 'visible');
    tip.hidden = false;
    put(tip, h('strong', {}, unit(value)), h('span', {}, `${dateTime(when)} ${zone(when)}`), mark ? h('span', {}, mark.label) : null);
    tip.style.left = `${Math.max(box.left, Math.min(x(when) + 12, width - 190))}px`;
    tip.style.top = `${Math.max(0, y(value) - 58)}px`;
  });
  svg.addEventListener('pointerleave', () => {
    tip.hidden = true;
    dot.setAttribute('visibility', 'hidden');
  });
}
