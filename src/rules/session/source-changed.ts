import { defineRule } from '../define.js';
import { shown } from '../words.js';
import { firstChange } from './first-change.js';

export const sourceChanged = defineRule({
  id: 'source-changed',
  level: 'session',
  needs: 'sound',
  severity: 'error',
  title: 'A session’s events carry different Sources',
  why: 'A session goes out in one request, and a request has one Source.',
  mend: 'Give every event of a session the same Source, or none.',
  reference: 'API-4',
  check({ events, request }, report) {
    if (request !== null) return;
    const change = firstChange(
      events,
      (event) => event.source ?? null,
      (source) => source,
    );
    if (change) {
      report({
        at: change.at,
        expected: `the session’s Source ${shown(change.first)}`,
        received: shown(change.other),
      });
    }
  },
});
