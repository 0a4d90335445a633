import { type ClipPlay, NumberList } from './play.js';

/** Plays as numbers in one row, which is what they take least memory as. */
export class PlayLog {
  readonly numbers: number[];

  /** @param numbers What another log holds; it is this one's from now on. */
  constructor(numbers: number[] = []) {
    this.numbers = numbers;
  }

  add({ heardMs, startMs, stopMs, parts, skips }: ClipPlay): void {
    this.numbers.push(heardMs, startMs, stopMs);
    this.#addList(parts);
    this.#addList(skips);
  }

  /** The plays in the order in which they were added. Each holds until the next is asked for. */
  *plays(): Generator<ClipPlay> {
    const { numbers } = this;
    const play = { heardMs: 0, startMs: 0, stopMs: 0, parts: new NumberList(), skips: new NumberList() };
    let at = 0;
    const next = (): number => numbers[at++]!;
    while (at < numbers.length) {
      play.heardMs = next();
      play.startMs = next();
      play.stopMs = next();
      for (const list of [play.parts, play.skips]) {
        list.count = 0;
        for (let left = next(); left > 0; left -= 1) list.push(next());
      }
      yield play;
    }
  }

  #addList({ values, count }: NumberList): void {
    this.numbers.push(count);
    for (let i = 0; i < count; i += 1) this.numbers.push(values[i]!);
  }
}
