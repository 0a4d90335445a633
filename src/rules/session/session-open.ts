import { defineRule, type Problem } from '../define.js';

export const sessionOpen = defineRule({
  id: 'session-open',
  level: 'session',
  needs: 'order',
  severity: 'warning',
  title: 'The last event is a Start',
  why: 'What was heard after it is not known. Usual after a crash; else the Stop at the end is missing.',
  mend: 'Emit Stop on pause, on the end of the clip and on page unload (`pagehide`), before the session is sent.',
  reference: 'API-14, API-15',
  check({ listening: { kept } }, report) {
    const last = kept.at(-1);
    if (last?.type === 'Start') report({ at: last.event, ...openAt(last.event.sound.position) });
  },
});

/** The problem where the last event is a Start at a position. */
export function openAt(position: number): Problem {
  return { expected: 'a Stop as the last event', received: `a Start at ${position} s` };
}
