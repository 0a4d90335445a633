import { changeEach, defineMend } from './define.js';

/** Positions that the rule finds to be in milliseconds. */
export const positionUnit = defineMend({
  rule: 'position-unit',
  mend({ events, fired }) {
    if (!fired.has('position-unit')) return null;
    return changeEach(
      'position-unit',
      'Position from milliseconds to seconds',
      'Position',
      events,
      (fields) => Number(fields.Position) / 1000,
    );
  },
});
