import { defineRule } from '../define.js';
import { list } from '../words.js';

const MOST_NAMED = 5;

export const seqGap = defineRule({
  id: 'seq-gap',
  level: 'session',
  needs: 'sound',
  severity: 'error',
  title: 'SeqNumbers are missing between the lowest and the highest',
  why: 'Each event has one more than the one before: what is missing was lost, and listening with it.',
  mend: 'Look for events that are dropped from the queue, filtered before sending, or counted without being kept.',
  reference: 'API-12',
  check({ events }, report) {
    const missing: string[] = [];
    let at: (typeof events)[number] | undefined;
    let gaps = 0;
    events.forEach((event, i) => {
      const before = events[i - 1]?.sound.seqNumber;
      const { seqNumber } = event.sound;
      if (before === undefined || seqNumber - before < 2) return;
      at ??= event;
      gaps += 1;
      if (gaps <= MOST_NAMED) {
        missing.push(seqNumber - before === 2 ? String(before + 1) : `${before + 1} to ${seqNumber - 1}`);
      }
    });
    if (!at) return;
    if (gaps > MOST_NAMED) missing.push(`${gaps - MOST_NAMED} more`);
    const [first, last] = [events[0], events.at(-1)];
    report({
      at,
      expected: `every SeqNumber from ${first?.sound.seqNumber} to ${last?.sound.seqNumber}`,
      received: `none of ${list(missing)}`,
    });
  },
});
