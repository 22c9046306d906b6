// What leads are called: by their first alias, which people know, else by their id.
import { apiOrNull } from './api.js';

const atOnce = 4;
const maxKept = 2000;
const found = new Map();
const queue = [];
let running = 0;

/** Returns the lead's aliases, the most telling first; empty when it has none. */
export function aliasesOf(leadId) {
  let aliases = found.get(leadId);
  if (!aliases) {
    aliases = new Promise((resolve) => queue.push([leadId, resolve]));
    if (found.size >= maxKept) {
      found.delete(found.keys().next().value);
    }
    found.set(leadId, aliases);
    run();
  }
  return aliases;
}

/** Has the aliases of a lead read again. */
export const forgetAliases = (leadId) => found.delete(leadId);

export async function leadName(leadId) {
  return (await aliasesOf(leadId))[0]?.value ?? leadId;
}

const order = ['email', 'external_id', 'phone', 'social', 'cookie'];

async function run() {
  while (running < atOnce && queue.length) {
    const [leadId, resolve] = queue.shift();
    running++;
    try {
      const answer = await apiOrNull(`/lead/${encodeURIComponent(leadId)}/aliases`);
      const aliases = (answer?.aliases ?? []).map((one) => ({ kind: one.kind ?? one.alias_kind, value: one.value ?? one.raw_value ?? one.alias }));
      resolve(aliases.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)));
    } catch {
      found.delete(leadId);
      resolve([]);
    }
    running--;
  }
}
