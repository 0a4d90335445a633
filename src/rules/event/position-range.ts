import { defineRule } from '../define.js';
import { pointerTo } from '../pointer.js';
import { shown } from '../words.js';

export const positionRange = defineRule({
  id: 'position-range',
  level: 'event',
  severity: 'error',
  title: 'Position is negative or not finite',
  why: 'Position is a place on the audio timeline, in seconds from its begin.',
  mend: 'Take the player’s current time when the event happens; a live stream’s offset or a time that is not known yet is no position.',
  reference: 'API-11',
  check({ faults }, report) {
    for (const { kind, field, value } of faults) {
      if (kind === 'range' && field === 'Position') {
        report({
          pointer: pointerTo(field),
          expected: 'a Position of at least 0 seconds',
          received: shown(value),
        });
      }
    }
  },
});
