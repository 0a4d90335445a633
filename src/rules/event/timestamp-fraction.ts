import { defineRule } from '../define.js';
import { pointerTo } from '../pointer.js';
import { shown } from '../words.js';
import { isOtherUnit } from './timestamp-unit.js';

export const timestampFraction = defineRule({
  id: 'timestamp-fraction',
  level: 'event',
  severity: 'warning',
  title: 'Timestamp is not whole',
  why: 'The document’s timestamps are whole seconds; whether fractions are taken is not documented.',
  mend: 'Use Math.floor(Date.now() / 1000).',
  reference: 'API-13',
  check({ fields }, report) {
    const timestamp = fields?.Timestamp;
    if (typeof timestamp !== 'number' || isOtherUnit(timestamp) || Number.isInteger(timestamp)) return;
    report({
      pointer: pointerTo('Timestamp'),
      expected: 'a Timestamp of whole seconds',
      received: shown(timestamp),
    });
  },
});
