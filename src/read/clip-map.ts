import { UserError } from '../domain/errors.js';
import { guidKey, isGuid } from '../domain/guid.js';
import type { EventChange } from './change-events.js';
import { readSmallTable } from './small-table.js';

/** Turns ids of another system into ClipIds. */
export class ClipMap {
  readonly #clips: ReadonlyMap<string, string>;
  readonly #targets: ReadonlySet<string>;
  readonly #unresolved = new Map<string, number>();

  constructor(clips: ReadonlyMap<string, string>) {
    this.#clips = clips;
    this.#targets = new Set([...clips.values()].map(guidKey));
  }

  readonly change: EventChange = (event) => {
    const id = event.ClipId;
    if (typeof id !== 'string' && typeof id !== 'number') return event;
    const ClipId = this.#clips.get(keyOf(String(id)));
    if (ClipId !== undefined) return { ...event, ClipId };
    if (!this.#targets.has(guidKey(String(id))))
      this.#unresolved.set(String(id), (this.#unresolved.get(String(id)) ?? 0) + 1);
    return event;
  };

  /** @throws UserError of kind `data` where an id was in neither column. */
  refuseUnresolved(): void {
    if (this.#unresolved.size === 0) return;
    const ids = [...this.#unresolved].map(
      ([id, events]) => `  ${JSON.stringify(id)} (${events} event${events === 1 ? '' : 's'})`,
    );
    const shown = ids.slice(0, MOST_SHOWN);
    if (ids.length > MOST_SHOWN) shown.push(`  and ${ids.length - MOST_SHOWN} more`);
    throw new UserError('data', ['ids that the clip map does not hold:', ...shown]);
  }

  /** The same for the same map, whatever the order of its rows. */
  get entries(): readonly (readonly [string, string])[] {
    return [...this.#clips]
      .map(([from, to]) => [from, guidKey(to)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

const MOST_SHOWN = 100;

/**
 * Reads a clip map: CSV with the columns from and ClipId.
 * @throws UserError of kind `input`, with the line, where it cannot be read
 */
export async function readClipMap(path: string): Promise<ClipMap> {
  const clips = new Map<string, string>();
  for (const { from, ClipId, line } of await readSmallTable(path, ['from', 'ClipId'])) {
    if (!isGuid(ClipId))
      throw new UserError(
        'input',
        `${path}:${line}: expected ClipId to be a GUID, received ${JSON.stringify(ClipId)}`,
      );
    const before = clips.get(keyOf(from));
    if (before !== undefined && guidKey(before) !== guidKey(ClipId))
      throw new UserError('input', `${path}:${line}: ${JSON.stringify(from)} stands for two clips`);
    clips.set(keyOf(from), ClipId);
  }
  return new ClipMap(clips);
}

/** Ids that are GUIDs compare without regard to case. */
function keyOf(id: string): string {
  return isGuid(id) ? guidKey(id) : id;
}
