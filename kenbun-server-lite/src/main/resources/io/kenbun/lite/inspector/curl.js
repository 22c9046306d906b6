// An event as a command that sends it again.
import { state } from './api.js';

/** A word for a shell. */
export const quoted = (value) => `'${value.replaceAll("'", "'\\''")}'`;

/** Two lines for a shell: choose the unit, then send `body`, a JSON text, to `path`. */
export function curl(path, body, contentType = 'application/json') {
  const who = state.session?.open ? '' : state.session?.automatic ? '-u dev:dev ' : '-u "$KENBUN_CLIENT_ID:$KENBUN_CLIENT_SECRET" ';
  const unit = JSON.stringify({ ouId: state.unit?.unit_id ?? 'unit_default' });
  return [
    `curl -s ${who}-c jar -H 'Content-Type: application/json' -d ${quoted(unit)} ${location.origin}/org-units/active`,
    `curl -s ${who}-b jar -H 'Content-Type: ${contentType}' --data-binary ${quoted(body)} ${location.origin}${path}`,
  ].join('\n');
}

/**
 * The body of an ingest that would have led to this event; `metadata` is that member as it was sent:
 * what is read and written again is another number beyond 2^53, and names one value where two were.
 */
export function ingestBody(event, metadata) {
  const body = { event_type: event.event_type };
  if (event.aliases?.length) {
    body.aliases = event.aliases.map((one) => ({ alias_kind: one.kind, raw_value: one.value }));
  } else if (event.lead_id) {
    body.lead_id = event.lead_id;
  }
  const text = JSON.stringify(body);
  return Object.keys(event.metadata ?? {}).length ? `${text.slice(0, -1)},${metadata}}` : text;
}
