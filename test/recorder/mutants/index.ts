import { CAPTURE } from './capture.js';
import { CLOCK, NUMBERS } from './clock.js';
import type { Mutant } from './define.js';
import { ENDING, QUEUE } from './ending.js';
import { IDS } from './ids.js';
import { POSITIONS } from './positions.js';
import { RECOVERY, SENDING } from './sending.js';

/** Bugs of recorders, by what they are about. */
export const MUTANTS: Readonly<Record<string, readonly Mutant[]>> = {
  capture: CAPTURE,
  positions: POSITIONS,
  clock: CLOCK,
  numbering: NUMBERS,
  ids: IDS,
  ending: ENDING,
  queue: QUEUE,
  sending: SENDING,
  recovery: RECOVERY,
};
