// Builds the page. Values only ever become text or attributes of a fixed name: there is no way
// through here for a value to become markup.
const SVG = 'http://www.w3.org/2000/svg';

/** Makes an HTML element; `props` are attributes, and listeners by names like `onclick`. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** Makes an SVG element. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (typeof value === 'function') {
      node.addEventListener(name.slice(2), value);
    } else if (name === 'value') {
      node.value = value;
    } else {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(node, child);
    } else if (child instanceof Node) {
      node.append(child);
    } else if (child !== null && child !== undefined && child !== false) {
      node.append(document.createTextNode(String(child)));
    }
  }
}

/** Puts `children` in the place of everything in `node`. */
export function put(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/** Sets the text of a node if it is another one: the cheapest update there is. */
export function text(node, value) {
  if (node.textContent !== value) {
    node.textContent = value;
  }
}

/** Says something for a few seconds, to eyes and to screen readers. */
export function toast(message) {
  let place = document.getElementById('toasts');
  if (!place) {
    place = h('div', { id: 'toasts', role: 'status', 'aria-live': 'polite' });
    document.body.append(place);
  }
  const one = h('div', {}, message);
  place.append(one);
  setTimeout(() => one.remove(), 6000);
}

/** Opens a dialog that removes itself when it is closed; `content` gets a function to close it. */
export function dialog(label, content) {
  const node = h('dialog', { 'aria-label': label });
  node.append(content(() => node.close()));
  node.addEventListener('close', () => node.remove());
  node.addEventListener('click', (event) => event.target === node && node.close());
  document.body.append(node);
  node.showModal();
  return node;
}

/** Copies text; where the browser's clipboard is closed to plain http, by a selection. */
export async function copy(value) {
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    const area = h('textarea', { class: 'unseen', value });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  toast('Copied');
}

/** A block of code with a button that copies it. */
export function codeBlock(value, label = 'Copy') {
  return h('div', { class: 'stack copyable' },
    h('pre', { class: 'code', tabindex: '0', role: 'region', 'aria-label': 'Code' }, value),
    h('div', { class: 'row' }, h('button', { type: 'button', onclick: () => copy(value) }, label)));
}

const icons = {
  live: 'M3 12h4l3-8 4 16 3-8h4',
  leads: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM2 21c0-4 3-6.5 7-6.5s7 2.500 7 6.500M16 4.500a4 4 0 0 1 0 6.500M18.500 15c2.200.9 3.500 3 3.500 6',
  rules: 'M4 6h10M18 6h2M4 12h2M10 12h10M4 18h8M16 18h4M16 4v4M8 10v4M14 16v4',
  deliveries: 'M21 3 10 14M21 3l-7 18-4-7-7-4 18-7Z',
  health: 'M12 21s-8-5-8-11a4.500 4.500 0 0 1 8-2.800A4.500 4.500 0 0 1 20 10c0 6-8 11-8 11Z',
  close: 'M5 5l14 14M19 5 5 19',
  theme: 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500Z',
  keys: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10',
  api: 'M8 7l-5 5 5 5M16 7l5 5-5 5M14 4l-4 16',
  out: 'M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 4.500v15l12-7.500z',
};

export function icon(name) {
  return s('svg', { viewBox: '0 0 24 24', width: '18', height: '18', 'aria-hidden': 'true', class: 'glyph' },
    s('path', { d: icons[name], fill: 'none', stroke: 'currentColor', 'stroke-width': '1.9', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }));
}
