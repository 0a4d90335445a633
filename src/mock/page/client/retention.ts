import { binAfterKey, byId, element, svgElement } from '../../../browser/element.js';
import type { MockInterval } from '../../page-data.js';
import { bounded, counted, plural, positionText } from './format.js';
import { durationOf, type RequestLog } from './request-log.js';
import { stretches } from './timeline.js';

/** The figures of the retention curve: how many of a clip's verified plays heard each part. */
export interface Retention {
  /** The length of a bin in seconds; the last bin can be shorter. */
  readonly bin: number;
  /** Seconds. */
  readonly duration: number;
  readonly plays: number;
  /** For each bin, how many plays heard its middle. */
  readonly heard: readonly number[];
}

const MAX_BINS = 300;

const BIN_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 86_400];

/**
 * Retention as the portal shows it (OBS-4), computed as `report` does: a play counts in a bin where one of its intervals [from, to) holds the
 * bin's middle.
 */
export function retention(
  plays: readonly (readonly MockInterval[])[],
  duration: number,
  bin = binFor(duration),
): Retention {
  const bins = Math.max(1, Math.ceil(duration / bin));
  const change = new Float64Array(bins + 1);
  const middle = (i: number) => (i * bin + Math.min((i + 1) * bin, duration)) / 2;
  const firstFrom = (position: number) => {
    let i = Math.min(bins, Math.max(0, Math.floor(position / bin)));
    while (i < bins && middle(i) < position) i += 1;
    return i;
  };
  for (const intervals of plays) {
    for (const { from, to } of union(intervals)) {
      change[firstFrom(from)]! += 1;
      change[firstFrom(to)]! -= 1;
    }
  }
  let now = 0;
  const heard = Array.from({ length: bins }, (_, i) => {
    now += change[i]!;
    return now;
  });
  return { bin, duration, plays: plays.length, heard };
}

/** The length of a bin with which the curve has at most about 300 steps. */
export function binFor(duration: number): number {
  return BIN_SECONDS.find((bin) => duration / bin <= MAX_BINS) ?? duration / MAX_BINS;
}

function union(intervals: readonly MockInterval[]): { from: number; to: number }[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of stretches(intervals)) {
    const last = joined.at(-1);
    if (last && last.to === from) last.to = to;
    else joined.push({ from, to });
  }
  return joined;
}

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** The retention curve, with one step per bin. Shows the value at the pointer or at the position chosen with the arrow keys. */
export class Curve {
  readonly #area = svgElement('path', { class: 'area' });
  readonly #line = svgElement('path', { class: 'line', 'vector-effect': 'non-scaling-stroke' });
  readonly #cursor = svgElement('line', { class: 'cursor', y1: 0, y2: '100%', visibility: 'hidden' });
  readonly #steps = svgElement(
    'svg',
    { preserveAspectRatio: 'none', width: '100%', height: '100%' },
    this.#area,
    this.#line,
  );
  readonly #plot = svgElement('svg', {
    class: 'plot',
    role: 'slider',
    tabindex: 0,
    'aria-label': 'Retention along the clip',
    'aria-orientation': 'horizontal',
  });
  readonly #axis = element('div', { class: 'axis', 'aria-hidden': 'true' });
  readonly #readout = element('p', { class: 'readout', 'aria-hidden': 'true' });
  #shown: Retention | null = null;
  #bin: number | null = null;

  constructor() {
    const grid = ['0.5', '50%', '100%'].map((y) =>
      svgElement('line', { class: 'grid', x1: 0, x2: '100%', y1: y, y2: y }),
    );
    this.#plot.append(...grid, this.#steps, this.#cursor);
    const scale = ['100 %', '50 %', '0'].map((text) => element('span', {}, text));
    byId('curve').append(
      this.#readout,
      element(
        'div',
        { class: 'plot-box' },
        element('div', { class: 'scale', 'aria-hidden': 'true' }, ...scale),
        this.#plot,
      ),
      this.#axis,
    );
    this.#plot.addEventListener('pointermove', (event) => this.#pointAt(event));
    this.#plot.addEventListener('pointerleave', () => this.#select(null));
    this.#plot.addEventListener('blur', () => this.#select(null));
    this.#plot.addEventListener('focus', () => this.#select(this.#bin ?? 0));
    this.#plot.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Draws a clip's curve; null if there is nothing to draw yet. */
  show(next: Retention | null): void {
    this.#shown = next;
    const count = next?.heard.length ?? 1;
    this.#steps.setAttribute('viewBox', `0 0 ${count} 100`);
    const line = next === null ? '' : steps(next);
    this.#line.setAttribute('d', line);
    this.#area.setAttribute('d', line === '' ? '' : `${line}V100H0Z`);
    this.#axis.replaceChildren(
      ...(next === null
        ? []
        : TICKS.map((share) => element('span', {}, positionText(next.duration * share)))),
    );
    this.#plot.setAttribute('aria-valuemin', '0');
    this.#plot.setAttribute('aria-valuemax', String(count - 1));
    this.#select(this.#bin === null ? null : Math.min(this.#bin, count - 1));
  }

  #select(bin: number | null): void {
    this.#bin = bin;
    const next = this.#shown;
    this.#cursor.setAttribute('visibility', bin === null || next === null ? 'hidden' : 'visible');
    this.#plot.setAttribute('aria-valuenow', String(bin ?? 0));
    this.#plot.setAttribute('aria-valuetext', next === null ? 'no plays yet' : valueText(next, bin ?? 0));
    this.#readout.textContent = next === null || bin === null ? '' : valueText(next, bin);
    if (bin === null || next === null) return;
    const x = `${((bin + 0.5) / next.heard.length) * 100}%`;
    this.#cursor.setAttribute('x1', x);
    this.#cursor.setAttribute('x2', x);
  }

  #pointAt({ clientX }: PointerEvent): void {
    const { left, width } = this.#plot.getBoundingClientRect();
    const bins = this.#shown?.heard.length ?? 0;
    if (bins > 0)
      this.#select(Math.min(bins - 1, Math.max(0, Math.floor(((clientX - left) / width) * bins))));
  }

  #key(event: KeyboardEvent): void {
    const to = binAfterKey(event.key, this.#bin ?? 0, this.#shown?.heard.length ?? 0);
    if (to === null) return;
    event.preventDefault();
    this.#select(to);
  }
}

function steps({ heard, plays }: Retention): string {
  const y = (count: number) => Math.round((100 - (count / Math.max(1, plays)) * 100) * 100) / 100;
  return heard.map((count, i) => `${i === 0 ? `M0 ${y(count)}` : `V${y(count)}`}H${i + 1}`).join('');
}

function valueText({ bin, duration, heard, plays }: Retention, at: number): string {
  const count = heard[at] ?? 0;
  const share = plays === 0 ? 0 : Math.round((count / plays) * 100);
  const to = Math.min(duration, (at + 1) * bin);
  return `${positionText(at * bin)} \u2013 ${positionText(to)}: ${share} %, ${count} of ${plural(plays, 'play')}`;
}

/** Shows one clip's current retention. */
export function showRetention(curve: Curve, log: RequestLog, clip: string | null, chosen: boolean): void {
  const known = clip === null ? undefined : log.clips.get(clip);
  const duration = durationOf(known);
  const plays = clip === null ? [] : log.plays(clip);
  byId('retention-of').textContent = known ? bounded(known.id) : '';
  const ready = plays.length > 0 && duration > 0;
  const figures = ready ? retention(plays, duration) : null;
  curve.show(figures);
  byId('retention-note').textContent = figures
    ? `${plural(plays.length, 'verified play')}. Clip of ${lengthText(duration, Boolean(known?.known))}, a step is ${counted(figures.bin)} s.${
        chosen || log.clips.size < 2 ? '' : ' The clip with the most sessions; choose another with Clip.'
      }`
    : `No verified play yet: a play counts from ${log.settings.minDuration} s on, if nothing in its events is an error.`;
}

function lengthText(duration: number, isExact: boolean): string {
  return isExact ? positionText(duration) : `${positionText(duration)} or more (the farthest Stop)`;
}
