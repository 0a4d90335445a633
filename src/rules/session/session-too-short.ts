import { toMs } from '../../domain/listening.js';
import { defineRule, type Problem, type RuleSettings } from '../define.js';
import { secs } from '../words.js';

export const sessionTooShort = defineRule({
  id: 'session-too-short',
  level: 'session',
  needs: 'order',
  unless: ['stop-without-start', 'start-without-stop', 'session-open', 'position-reversed', 'position-unit'],
  severity: 'info',
  title: 'Less played than the portal shows',
  why: 'Sessions totalling less than 10 seconds are filtered from consumption analytics.',
  mend: 'No fault: it will not show. Where most sessions are like this, look whether a session ends with every pause or seek.',
  reference: 'API-7',
  check({ session, listening: { playedMs } }, report, { minDuration }) {
    const [first] = session.events;
    if (first && playedMs < toMs(minDuration)) report({ at: first, ...tooShort(playedMs, { minDuration }) });
  },
});

/** The problem where so much was played, which is too little. */
export function tooShort(playedMs: number, { minDuration }: Pick<RuleSettings, 'minDuration'>): Problem {
  return { expected: `at least ${minDuration} s played`, received: secs(playedMs) };
}
