import { byId, element } from '../../../browser/element.js';
import type { BehaviourAnswer, SheetAnswer } from '../../page-data.js';
import { bounded, counted, plural, shortId } from './format.js';
import { stateMark } from './session-row.js';

type Observation = BehaviourAnswer['observations'][number];

/** Shows the session or the request in the list. Returns whether it is still there. */
export type Follow = (seen: Observation) => boolean;

/**
 * Wait this many milliseconds after an arrival before the sheet is requested again. If the sheet is slow, wait longer, so that
 * it takes at most a tenth of the time.
 */
const UPDATE_MS = 1000;
const UPDATE_SHARE = 10;
/** Half a minute of silence shows that a player stopped after "Enabled": false. */
const SILENT_MS = 31_000;

/** In narrower windows the panel is closed at first, because otherwise the sessions would be far below it. */
const MIN_WIDTH_TO_OPEN = 720;

const VERDICT_WORDS: Readonly<Record<BehaviourAnswer['verdict'], string>> = {
  right: 'right',
  wrong: 'wrong',
  'not-seen': 'not seen',
};

/** The panel of behaviours: which ones the player showed, in which sessions, and what to do to show the others. */
export class BehavioursPanel {
  readonly #panel = byId('behaviours-panel') as HTMLDetailsElement;
  #drawn = '';
  #updating = false;
  #tookMs = 0;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly follow: Follow) {
    this.#panel.open = innerWidth >= MIN_WIDTH_TO_OPEN;
  }

  /** Requests the sheet again shortly after something arrives, and once more if nothing else arrives. */
  updateSoon(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#update(), SILENT_MS);
    if (this.#updating) return;
    this.#updating = true;
    setTimeout(
      () => {
        this.#updating = false;
        this.#update();
      },
      Math.max(UPDATE_MS, this.#tookMs * UPDATE_SHARE),
    );
  }

  #update(): void {
    const asked = performance.now();
    void fetch('_mock/certify')
      .then(async (answer) => {
        this.#tookMs = performance.now() - asked;
        if (answer.ok) this.show((await answer.json()) as SheetAnswer);
      })
      .catch(() => undefined);
  }

  /** @param sheet Null without a sheet. */
  show(sheet: SheetAnswer | null): void {
    const text = JSON.stringify(sheet);
    if (text === this.#drawn) return;
    this.#drawn = text;
    this.#panel.hidden = sheet === null;
    if (!sheet) return;
    const { summary, behaviours, notes } = sheet;
    const focused = document.activeElement?.closest('#behaviours button')?.id;
    byId('behaviours-counts').replaceChildren(...countsOf(summary));
    byId('behaviours').replaceChildren(...behaviours.map((line) => this.#draw(line)));
    byId('behaviours-notes').replaceChildren(...notes.map((note) => element('p', { class: 'note' }, note)));
    if (focused) document.getElementById(focused)?.focus();
  }

  #draw(line: BehaviourAnswer): HTMLElement {
    const { behaviour, title, verdict, required, observations, next } = line;
    const [first] = observations;
    return element(
      'li',
      { class: verdict },
      element('span', { class: 'verdict' }, mark(verdict)),
      element(
        'div',
        {},
        element(
          'h3',
          {},
          element('b', {}, title),
          ' ',
          element('span', { class: 'visually-hidden' }, `${VERDICT_WORDS[verdict]} `),
          ...(required ? [element('span', { class: 'required' }, 'required'), ' '] : []),
          element('code', {}, behaviour),
        ),
        ...(first ? [this.#seen(line, first)] : []),
        ...(next === null ? [] : [element('p', { class: verdict === 'wrong' ? 'hint' : 'next' }, next)]),
      ),
    );
  }

  #seen(line: BehaviourAnswer, seen: Observation): HTMLElement {
    const { evidence, sessionId, request } = seen;
    const where =
      sessionId !== null ? `session ${shortId(sessionId)}` : request !== null ? `request ${request}` : null;
    const link = element(
      'button',
      { type: 'button', class: 'link', id: `behaviour-${line.behaviour}` },
      where ?? '',
    );
    link.addEventListener('click', () => {
      if (!this.follow(seen)) link.replaceWith(`(${where} is no longer kept)`);
    });
    const text = `${bounded(evidence)}${timesOf(line)} `;
    return element('p', { class: 'evidence' }, text, ...(where === null ? [] : [link]));
  }
}

/** The same marks as for sessions, so that each mark has one meaning on the page. An empty circle means not seen. */
function mark(verdict: BehaviourAnswer['verdict']): Element {
  if (verdict === 'not-seen') return element('i', { class: 'unseen', 'aria-hidden': 'true' });
  return stateMark(verdict === 'right' ? 'ok' : 'error');
}

function countsOf({ right, wrong, notSeen, required }: SheetAnswer['summary']): Element[] {
  const part = (text: string, state: string) => element('span', { class: state }, text);
  return [
    part(`${counted(right)} right`, right > 0 ? 'right' : ''),
    part(`${counted(wrong)} wrong`, wrong > 0 ? 'wrong' : ''),
    part(`${counted(notSeen)} not seen`, ''),
    ...(required > 0 ? [part(`${counted(required)} required`, '')] : []),
  ];
}

function timesOf({ verdict, right, wrong }: BehaviourAnswer): string {
  const times = verdict === 'wrong' ? wrong : right;
  const also = verdict === 'wrong' && right > 0 ? `, and right ${plural(right, 'time')}` : '';
  return times < 2 && also === '' ? '' : ` (${plural(times, 'time')}${also})`;
}
