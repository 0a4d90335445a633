import { byId, element } from '../../../browser/element.js';
import type { Diagnosis } from '../../../domain/finding.js';
import { counted, plural } from './format.js';
import type { ListClip, ListRow, State } from './request-log.js';

type StateChoice = State | 'all';

const CHOICES: readonly (readonly [StateChoice, string])[] = [
  ['all', 'All'],
  ['error', 'Errors'],
  ['warning', 'Only warnings'],
  ['ok', 'Neither'],
];

/** The filter lists this many clips: those with the most rows. */
const MAX_CLIPS = 200;

/** An option: its value and its label. */
type Option = readonly [value: string, label: string];

/** The filter of the list: a state, a clip, a rule or diagnosis, or a part of a SessionId. */
export class Filters {
  /** ClipId in lower case; empty: all. */
  clip = '';
  #state: StateChoice = 'all';
  readonly #counts = new Map<StateChoice, HTMLElement>();
  readonly #clips: Choice;
  readonly #rules: Choice;
  readonly #search = byId('search') as HTMLInputElement;

  constructor(readonly changed: () => void) {
    for (const [value, label] of CHOICES) {
      const input = element('input', { type: 'radio', name: 'state', value });
      input.checked = value === this.#state;
      input.addEventListener('change', () => {
        this.#state = value;
        changed();
      });
      const count = element('span', { class: 'count' }, '0');
      this.#counts.set(value, count);
      byId('states').append(
        element('label', { class: value }, input, element('span', {}, `${label} `, count)),
      );
    }
    this.#clips = new Choice('clip', () => {
      this.clip = this.#clips.value;
      changed();
    });
    this.#rules = new Choice('rule', changed);
    this.#search.addEventListener('input', changed);
  }

  /** Lists the sessions of a diagnosis, and drops the earlier filter. */
  choose(diagnosis: Diagnosis['diagnosis']): void {
    this.#choose(diagnosis);
  }

  /** Lists everything, and drops the earlier filter. */
  clear(): void {
    this.#choose('');
  }

  #choose(rule: string): void {
    this.clip = '';
    this.#clips.value = '';
    this.#search.value = '';
    this.#state = 'all';
    const all = byId('states').querySelector<HTMLInputElement>('input[value="all"]');
    if (all) all.checked = true;
    this.#rules.value = rule;
    this.changed();
  }

  /** Returns the rows to show, and updates the counts and options. */
  apply(
    rows: readonly ListRow[],
    clips: ReadonlyMap<string, ListClip>,
    diagnoses: readonly Diagnosis[],
  ): ListRow[] {
    if (this.clip !== '' && !clips.has(this.clip)) this.clip = '';
    this.#clips.offer([['', clipOptions(rows, clips)]]);
    this.#clips.value = this.clip;
    this.#rules.offer(ruleOptions(rows, diagnoses));
    const wanted = this.#search.value.trim().toLowerCase();
    const chosen = this.#rules.value;
    const diagnosis = diagnoses.find(({ diagnosis: id }) => id === chosen);
    const found = rows.filter(
      (row) =>
        (this.clip === '' || row.clip === this.clip) &&
        (wanted === '' || (row.kind === 'session' && row.session.key.includes(wanted))) &&
        (chosen === '' ||
          (diagnosis ? shows(row, diagnosis) : row.findings.some(({ rule }) => rule === chosen))),
    );
    byId('chosen').textContent = diagnosis ? diagnosisNote(diagnosis) : '';
    const tally: Record<StateChoice, number> = { all: found.length, error: 0, warning: 0, ok: 0 };
    for (const { state } of found) tally[state] += 1;
    for (const [value, count] of this.#counts) count.textContent = counted(tally[value]);
    return this.#state === 'all' ? found : found.filter(({ state }) => state === this.#state);
  }
}

/** A select whose options change as sessions arrive. */
class Choice {
  readonly #select: HTMLSelectElement;
  #offered = '';

  constructor(id: string, changed: () => void) {
    this.#select = byId(id) as HTMLSelectElement;
    this.#select.addEventListener('change', changed);
  }

  get value(): string {
    return this.#select.value;
  }

  set value(value: string) {
    this.#select.value = value;
  }

  /** @param groups Each with its label; options without a label have no group. */
  offer(groups: readonly (readonly [label: string, options: readonly Option[]])[]): void {
    // Do not change an open list: the user could choose another option than intended.
    if (document.activeElement === this.#select && this.#offered !== '') return;
    const text = JSON.stringify(groups);
    if (text === this.#offered) return;
    this.#offered = text;
    const { value } = this.#select;
    this.#select.replaceChildren(
      ...groups.flatMap(([label, options]) => {
        const drawn = options.map(([each, name]) => element('option', { value: each }, name));
        return label === '' ? drawn : [element('optgroup', { label }, ...drawn)];
      }),
    );
    this.#select.value = value;
    if (this.#select.selectedIndex < 0) this.#select.value = '';
  }
}

function clipOptions(rows: readonly ListRow[], clips: ReadonlyMap<string, ListClip>): Option[] {
  const counts = byClip(rows);
  const offered = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, MAX_CLIPS);
  return [
    ['', `All clips (${counted(counts.size)})`],
    ...offered.map(([key, count]): Option => [key, `${clips.get(key)?.id ?? key} (${counted(count)})`]),
  ];
}

function ruleOptions(rows: readonly ListRow[], diagnoses: readonly Diagnosis[]): [string, Option[]][] {
  const counts = new Map<string, number>();
  for (const { findings } of rows) {
    for (const rule of new Set(findings.map((finding) => finding.rule)))
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  const rules = [...counts].toSorted(([a, some], [b, more]) => more - some || (a < b ? -1 : 1));
  const groups: [string, Option[]][] = [
    ['', [['', 'All rules and diagnoses']]],
    [
      'Diagnoses',
      diagnoses.map(({ diagnosis, sessions }) => [diagnosis, `${diagnosis} (${counted(sessions)})`]),
    ],
    ['Rules', rules.map(([rule, count]) => [rule, `${rule} (${counted(count)})`])],
  ];
  return groups.filter(([, options]) => options.length > 0);
}

/**
 * Says what is listed for a diagnosis: up to three example sessions, and all sessions with a finding of its rules, which can
 * have another cause.
 */
function shows(row: ListRow, { rules, examples }: Diagnosis): boolean {
  if (row.kind === 'session' && examples.includes(row.session.key)) return true;
  return row.findings.some(({ rule }) => rules.includes(rule));
}

function diagnosisNote({ diagnosis, rules, examples }: Diagnosis): string {
  const others = rules.length === 0 ? '' : `, and the sessions with a finding of ${rules.join(' or ')}`;
  return `Listed for ${diagnosis}: ${plural(examples.length, 'example')}${others}.`;
}

/** The clip with the most rows; null if no row has a clip. */
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
