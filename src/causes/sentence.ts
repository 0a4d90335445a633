import { grouped } from '../domain/count.js';

/** `312 of 340 sessions`, with what they have in common and what shows in them. */
export function sessionsOf(shown: number, of: number, whichOnes = ''): string {
  const which = whichOnes === '' ? '' : ` ${whichOnes}`;
  return `${grouped(shown)} of ${grouped(of)} ${of === 1 ? 'session' : 'sessions'}${which}`;
}

/** Sessions in which audio and clock can be compared, as all sentences call them. */
export const LONG_ONES = 'with 30 s or more between a Start and its Stop';
