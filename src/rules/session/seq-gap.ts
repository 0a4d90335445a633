import { eventsExample, LISTENING_FIELDS, WITH_JUMP } from '../../guide/guide.js';
import { defineRule, type Problem } from '../define.js';
import { list } from '../words.js';

const MAX_NAMED = 5;

export const seqGap = defineRule({
  id: 'seq-gap',
  level: 'session',
  needs: 'valid',
  severity: 'error',
  title: 'SeqNumbers are missing between the lowest and the highest',
  why: 'Each SeqNumber is one more than the one before. Missing events were lost, and listening with them.',
  mend: 'Look for events that are dropped from the queue, filtered before sending, or numbered but not stored.',
  reference: 'API-12',
  check({ count, seqNumbers }, report) {
    for (let at = 1; at < count; at += 1) {
      if (seqNumbers[at]! - seqNumbers[at - 1]! < 2) continue;
      report(at, problemAt(seqNumbers, at, count));
      return;
    }
  },
  guide: () => ({
    firesWhen:
      'SeqNumbers between the lowest and the highest are missing. One finding per session, with a list of the missing numbers',
    inferred: null,
    broken: eventsExample([WITH_JUMP[0]!, WITH_JUMP[3]!]),
    fixed: eventsExample(WITH_JUMP),
    shows: LISTENING_FIELDS,
    cites: ['const emit'],
  }),
});

/** The first few gaps in words: `4`, `7 to 9`. @param from The event after the first gap. */
function missing(seqNumbers: Float64Array, from: number, count: number): string[] {
  const named: string[] = [];
  let gaps = 0;
  for (let i = from; i < count; i += 1) {
    const [before, seqNumber] = [seqNumbers[i - 1]!, seqNumbers[i]!];
    if (seqNumber - before < 2) continue;
    gaps += 1;
    if (gaps > MAX_NAMED) continue;
    named.push(seqNumber - before === 2 ? String(before + 1) : `${before + 1} to ${seqNumber - 1}`);
  }
  if (gaps > MAX_NAMED) named.push(`${gaps - MAX_NAMED} more`);
  return named;
}

function problemAt(seqNumbers: Float64Array, at: number, count: number): () => Problem {
  return () => ({
    expected: `every SeqNumber from ${seqNumbers[0]} to ${seqNumbers[count - 1]}`,
    received: `${list(missing(seqNumbers, at, count))} missing`,
  });
}
