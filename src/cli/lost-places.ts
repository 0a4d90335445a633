import { escaped, pluralize } from '../domain/text.js';
import { type Finding, messageOf } from '../domain/finding.js';
import type { Inspected } from '../validate/inspected.js';
import type { Cli } from './cli.js';
import { type CommonFlags, saysMore } from './options/everywhere.js';

/** How many places are told one by one, unless more is to be said. */
const SHOWN = 5;
const MOST = 10_000;

/** The places of an input that could not be read. */
export class LostPlaces {
  readonly #first: Finding[] = [];
  readonly #most: number;
  #count = 0;

  constructor(flags: CommonFlags) {
    this.#most = saysMore(flags) ? MOST : SHOWN;
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  note(inspected: Inspected): void {
    if (inspected.kind !== 'finding' || inspected.finding.rule !== 'syntax') return;
    this.#count += 1;
    if (this.#first.length < this.#most) this.#first.push(inspected.finding.settle());
  }

  /** @param from What they are missing from: `the output`. */
  tell({ stderr }: Cli, from: string): void {
    if (this.#count === 0) return;
    for (const finding of this.#first) {
      const { input, line, column } = finding.place;
      stderr.write(`error: ${escaped(`${input.name}:${line}:${column}: ${messageOf(finding)}`)}\n`);
    }
    const places = pluralize(this.#count, 'place');
    stderr.write(`${places} could not be read: what stood there is missing from ${from}\n`);
  }
}
