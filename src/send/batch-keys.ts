/** What a request's sessions have in common: it holds sessions of one organization and one Source. */
export interface BatchKey {
  readonly organizationId: string;
  readonly source: string | undefined;
}

/** So many are kept at most, and none that is longer: what comes from outside is not to fill the memory. */
const MAX_KEYS = 4096;
const MAX_KEY_LENGTH = 256;

/** The few batch keys that an input's sessions have, each kept once and known by a number from 0. */
export class BatchKeys {
  readonly #numbers = new Map<string, number>();
  readonly #keys: BatchKey[] = [];
  #last = 0;

  /** The number of a key; -1 where there is no room for another. */
  numberOf(organizationId: string, source: string | undefined): number {
    const last = this.#keys[this.#last];
    if (last !== undefined && last.organizationId === organizationId && last.source === source)
      return this.#last;
    const text = `${organizationId.length}:${organizationId}${source === undefined ? '' : `:${source}`}`;
    const known = this.#numbers.get(text);
    if (known !== undefined) {
      this.#last = known;
      return known;
    }
    if (this.#keys.length >= MAX_KEYS || text.length > MAX_KEY_LENGTH) return -1;
    this.#last = this.#keys.push({ organizationId, source }) - 1;
    this.#numbers.set(text, this.#last);
    return this.#last;
  }

  of(number: number): BatchKey {
    return this.#keys[number]!;
  }
}
