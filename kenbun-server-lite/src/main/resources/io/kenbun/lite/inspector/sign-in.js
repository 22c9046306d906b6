// The page of those who are not signed in.
import { signIn, signInAutomatically, state } from './api.js';
import { h, put } from './dom.js';

/** The form; `done` goes on once it is through. */
export function signInPage(done) {
  const id = h('input', { id: 'client-id', name: 'username', autocomplete: 'username', required: true, spellcheck: 'false' });
  const secret = h('input', { id: 'client-secret', name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const failure = h('p', { class: 'notice bad', role: 'alert', hidden: true });
  const button = h('button', { class: 'primary', type: 'submit' }, 'Sign in');
  const go = async (event) => {
    event.preventDefault();
    button.disabled = true;
    failure.hidden = true;
    try {
      await signIn(id.value.trim(), secret.value);
      await done();
    } catch (error) {
      put(failure, error.status === 401 ? 'No account has this client id and secret.' : error.message);
      failure.hidden = false;
      secret.select();
    } finally {
      button.disabled = false;
    }
  };
  return h('main', { class: 'sign-in' },
    h('form', { class: 'card', onsubmit: go },
      h('h1', {}, 'Sign in to kenbun lite'),
      h('p', { class: 'soft' }, 'With the client id and secret that your application sends as HTTP Basic.'),
      h('label', { class: 'field', for: 'client-id' }, 'Client id', id),
      h('label', { class: 'field', for: 'client-secret' }, 'Client secret', secret),
      failure, button,
      state.session?.automatic
        ? h('button', { type: 'button', onclick: async () => { await signInAutomatically(); await done(); } }, 'Continue with the built-in pair')
        : null));
}
