import { defineDiagnosis, type Evidence, ExampleCounter, type Part, sessionsOf } from './define.js';
import type { SessionFacts } from './session-facts.js';

const LEAST = 3;
const LEAST_SHARE = 0.05;
/** So many times as often as by chance, and so many standard deviations above that. */
const TIMES_CHANCE = 1.5;
const DEVIATIONS = 4.2;
const TOLERANCE_MS = 1000;

export const counterNotReset = defineDiagnosis({
  id: 'counter-not-reset',
  severity: 'warning',
  title: 'SeqNumber runs on from one session to the next',
  sees: 'the lowest SeqNumber is not 1 (`seq-start`), the first event a Start, and the session that ended last before it began has the number before it as its highest, or the same number',
  threshold:
    '3 sessions, 5 % of those that begin late, 1.5 times as many as chance explains, and 4.2 standard deviations above that. Either of the two is enough',
  mend: 'Set the counter to 0 where the SessionId is made, so that the first event of each session has SeqNumber 1.',
  rules: ['seq-start'],
  watch: () => ({
    end(part) {
      return goingOn(part, 1, 'go on') ?? goingOn(part, 0, 'begin with the number');
    },
  }),
});

/** The sessions that begin `step` after the number on which the one before ended, where these are more than chance explains. */
function goingOn({ facts }: Part, step: 0 | 1, words: string): Evidence | null {
  const known = facts.filter((session) => session.is('known'));
  const late = known
    .filter((session) => session.get('lowest') !== 1 && !session.is('startsWithStop'))
    .sort((a, b) => a.get('firstMs') - b.get('firstMs'));
  const endsOn = new Map<number, number>();
  for (const session of known)
    endsOn.set(session.get('highest'), (endsOn.get(session.get('highest')) ?? 0) + 1);
  const shown = new ExampleCounter();
  let [expected, variance, before] = [0, 0, 0];
  for (const session of late) {
    const from = session.get('lowest') - step;
    const others = (endsOn.get(from) ?? 0) - (session.get('highest') === from ? 1 : 0);
    const chance = others / Math.max(1, known.length - 1);
    expected += chance;
    variance += chance * (1 - chance);
    while (before < known.length && known[before]!.get('lastMs') <= session.get('firstMs') + TOLERANCE_MS)
      before += 1;
    if (lastBut(known, before, session)?.get('highest') === from) shown.add(session.key);
  }
  const { sessions, examples } = shown;
  if (sessions < Math.max(LEAST, LEAST_SHARE * late.length, TIMES_CHANCE * expected)) return null;
  if (sessions < expected + DEVIATIONS * Math.sqrt(variance)) return null;
  const evidence = `${sessionsOf(sessions, late.length, 'that begin at another SeqNumber than 1')} ${words} where the session before ended.`;
  return { sessions, of: late.length, evidence, examples };
}

/** Of the first `count` sessions, in order of their ends, the last that is not this one. */
function lastBut(
  sessions: readonly SessionFacts[],
  count: number,
  session: SessionFacts,
): SessionFacts | undefined {
  const last = sessions[count - 1];
  return last === session ? sessions[count - 2] : last;
}
