import { changeEach, defineMend } from './define.js';

const EARLIEST = 1e9;

/** Times that are all in milliseconds: each is a time between 2001 and now where it is divided by 1,000. */
export const timestampUnit = defineMend({
  rule: 'timestamp-unit',
  mend({ events }, { latest }) {
    const certain = events.every(({ fields: { Timestamp: time } }) => {
      return typeof time === 'number' && time >= EARLIEST * 1000 && time <= latest * 1000;
    });
    if (!certain) return null;
    return changeEach(
      'timestamp-unit',
      'Timestamp from milliseconds to whole seconds',
      'Timestamp',
      events,
      (fields) => Math.floor(Number(fields.Timestamp) / 1000),
    );
  },
});
