// Forms made from a kind's fields: inputs in, the object to send out.
import { h } from './dom.js';
import { operators } from './names.js';

/**
 * Makes the inputs for `fields`, filled from `one` (null: with presets); `read()` returns what to
 * send, for something that exists only what was changed; `blame(field, message)` marks an input.
 */
export function form(fields, one, lists) {
  const inputs = fields.map((field) => input(field, one, lists));
  return {
    node: h('div', { class: 'form' }, inputs.map((each) => each.node)),
    draft: () => Object.fromEntries(inputs.map((each) => [each.field.name, each.value()])),
    read() {
      const values = inputs.filter((each) => (one ? each.changed() : each.value() !== null));
      return Object.fromEntries(values.map((each) => [each.field.name, each.value()]));
    },
    blame(path, message) {
      const found = inputs.find((each) => path && (path === each.field.name || path.startsWith(each.field.name + '[') || path.startsWith(each.field.name + '.')));
      inputs.forEach((each) => each.blame(each === found ? message : ''));
      found?.focus();
      return Boolean(found);
    },
  };
}

function input(field, one, lists) {
  const given = field.from ? field.from(one) : one ? one[field.name] : field.preset;
  const control = (controls[field.type ?? 'text'] ?? controls.text)(field, given ?? null, lists);
  const before = JSON.stringify(control.value());
  const fault = h('span', { class: 'minus', role: 'alert' });
  const hint = field.hint ? h('span', { class: 'hint' }, field.hint) : null;
  if (one && field.fixed) {
    control.focus.disabled = true;
  }
  const label = field.need ? `${field.label} *` : field.label;
  const node = field.type === 'bool' ? h('label', { class: 'check' }, control.node, label, fault)
    : field.type === 'conditions' ? h('fieldset', {}, h('legend', {}, label), control.node, fault)
      : h('label', { class: 'field' }, label, control.node, hint, fault);
  return {
    field, node, value: control.value, changed: () => JSON.stringify(control.value()) !== before, focus: () => control.focus.focus(),
    blame(message) {
      fault.textContent = message;
      message ? control.focus.setAttribute('aria-invalid', 'true') : control.focus.removeAttribute('aria-invalid');
    },
  };
}

const simple = (node, value) => ({ node, focus: node, value });
const trimmed = (node) => node.value.trim() || null;

const controls = {
  text(field, given) {
    const node = h('input', { value: given ?? '', autocomplete: 'off' });
    return simple(node, () => trimmed(node));
  },
  long(field, given) {
    const node = h('textarea', { value: given ?? '' });
    return simple(node, () => trimmed(node));
  },
  number(field, given) {
    const node = h('input', { value: given ?? '', inputmode: 'numeric', autocomplete: 'off' });
    // What is no number goes as it is: the server says what is wrong with it.
    return simple(node, () => (/^-?\d+$/.test(node.value.trim()) ? Number(node.value) : trimmed(node)));
  },
  date(field, given) {
    const node = h('input', { type: 'date', value: given ?? '' });
    return simple(node, () => trimmed(node));
  },
  color(field, given) {
    const node = h('input', { type: 'color', value: /^#[0-9a-f]{6}$/i.test(given ?? '') ? given : '#64748b' });
    return simple(node, () => node.value);
  },
  bool(field, given) {
    const node = h('input', { type: 'checkbox' });
    node.checked = given === true;
    return simple(node, () => node.checked);
  },
  select(field, given, lists) {
    const node = h('select', {}, field.options(lists).map(([value, label]) => h('option', { value }, label)));
    node.value = given ?? node.options[0]?.value ?? '';
    return simple(node, () => node.value || null);
  },
  operator(field, given) {
    return controls.select({ options: () => Object.entries(operators) }, given);
  },
  lines(field, given) {
    const node = h('textarea', { value: (given ?? []).join('\n') });
    return simple(node, () => node.value.split('\n').map((one) => one.trim()).filter(Boolean));
  },
  json(field, given) {
    const node = h('textarea', { class: 'mono', value: JSON.stringify(given ?? {}, null, 2) });
    return simple(node, () => {
      try {
        return JSON.parse(node.value);
      } catch {
        return node.value;
      }
    });
  },
  eventType(field, given, lists) {
    const id = `types-${field.name}`;
    const node = h('input', { value: given ?? '', list: id, autocomplete: 'off' });
    return { node: h('span', { class: 'stack' }, node, h('datalist', { id }, lists.eventTypes.map((one) => h('option', { value: one })))), focus: node, value: () => trimmed(node) };
  },
  conditions(field, given) {
    const rows = h('div', { class: 'stack' });
    const add = (one) => {
      const key = h('input', { placeholder: field.key, 'aria-label': 'Key', value: one?.[field.key] ?? '' });
      const operator = h('select', { 'aria-label': 'Operator' }, Object.entries(operators).map(([value, label]) => h('option', { value }, label)));
      operator.value = one?.operator ?? 'equals';
      const value = h('input', { placeholder: 'value', 'aria-label': 'Value', value: one?.value ?? '' });
      const row = h('div', { class: 'condition' }, key, operator, value, h('button', { type: 'button', class: 'plain', onclick: () => row.remove() }, 'Remove'));
      row.read = () => ({ [field.key]: key.value.trim(), operator: operator.value, ...(operator.value.includes('empty') ? {} : { value: value.value }) });
      rows.append(row);
    };
    (given ?? []).forEach(add);
    if (field.need && !given?.length) add();
    const more = h('button', { type: 'button', onclick: () => add() }, 'Add a condition');
    return { node: h('div', { class: 'stack' }, rows, h('div', {}, more)), focus: more, value: () => [...rows.children].map((row) => row.read()) };
  },
};
