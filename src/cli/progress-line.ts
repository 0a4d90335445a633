import { systemClock } from '../domain/clock.js';
import { formatDuration, formatNumber, pluralize } from '../domain/text.js';
import { columnsOf } from './terminal.js';

/** How much of the work is done. */
export interface Reached {
  readonly done: number;
  /** Null when unknown. */
  readonly total: number | null;
  /** Since the work started. */
  readonly seconds: number;
}

const MAX_ESTIMATE = 365 * 24 * 3600;

/** The seconds left at the rate so far; null when there is no rate yet, nothing is left, or more than a year is left. */
export function secondsLeft({ done, total, seconds }: Reached): number | null {
  if (total === null || done >= total || !(done > 0 && seconds > 0)) return null;
  const left = ((total - done) * seconds) / done;
  return left <= MAX_ESTIMATE ? left : null;
}

const MAX_BAR = 40;
const MIN_BAR = 10;

/**
 * One line of progress: `sending ====------ 40 %  4 of 10 sessions  2 min left`. On a narrow terminal, it leaves out the
 * bar, then the time left, then the counts.
 * @param left The estimated seconds left; null for no estimate.
 */
export function progressText(
  doing: string,
  { done, total }: Pick<Reached, 'done' | 'total'>,
  left: number | null,
  columns: number,
): string {
  if (!total) return `${doing} ${pluralize(done, 'session')}`;
  const share = Math.min(1, done / total);
  const percent = `${Math.floor(share * 100)} %`;
  const counts = `${formatNumber(done)} of ${pluralize(total, 'session')}`;
  const texts = [
    ...(left === null ? [] : [`${percent}  ${counts}  ${formatDuration(left)} left`]),
    `${percent}  ${counts}`,
    percent,
  ];
  const room = columns - 1 - `${doing} `.length;
  const text = texts.find(({ length }) => length <= room) ?? '';
  const bar = Math.min(MAX_BAR, room - text.length - 1);
  if (bar < MIN_BAR) return `${doing} ${text}`.trimEnd();
  const full = Math.floor(share * bar);
  return `${doing} ${'='.repeat(full)}${'-'.repeat(bar - full)} ${text}`;
}

const EVERY_MS = 100;

/** A line of progress on a terminal, replaced as the work proceeds and removed at its end. */
export class ProgressLine {
  #shownAt: number | null = null;
  readonly #began = systemClock.nowMs();

  /** @param stderr A terminal. */
  constructor(readonly stderr: NodeJS.WriteStream) {}

  /** Shows a text, at most ten times a second. */
  show(text: () => string): void {
    const now = systemClock.nowMs();
    if (this.#shownAt !== null && now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    this.stderr.write(`\r\u001b[K${text()}`);
  }

  /**
   * Shows how many items are done, and the time left.
   * @param settled The items that need no more work, from which the time left is estimated; null for no estimate.
   */
  showShare(doing: string, done: number, total: number, settled: number | null = done): void {
    this.show(() => {
      const seconds = (systemClock.nowMs() - this.#began) / 1000;
      const left = settled === null ? null : secondsLeft({ done: settled, total, seconds });
      return progressText(doing, { done, total }, left, columnsOf(this.stderr) ?? 80);
    });
  }

  /** Removes the line, so that another can be written. */
  clear(): void {
    if (this.#shownAt !== null) this.stderr.write('\r\u001b[K');
    this.#shownAt = null;
  }
}
