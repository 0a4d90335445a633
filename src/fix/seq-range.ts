import { changeEach, defineMend, type FixEvent } from './define.js';

/** Numbers that are gapless but begin at 0: each is SeqNumber raised by one. */
export const seqRange = defineMend({
  rule: 'seq-range',
  mend({ events }, { raised }) {
    const numbers = wholeNumbers(events);
    if (numbers === null || !(raised || isGaplessFromZero(numbers))) return null;
    return changeEach(
      'seq-range',
      'SeqNumber raised by one',
      'SeqNumber',
      events,
      ({ SeqNumber }) => Number(SeqNumber) + 1,
    );
  },
});

function wholeNumbers(events: readonly FixEvent[]): readonly number[] | null {
  const numbers = events.map(({ fields }) => fields.SeqNumber);
  return numbers.every((number): number is number => Number.isSafeInteger(number)) ? numbers : null;
}

function isGaplessFromZero(numbers: readonly number[]): boolean {
  return numbers.toSorted((a, b) => a - b).every((number, i) => number === i);
}
