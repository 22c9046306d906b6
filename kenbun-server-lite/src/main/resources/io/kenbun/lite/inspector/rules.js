// Rules: everything that is set up, to see, to make, to change, to switch, and to try before.
import { api, state } from './api.js';
import { dialog, h, put, toast, codeBlock } from './dom.js';
import { count, plural, signed } from './format.js';
import { form } from './form.js';
import { forget, names } from './names.js';
import { level } from './event.js';
import { kinds } from './kinds.js';
import { tryChange } from './try-it.js';

/** The view; the first part of `rest` is the kind. */
export async function rules([id]) {
  const kind = kinds.find((one) => one.id === id) ?? kinds[0];
  const node = h('section', { class: 'rules', 'aria-labelledby': 'title' });
  const draw = async () => put(node, await content(kind, draw));
  await draw();
  return node;
}

async function content(kind, redraw) {
  const known = await names();
  const groups = Map.groupBy ? Map.groupBy(kinds, (one) => one.group) : grouped();
  const nav = h('nav', { class: 'kinds', 'aria-label': 'What is set up' }, [...groups].map(([group, members]) => h('div', {}, h('h3', {}, group),
    members.map((one) => h('a', { href: `#/rules/${one.id}`, 'aria-current': one === kind ? 'page' : null }, one.label)))));
  const rows = kind.single ? [] : await read(kind);
  const add = kind.readOnly || kind.single ? null : h('button', { class: 'primary', onclick: () => edit(kind, null, known, redraw) }, `New ${kind.one}`);
  return [
    h('header', { class: 'view-head' }, h('h1', { id: 'title' }, 'Rules'), h('span', { class: 'grow' }),
      h('button', { onclick: () => rescore() }, 'Score anew…')),
    h('div', { class: 'rules-body' }, nav, h('div', { class: 'stack' },
      h('div', { class: 'card' },
        h('header', {}, h('div', { class: 'grow' }, h('h2', {}, kind.label), h('p', { class: 'soft small' }, kind.about)), add),
        kind.single ? await single(kind) : rows.length ? h('ul', { class: 'rule-list' }, rows.map((one) => item(kind, one, known, redraw))) : none(kind)))),
  ];
}

function grouped() {
  const groups = new Map();
  kinds.forEach((one) => groups.set(one.group, [...(groups.get(one.group) ?? []), one]));
  return groups;
}

async function read(kind) {
  const list = (answer) => (kind.list ? answer[kind.list] : answer);
  if (!kind.within) {
    return list(await api(kind.path));
  }
  const { rulesets } = await api(kind.within);
  const all = await Promise.all(rulesets.map(async (ruleset) => list(await api(`${kind.within}/${encodeURIComponent(ruleset.id)}/rules`)).map((one) => ({ ...one, ruleset_id: ruleset.id, ruleset_name: ruleset.name }))));
  return all.flat();
}

const pathOf = (kind, one) => `${kind.within ? `${kind.within}/${encodeURIComponent(one.ruleset_id)}/rules` : kind.path}/${encodeURIComponent(one[kind.key ?? 'id'])}`;
const titleOf = (kind, one, known) => (kind.title ? kind.title(one, known) : one.name);

function none(kind) {
  return h('div', { class: 'empty' }, h('h2', {}, `No ${kind.one} yet`), h('p', {}, kind.readOnly ? 'They come with the events.' : `What “New ${kind.one}” makes counts from the next event on${kind.untried ? '' : '; “Try it” says before that what it would do'}.`));
}

function item(kind, one, known, redraw) {
  const title = titleOf(kind, one, known);
  const on = kind.toggle ? one[kind.toggle] : null;
  const toggle = on === null ? null : h('button', {
    class: 'switch', role: 'switch', 'aria-checked': String(on), 'aria-label': `${kind.toggleLabel ?? 'On'}: ${title}`, disabled: one.protected,
    onclick: () => act(async () => {
      await api(pathOf(kind, one), { method: 'PUT', body: { [kind.toggle]: !on } });
      forget();
      toast(`${title}: ${said(kind, !on)}.`);
      await redraw();
    }),
  });
  const body = [
    kind.color ? level(one) : h('span', { class: 'title' }, title),
    h('span', { class: 'soft' }, (kind.facts?.(one, known) ?? []).filter(Boolean).join(' · ')),
  ];
  const off = on === false && kind.toggle !== 'hidden';
  return h('li', { class: off ? 'off' : null },
    kind.readOnly ? h('span', { class: 'what' }, body) : h('button', { class: 'plain what', onclick: () => edit(kind, one, known, redraw) }, body),
    kind.value ? h('span', { class: kind.sign(one) < 0 ? 'minus' : 'plus' }, kind.value(one)) : null, kind.toggleLabel ? h('span', { class: 'soft small', 'aria-hidden': 'true' }, kind.toggleLabel) : null, toggle);
}

/** What a switch has done, in a word. */
const said = (kind, on) => (kind.toggleLabel ? `${on ? '' : 'not '}${kind.toggleLabel.toLowerCase()}` : on ? 'on, from the next event' : 'off, from the next event');

async function lists() {
  const [rulesets, profileRulesets, channels, eventTypes] = await Promise.all([api('/rulesets'), api('/profile-scoring/rulesets'), api('/notification-channels'), api('/event-types')]);
  return { rulesets: rulesets.rulesets, profileRulesets: profileRulesets.rulesets, channels, eventTypes };
}

async function edit(kind, one, known, redraw) {
  const filled = form(kind.fields, one, await lists());
  const trial = h('div', { class: 'stack trial', 'aria-live': 'polite' });
  const fault = h('p', { class: 'notice bad', role: 'alert', hidden: true });
  const say = (error) => {
    const marked = filled.blame(error.field?.replace(/^body\./, ''), error.message);
    fault.hidden = marked;
    put(fault, error.message);
  };
  dialog(one ? `Change ${kind.one}` : `New ${kind.one}`, (close) => {
    const call = () => {
      const body = filled.read();
      const ruleset = body.ruleset_id;
      if (kind.within) delete body.ruleset_id;
      const path = one ? pathOf(kind, one) : kind.within ? `${kind.within}/${encodeURIComponent(ruleset)}/rules` : kind.path;
      return { method: one ? 'PUT' : 'POST', path, body };
    };
    const save = async (event) => {
      event.preventDefault();
      await guarded(say, async () => {
        const { method, path, body } = call();
        const saved = await api(path, { method, body });
        forget();
        close();
        toast('Saved; in force for the next event.');
        if (saved?.signing_secret) showSecret(saved.signing_secret);
        await redraw();
      });
    };
    const tryIt = () => guarded(say, async () => {
      put(trial, h('p', { class: 'soft' }, 'Trying…'));
      try {
        put(trial, h('h3', {}, 'What it would do'), kind.tryIt ? await kind.tryIt(filled.draft(), one) : await tryChange(call(), kind, known));
        trial.scrollIntoView({ block: 'nearest' });
        filled.blame(null);
        fault.hidden = true;
      } catch (error) {
        put(trial);
        throw error;
      }
    });
    const remove = () => guarded(say, async () => {
      await api(pathOf(kind, one), { method: 'DELETE' });
      forget();
      close();
      toast(`Deleted: ${titleOf(kind, one, known)}.`);
      await redraw();
    });
    return h('form', { onsubmit: save, novalidate: true }, h('h2', {}, one ? `Change ${kind.one}` : `New ${kind.one}`), filled.node, fault, trial,
      h('footer', {}, one ? confirmed('Delete', remove) : null, h('span', { class: 'grow' }), h('button', { type: 'button', onclick: close }, 'Cancel'),
        kind.untried ? null : h('button', { type: 'button', onclick: tryIt }, 'Try it'), h('button', { type: 'submit', class: 'primary' }, 'Save')));
  });
}

/** A button that has to be pressed twice. */
function confirmed(label, action) {
  const button = h('button', { type: 'button', class: 'danger', onclick: () => {
    if (button.dataset.sure) {
      action();
    } else {
      button.dataset.sure = 'yes';
      button.textContent = `${label}? Press again`;
    }
  } }, label);
  return button;
}

async function guarded(say, task) {
  try {
    await task();
  } catch (error) {
    say(error);
  }
}

async function act(task) {
  await guarded((error) => toast(error.message), task);
}

function showSecret(secret) {
  dialog('Signing secret', (close) => h('div', {}, h('h2', {}, 'Signing secret'), h('p', {}, 'It is shown this once. Whoever receives the webhook checks the signature with it.'), codeBlock(secret), h('footer', {}, h('button', { class: 'primary', onclick: close }, 'I have it'))));
}

async function single(kind) {
  const now = await api(kind.path);
  const filled = form(kind.fields, now, {});
  const save = (event) => {
    event.preventDefault();
    guarded((error) => filled.blame(error.field, error.message) || toast(error.message), async () => {
      await api(kind.path, { method: 'PUT', body: filled.read() });
      toast('Saved.');
    });
  };
  return h('form', { class: 'body stack', onsubmit: save, novalidate: true }, filled.node, h('div', {}, h('button', { class: 'primary', type: 'submit' }, 'Save')));
}

const change = (n) => (n > 0 ? '+' : n < 0 ? '−' : '±') + Math.abs(n);

/** Shows what scoring everything anew would change, and does it if wanted. */
async function rescore() {
  const base = `/api/v1/ou/${encodeURIComponent(state.unit.unit_id)}/scoring`;
  await act(async () => {
    const seen = await api(`${base}/rescore-preview`, { method: 'POST' });
    const unscored = seen.totalLeads - seen.estimatedIncreases - seen.estimatedDecreases - seen.estimatedUnchanged;
    dialog('Score anew', (close) => h('div', {}, h('h2', {}, 'Score every lead anew, with the rules of now'),
      h('dl', { class: 'facts' }, [['Leads', count(seen.totalLeads)], ['Would rise', count(seen.estimatedIncreases)], ['Would fall', count(seen.estimatedDecreases)], ['Would stay', count(seen.estimatedUnchanged)], ['Have no score', unscored ? count(unscored) : null],
        ['On average', change(seen.averageScoreChange)], ['Takes', seen.executionTimeEstimate]].filter(([, value]) => value !== null).map(([key, value]) => [h('dt', {}, key), h('dd', {}, value)])),
      h('footer', {}, h('button', { onclick: close }, 'Leave it'), h('button', { class: 'primary', onclick: () => act(async () => {
        await api(`${base}/rescore`, { method: 'POST' });
        close();
        toast(`${plural(seen.totalLeads, 'lead')} being scored anew.`);
      }) }, 'Score anew'))));
  });
}
