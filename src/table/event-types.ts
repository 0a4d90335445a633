import { UserError } from '../domain/errors.js';

const MEANINGS = ['Start', 'Stop', 'Ignore'] as const;

/** What a value of the `Type` column means. */
export type TypeMeaning = (typeof MEANINGS)[number];

/** Which values of the `Type` column mean Start and Stop (`--type Start=play,resume --type Stop=pause,ended`); letter case does not matter. */
export class EventTypes {
  readonly #meanings = new Map<string, TypeMeaning>();

  /**
   * @param mappings what the `--type` options say, each `Start=value,value`
   * @throws UserError of kind `usage` at another name, and at a value that is given two meanings.
   */
  constructor(mappings: Iterable<string> = []) {
    for (const mapping of mappings) this.#add(mapping);
  }

  /** Start, Stop or Ignore; undefined for a value that no option names, which is kept unchanged. */
  meaningOf(value: string): TypeMeaning | undefined {
    return this.#meanings.get(key(value));
  }

  /** Whether `--type` was given at all. */
  get given(): boolean {
    return this.#meanings.size > 0;
  }

  #add(mapping: string): void {
    const at = mapping.indexOf('=');
    const name = mapping.slice(0, Math.max(at, 0)).trim();
    const meaning = MEANINGS.find((known) => key(known) === key(name));
    const values = mapping
      .slice(at + 1)
      .split(',')
      .map(key)
      .filter((value) => value !== '');
    if (!meaning || values.length === 0) {
      throw new UserError(
        'usage',
        `--type ${mapping}: expected Start, Stop or Ignore, then = and the values that mean it`,
        'Write it as --type Start=play,resume --type Stop=pause,ended',
      );
    }
    for (const value of values) {
      const earlier = this.#meanings.get(value);
      if (earlier !== undefined && earlier !== meaning) {
        throw new UserError('usage', `--type gives two meanings to ${value}: ${earlier} and ${meaning}`);
      }
      this.#meanings.set(value, meaning);
    }
  }
}

function key(text: string): string {
  return text.trim().toLowerCase();
}
