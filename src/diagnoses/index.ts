import type { DiagnosisId } from '../domain/diagnosis.js';
import { counterNotReset } from './counter-not-reset.js';
import type { DiagnosisKind } from './define.js';
import { exportRepeated } from './export-repeated.js';
import { listenerLeftOn } from './listener-left-on.js';
import { pausesNotReported } from './pauses-not-reported.js';
import { positionAsFraction, positionAsPercentage } from './position-as-share.js';
import { positionStuck } from './position-stuck.js';
import { positionsInMilliseconds } from './positions-in-milliseconds.js';
import { sameListeningNewId } from './same-listening-new-id.js';
import { seeksNotReported } from './seeks-not-reported.js';
import { sessionIdKept } from './session-id-kept.js';
import { stampsAtFlush } from './stamps-at-flush.js';
import { timestampsInMilliseconds } from './timestamps-in-milliseconds.js';

/** Every diagnosis by its id, in the order in which they are told. */
export const DIAGNOSES: Readonly<Record<DiagnosisId, DiagnosisKind>> = {
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
  'export-repeated': exportRepeated,
};
