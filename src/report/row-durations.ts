import { guidKey, isGuid } from '../domain/guid.js';
import { toMs } from '../domain/listening.js';
import type { InputRecord } from '../domain/record.js';
import { isJsonObject } from '../wire/shape.js';

/** Notes, on the way, what rows tell of their clips' durations: of one clip the longest, so that their order does not matter. */
export class RowDurations {
  readonly #longest = new Map<string, number>();

  async *watch(chunks: AsyncIterable<readonly InputRecord[]>): AsyncGenerator<readonly InputRecord[]> {
    for await (const records of chunks) {
      for (const record of records) {
        if (record.kind === 'event' && record.clipDuration !== undefined) {
          this.#note(record.value, toMs(record.clipDuration));
        }
      }
      yield records;
    }
  }

  /** In milliseconds. */
  of(clipId: string): number | undefined {
    return this.#longest.get(clipId);
  }

  #note(event: unknown, durationMs: number): void {
    const clipId = isJsonObject(event) ? event.ClipId : undefined;
    if (!isGuid(clipId)) return;
    const key = guidKey(clipId);
    this.#longest.set(key, Math.max(this.#longest.get(key) ?? 0, durationMs));
  }
}
