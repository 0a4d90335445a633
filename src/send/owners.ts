/** Whose sessions are: what requests are told apart by. */
export interface Owner {
  readonly organizationId: string;
  readonly source: string | undefined;
}

/** So many are kept at most, and none that is longer: what comes from outside is not to fill the memory. */
const MOST = 4096;
const LONGEST = 256;

/** The few owners that an input's sessions have, each kept once and known by a number from 0. */
export class Owners {
  readonly #numbers = new Map<string, number>();
  readonly #owners: Owner[] = [];
  #last = 0;

  /** The number of an owner; -1 where there is no room for another. */
  numberOf(organizationId: string, source: string | undefined): number {
    const last = this.#owners[this.#last];
    if (last !== undefined && last.organizationId === organizationId && last.source === source)
      return this.#last;
    const key = `${organizationId.length}:${organizationId}${source === undefined ? '' : `:${source}`}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) {
      this.#last = known;
      return known;
    }
    if (this.#owners.length >= MOST || key.length > LONGEST) return -1;
    this.#last = this.#owners.push({ organizationId, source }) - 1;
    this.#numbers.set(key, this.#last);
    return this.#last;
  }

  of(number: number): Owner {
    return this.#owners[number]!;
  }
}
