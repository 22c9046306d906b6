// Where the page begins: who is it, which view, and what keys do.
import { begin, onSignedOut, session } from './api.js';
import { h, put } from './dom.js';
import { shell, show } from './shell.js';
import { signInPage } from './sign-in.js';
import { stream } from './stream.js';
import { listen } from './live.js';

const app = document.getElementById('app');
const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = () => {
  document.documentElement.dataset.theme = localStorage.getItem('kenbun.theme') ?? (dark.matches ? 'dark' : 'light');
};
dark.addEventListener('change', paint);
paint();

async function start() {
  try {
    if (!(await session())) {
      put(app, signInPage(start));
      return;
    }
    await begin();
    put(app, shell());
    stream.start();
    addEventListener('hashchange', show);
    const filled = listen();
    await show();
    performance.mark('ready');
    await filled;
  } catch (error) {
    put(app, h('div', { class: 'empty' }, h('h1', {}, 'The inspector cannot start'), h('p', {}, error.message),
      h('button', { class: 'primary', onclick: () => location.reload() }, 'Try again')));
  }
}

onSignedOut(() => location.reload());
start();
