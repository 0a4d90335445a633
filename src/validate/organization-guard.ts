import { UserError } from '../domain/errors.js';
import { guidKey, isGuid } from '../domain/guid.js';
import type { Place } from '../domain/place.js';
import type { InputRecord } from '../domain/record.js';
import { isJsonObject } from '../wire/shape.js';

/** Watches an input for data of another organization than the one it is said to be of. */
export class OrganizationGuard {
  readonly #key: string | undefined;
  #first: { readonly place: Place; readonly organization: string } | undefined;
  #events = 0;

  /** @param organization Absent, everything is let through. */
  constructor(private readonly organization: string | undefined) {
    this.#key = organization === undefined ? undefined : guidKey(organization);
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
    if (record.kind === 'event') this.#lookAt(record.value, record.place);
    if (record.kind !== 'request' || !isJsonObject(record.value)) return;
    const { Events: events } = record.value;
    if (Array.isArray(events)) for (const event of events) this.#lookAt(event, record.place);
  }

  #lookAt(event: unknown, place: Place): void {
    const organization = isJsonObject(event) ? event.OrganizationId : undefined;
    if (!isGuid(organization) || guidKey(organization) === this.#key) return;
    this.#events += 1;
    this.#first ??= { place, organization };
  }
}
