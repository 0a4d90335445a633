import type { CauseId } from '../domain/cause.js';
import { counterNotReset } from './counter-not-reset.js';
import type { CauseKind } from './define.js';
import { listenerLeftOn } from './listener-left-on.js';
import { pausesNotReported } from './pauses-not-reported.js';
import { positionAsFraction } from './position-as-fraction.js';
import { positionAsPercentage } from './position-as-percentage.js';
import { positionStuck } from './position-stuck.js';
import { positionsInMilliseconds } from './positions-in-milliseconds.js';
import { sameListeningNewId } from './same-listening-new-id.js';
import { seeksNotReported } from './seeks-not-reported.js';
import { sessionIdKept } from './session-id-kept.js';
import { stampsAtFlush } from './stamps-at-flush.js';
import { timestampsInMilliseconds } from './timestamps-in-milliseconds.js';

/** Every cause by its id, in the order in which they are told. */
export const CAUSES: Readonly<Record<CauseId, CauseKind>> = {
  'stamps-at-flush': stampsAtFlush,
  'timestamps-in-milliseconds': timestampsInMilliseconds,
  'positions-in-milliseconds': positionsInMilliseconds,
  'position-as-fraction': positionAsFraction,
  'position-as-percentage': positionAsPercentage,
  'position-stuck': positionStuck,
  'counter-not-reset': counterNotReset,
  'listener-left-on': listenerLeftOn,
  'pauses-not-reported': pausesNotReported,
  'seeks-not-reported': seeksNotReported,
  'session-id-kept': sessionIdKept,
  'same-listening-new-id': sameListeningNewId,
};
