import { type ClipPlay, NumberList } from './play.js';

/** Plays as numbers in one row, until the clip's duration is certain. */
export class PlayLog {
  readonly #numbers = new NumberList();

  add({ heardMs, startMs, stopMs, parts, skips }: ClipPlay): void {
    this.#numbers.push(heardMs);
    this.#numbers.push(startMs);
    this.#numbers.push(stopMs);
    this.#addList(parts);
    this.#addList(skips);
  }

  /** The plays in the order in which they were added. Each holds until the next is asked for. */
  *plays(): Generator<ClipPlay> {
    const { values, count } = this.#numbers;
    const play = { heardMs: 0, startMs: 0, stopMs: 0, parts: new NumberList(), skips: new NumberList() };
    let at = 0;
    const next = (): number => values[at++]!;
    while (at < count) {
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
    this.#numbers.push(count);
    for (let i = 0; i < count; i += 1) this.#numbers.push(values[i]!);
  }
}
