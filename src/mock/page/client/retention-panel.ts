import { byId } from '../../../browser/element.js';
import type { Curve } from './curve.js';
import { durationOf, type Ledger } from './ledger.js';
import { retention } from './retention.js';
import { bounded, counted, plural, positionText } from './words.js';

/** Shows one clip's retention as it stands. */
export function showRetention(curve: Curve, ledger: Ledger, clip: string | null, chosen: boolean): void {
  const known = clip === null ? undefined : ledger.clips.get(clip);
  const duration = durationOf(known);
  const plays = clip === null ? [] : ledger.plays(clip);
  byId('retention-of').textContent = known ? bounded(known.id) : '';
  const ready = plays.length > 0 && duration > 0;
  const figures = ready ? retention(plays, duration) : null;
  curve.show(figures);
  byId('retention-note').textContent = figures
    ? `${plural(plays.length, 'verified play')}. Clip of ${lengthText(duration, Boolean(known?.known))}, a step is ${counted(figures.bin)} s.${
        chosen || ledger.clips.size < 2 ? '' : ' The clip with the most sessions; choose another with Clip.'
      }`
    : `No verified play yet: a play counts from ${ledger.settings.minDuration} s on, if nothing in its events is an error.`;
}

function lengthText(duration: number, told: boolean): string {
  return told ? positionText(duration) : `${positionText(duration)} or more (as far as anyone listened)`;
}
