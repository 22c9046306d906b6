// The one way to the server: the session, the active unit, and errors as the API tells them.

/** What the server refused, or could not be asked. */
export class ApiError extends Error {
  constructor(status, answer) {
    super(answer.error ?? `The server answered ${status}.`);
    this.status = status;
    this.code = answer.code ?? '';
    this.field = answer.field ?? null;
    this.hint = answer.hint ?? null;
  }
}

/** Who is signed in, and for which unit; set by `begin`. */
export const state = { session: null, units: [], unit: null };

const listeners = { signedOut: () => {} };
const tabs = 'BroadcastChannel' in self ? new BroadcastChannel('kenbun') : null;

/** Has `listener` called when the server no longer knows this page. */
export function onSignedOut(listener) {
  listeners.signedOut = listener;
}

async function send(path, method, headers, body, read = (value) => value) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: { 'Kenbun-Inspector': '1', Accept: 'application/json', ...headers },
      body,
    });
  } catch {
    throw new ApiError(0, { error: 'The server does not answer.', code: 'unreachable' });
  }
  const textual = await answer.text();
  let value = null;
  try {
    value = textual === '' ? null : JSON.parse(textual);
  } catch {
    value = { text: textual };
  }
  if (!answer.ok) {
    throw new ApiError(answer.status, value ?? {});
  }
  return read(value, textual);
}

/**
 * Calls the API; signs in again or activates the unit again once, when that is what is missing.
 * `read` makes something else of the answer's value and its text.
 */
export async function api(path, { method = 'GET', body, read } = {}) {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const json = body === undefined ? undefined : JSON.stringify(body);
  try {
    return await send(path, method, headers, json, read);
  } catch (error) {
    if (error.status === 401) {
      await renew();
    } else if (error.code === 'active_ou_not_set' && state.unit) {
      await activate(state.unit.unit_id);
    } else {
      throw error;
    }
  }
  return send(path, method, headers, json, read);
}

/** The same, with null where there is no such thing. */
export async function apiOrNull(path, options) {
  try {
    return await api(path, options);
  } catch (error) {
    if (error.status === 404) {
      return null;
    }
    throw error;
  }
}

/** Returns the session, begun without asking where the server allows that; null: ask. */
export async function session() {
  let found = await send('/lite/session', 'GET');
  if (!found.signed_in && found.automatic && !sessionStorage.getItem('kenbun.signedOut')) {
    found = await send('/lite/session', 'POST');
  }
  state.session = found;
  return found.signed_in ? found : null;
}

async function renew() {
  if (!(await session())) {
    listeners.signedOut();
    throw new ApiError(401, { error: 'You are signed out.', code: 'unauthorized' });
  }
  if (state.unit) {
    await activate(state.unit.unit_id);
  }
}

export async function signIn(clientId, secret) {
  const bytes = new TextEncoder().encode(`${clientId}:${secret}`);
  const basic = 'Basic ' + btoa(String.fromCharCode(...bytes));
  state.session = await send('/lite/session', 'POST', { Authorization: basic });
  sessionStorage.removeItem('kenbun.signedOut');
}

export async function signInAutomatically() {
  sessionStorage.removeItem('kenbun.signedOut');
  return session();
}

export async function signOut() {
  await send('/lite/session', 'DELETE');
  sessionStorage.setItem('kenbun.signedOut', '1');
  tabs?.postMessage('reload');
}

/** Finds the units and activates the one that was used last. */
export async function begin() {
  state.units = await send('/org-units', 'GET');
  const last = localStorage.getItem('kenbun.unit');
  const unit =
    state.units.find((one) => one.unit_id === last) ?? state.units.find((one) => one.is_default) ?? state.units[0];
  if (!unit) {
    throw new ApiError(403, { error: 'This credential may not use any unit.' });
  }
  await activate(unit.unit_id);
}

async function activate(unitId) {
  state.unit = await send('/org-units/active', 'POST', { 'Content-Type': 'application/json' }, JSON.stringify({ ouId: unitId }));
}

/** Works in another unit from now on, in this tab and in the others, since they share the cookie. */
export async function switchUnit(unitId) {
  await activate(unitId);
  localStorage.setItem('kenbun.unit', unitId);
  tabs?.postMessage('reload');
}

tabs?.addEventListener('message', () => location.reload());
