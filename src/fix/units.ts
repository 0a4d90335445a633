import { changeEach, type Fix } from './define.js';

/** Positions that the rule finds to be in milliseconds. */
export const positionUnit: Fix = {
  rule: 'position-unit',
  fix({ events, fired }) {
    if (!fired.has('position-unit')) return null;
    return changeEach(
      'position-unit',
      'Position from milliseconds to seconds',
      'Position',
      events,
      (fields) => Number(fields.Position) / 1000,
    );
  },
};

const EARLIEST = 1e9;

/** Times that are all in milliseconds: each is a time between 2001 and now where it is divided by 1,000. */
export const timestampUnit: Fix = {
  rule: 'timestamp-unit',
  fix({ events }, { latest }) {
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
};
