import { allChanged, capture, MINUTE, OTHER_SESSION, sent } from '../data.js';
import type { RuleGuide } from '../define.js';

const LATER = allChanged(MINUTE, (event) => ({
  SessionId: OTHER_SESSION,
  Timestamp: Number(event.Timestamp) + 300,
}));

export const sentAfterDisabled: RuleGuide = {
  firesWhen:
    'HAR and mock: a request for an organization that was answered Enabled: false at least 1 s before it began; in a HAR for the same pageref',
  inferred: 'The second of grace, for what was on its way.',
  broken: capture(sent(MINUTE, { enabled: false }), sent(LATER, { at: 400, enabled: false })),
  mended: capture(sent(MINUTE, { enabled: false })),
  shows: [],
  code: `let enabled = true;
async function send(body) {
  if (!enabled) return;
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(url, { method: 'POST', keepalive: true, headers, body });
  if (response.ok) enabled = (await response.json()).Enabled;
}`,
};
