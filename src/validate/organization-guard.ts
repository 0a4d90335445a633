import { UserError } from '../domain/errors.js';
import { ABSENT_FLAG, ID_WORDS, WORDS_PER_EVENT, writtenId } from '../domain/event-batch.js';
import { guidKey, sameGuid, writeGuid } from '../domain/guid.js';
import type { Input } from '../domain/place.js';
import type { InputRecord } from '../domain/record.js';

/** Watches an input for data of another organization than the one it is said to be of. */
export class OrganizationGuard {
  readonly #key: string | undefined;
  readonly #words = new Uint32Array(4);
  #first: { readonly input: Input; readonly line: number; readonly organization: string } | undefined;
  #events = 0;

  /** @param organization Absent, everything is let through. */
  constructor(private readonly organization: string | undefined) {
    this.#key = organization === undefined ? undefined : guidKey(organization);
    if (this.#key !== undefined) writeGuid(this.#key, this.#words, 0);
  }

  /** The records as they come, each looked at. */
  async *watch(chunks: AsyncIterable<readonly InputRecord[]>): AsyncGenerator<readonly InputRecord[]> {
    for await (const records of chunks) {
      if (this.#key !== undefined) for (const record of records) this.#look(record);
      yield records;
    }
  }

  /** @throws UserError of kind `data` where there was any. */
  refuse(): void {
    if (!this.#first) return;
    const { input, line, organization } = this.#first;
    throw new UserError(
      'data',
      `${input.name}:${line}: expected data of organization ${this.organization} only, received ${organization} (${this.#events} event${this.#events === 1 ? '' : 's'} in all)`,
      'Leave --organization out, or give data of that organization alone.',
    );
  }

  #look(record: InputRecord): void {
    if (record.kind !== 'events' && record.kind !== 'request') return;
    const { events, from, to } = record;
    for (let i = from; i < to; i += 1) {
      if ((events.flags[i]! & ABSENT_FLAG.organization) !== 0) continue;
      if (sameGuid(events.ids, i * WORDS_PER_EVENT + ID_WORDS.organization, this.#words, 0)) continue;
      this.#events += 1;
      this.#first ??= {
        input: record.kind === 'events' ? record.input : record.place.input,
        line: record.kind === 'events' ? events.lines[i]! : record.place.line,
        organization: writtenId(events, i, 'organization')!,
      };
    }
  }
}
