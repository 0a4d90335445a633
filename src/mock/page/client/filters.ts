import { byId, element } from '../../../browser/element.js';
import { counted } from './format.js';
import type { ListClip, ListRow, State } from './request-log.js';

export type StateChoice = State | 'all';

const CHOICES: readonly (readonly [StateChoice, string])[] = [
  ['all', 'All'],
  ['error', 'Errors'],
  ['warning', 'Warnings'],
  ['ok', 'Sound'],
];

/** So many clips can be chosen from: those with the most rows. */
const MAX_CLIPS = 200;

/** What the list shows: a state, a clip, or everything. */
export class Filters {
  state: StateChoice = 'all';
  /** ClipId in lower case; empty: all. */
  clip = '';
  readonly #counts = new Map<StateChoice, HTMLElement>();
  readonly #select = byId('clip') as HTMLSelectElement;
  #options = '';

  constructor(changed: () => void) {
    for (const [value, label] of CHOICES) {
      const input = element('input', { type: 'radio', name: 'state', value });
      input.checked = value === this.state;
      input.addEventListener('change', () => {
        this.state = value;
        changed();
      });
      const count = element('span', { class: 'count' }, '0');
      this.#counts.set(value, count);
      byId('states').append(
        element('label', { class: value }, input, element('span', {}, `${label} `, count)),
      );
    }
    this.#select.addEventListener('change', () => {
      this.clip = this.#select.value;
      changed();
    });
  }

  /** The rows to show; brings the counts and the clips to choose from up to date. */
  apply(rows: readonly ListRow[], clips: ReadonlyMap<string, ListClip>): ListRow[] {
    if (this.clip !== '' && !clips.has(this.clip)) this.clip = '';
    const ofClip = this.clip === '' ? rows : rows.filter(({ clip }) => clip === this.clip);
    const tally: Record<StateChoice, number> = { all: ofClip.length, error: 0, warning: 0, ok: 0 };
    for (const { state } of ofClip) tally[state] += 1;
    for (const [value, count] of this.#counts) count.textContent = counted(tally[value]);
    this.#offer(rows, clips);
    return this.state === 'all' ? [...ofClip] : ofClip.filter(({ state }) => state === this.state);
  }

  #offer(rows: readonly ListRow[], clips: ReadonlyMap<string, ListClip>): void {
    if (document.activeElement === this.#select && this.#options !== '') return;
    const counts = byClip(rows);
    const offered = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, MAX_CLIPS);
    const options = [
      ['', `All clips (${counted(counts.size)})`],
      ...offered.map(([key, count]) => [key, `${clips.get(key)?.id ?? key} (${counted(count)})`]),
    ] as const;
    const text = JSON.stringify(options);
    if (text === this.#options) return;
    this.#options = text;
    this.#select.replaceChildren(
      ...options.map(([value = '', label = '']) => element('option', { value }, label)),
    );
    this.#select.value = this.clip;
  }
}

/** The clip with the most rows; null where no row has one. */
export function busiestClip(rows: readonly ListRow[]): string | null {
  let best: string | null = null;
  let most = 0;
  for (const [clip, count] of byClip(rows)) {
    if (count > most) [best, most] = [clip, count];
  }
  return best;
}

function byClip(rows: readonly ListRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { clip } of rows) if (clip !== null) counts.set(clip, (counts.get(clip) ?? 0) + 1);
  return counts;
}
