// Views of what events change, drawn again while somebody looks.
import { stream } from './stream.js';

const everyMillis = 1000;

/**
 * Has `draw` called at most once a second after scores that `concerns` says yes to, until the view is
 * left. A page that nobody sees is drawn when it is seen again.
 */
export function redrawOnScores(onLeave, concerns, draw) {
  let stale = false;
  const offs = [stream.on('score', (data) => (stale ||= concerns(data))), stream.on('again', () => (stale = true))];
  const timer = setInterval(() => {
    if (stale && !document.hidden) {
      stale = false;
      draw().catch(() => (stale = true));
    }
  }, everyMillis);
  onLeave(() => {
    offs.forEach((off) => off());
    clearInterval(timer);
  });
}
