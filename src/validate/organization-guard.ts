import { UserError } from '../domain/errors.js';
import { guidKey, isGuid } from '../domain/guid.js';
import { sameGuid, writeGuid } from '../domain/guid-words.js';
import type { Place } from '../domain/place.js';
import { ID_WORDS, ID_WORDS_AN_EVENT, type PlainEvents, readPlainId } from '../domain/plain-events.js';
import type { InputRecord, PlainEventsRecord, PlainRequestRecord } from '../domain/record.js';
import { isJsonObject } from '../wire/shape.js';

/** Watches an input for data of another organization than the one it is said to be of. */
export class OrganizationGuard {
  readonly #key: string | undefined;
  readonly #words = new Uint32Array(4);
  #first: { readonly place: Place; readonly organization: string } | undefined;
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
    const { place, organization } = this.#first;
    throw new UserError(
      'data',
      `${place.input.name}:${place.line}: expected data of organization ${this.organization} only, received ${organization} (${this.#events} event${this.#events === 1 ? '' : 's'} in all)`,
      'Leave --organization out, or give data of that organization alone.',
    );
  }

  #look(record: InputRecord): void {
    if (record.kind === 'plain') this.#lookAtPlain(record);
    if (record.kind === 'plain-request') this.#lookAtRequest(record);
    if (record.kind === 'event') this.#lookAt(record.value, record.place);
    if (record.kind !== 'request' || !isJsonObject(record.value)) return;
    const { Events: events } = record.value;
    if (Array.isArray(events)) for (const event of events) this.#lookAt(event, record.place);
  }

  #lookAtRequest({ place, events, from, to }: PlainRequestRecord): void {
    for (let i = from; i < to; i += 1) {
      if (!this.#isForeign(events, i)) continue;
      this.#tell(place, readPlainId(events, i, 'organization'));
    }
  }

  #isForeign({ ids }: PlainEvents, i: number): boolean {
    return !sameGuid(ids, i * ID_WORDS_AN_EVENT + ID_WORDS.organization, this.#words, 0);
  }

  #lookAtPlain({ input, pointer, events, from, to }: PlainEventsRecord): void {
    for (let i = from; i < to; i += 1) {
      if (!this.#isForeign(events, i)) continue;
      const place = { input, line: events.lines[i]!, column: events.columns[i]!, pointer, request: null };
      this.#tell(place, readPlainId(events, i, 'organization'));
    }
  }

  #lookAt(event: unknown, place: Place): void {
    const organization = isJsonObject(event) ? event.OrganizationId : undefined;
    if (!isGuid(organization) || guidKey(organization) === this.#key) return;
    this.#tell(place, organization);
  }

  #tell(place: Place, organization: string): void {
    this.#events += 1;
    this.#first ??= { place, organization };
  }
}
