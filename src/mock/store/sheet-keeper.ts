import type { BehaviourId } from '../../certify/define.js';
import type { Sheet } from '../../certify/sheet.js';
import { CertifyWatch } from '../../certify/watch.js';
import { Diagnoses } from '../../diagnoses/diagnoses.js';
import { NewestMap } from '../../domain/newest-map.js';
import type { RequestRecord } from '../../domain/record.js';
import { Inspector } from '../../validate/inspect.js';
import type { InspectOptions } from '../../validate/options.js';

/** Returns the options of an inspection. @param watching The objects that watch the inspection. */
export type InspectSettings = (watching?: Pick<InspectOptions, 'certify' | 'diagnoses'>) => InspectOptions;

/**
 * Keeps the sheet of the behaviours that requests show. It inspects all requests, including those that a fault answers with
 * 503. Nothing else counts these, but what the player does next is a behaviour.
 */
export class SheetKeeper {
  readonly #watch: CertifyWatch;
  readonly #diagnoses: Diagnoses;
  readonly #inspector: Inspector;
  /** The mock's number of each request, by its number in the inspection; null for a request that a fault refused. */
  readonly #numbers: NewestMap<number, number | null>;
  #taken = 0;

  /** @param most How many of the newest sessions, and of the newest requests, to compare with each other. */
  constructor(inspect: InspectSettings, most: number) {
    const settings = inspect();
    this.#numbers = new NewestMap({ maxCount: most });
    this.#watch = new CertifyWatch(settings, { most, live: true });
    this.#diagnoses = new Diagnoses(settings);
    this.#inspector = new Inspector(inspect({ certify: this.#watch, diagnoses: this.#diagnoses }));
  }

  /**
   * Inspects a request together with its answer.
   * @param number The mock's number of the request; null for one that a fault refused.
   */
  take(record: RequestRecord, number: number | null): void {
    this.#numbers.set(this.#taken, number);
    this.#taken += 1;
    for (const _ of this.#inspector.take(record));
  }

  /** The sheet of all requests so far. @param endedAt Unix seconds: nothing more arrived until then. */
  sheet(required: ReadonlySet<BehaviourId>, endedAt: number): Sheet {
    const sheet = this.#watch.sheet({ diagnoses: this.#diagnoses.end(), required, endedAt });
    const lines = sheet.lines.map((line) => ({
      ...line,
      observations: line.observations.map(({ place, ...seen }) => {
        const request = this.#numbers.get(place.request ?? -1) ?? null;
        return { ...seen, place: { ...place, request } };
      }),
    }));
    return { ...sheet, lines };
  }
}
