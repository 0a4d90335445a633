import { expect, test } from 'vitest';
import { carryOutNights } from '../../bench/nights.js';

test('night after night one ledger delivers each listening once, as first exported', {
  timeout: 300_000,
}, async () => {
  // It throws where one is lost, or delivered twice without a ledger's doubt, or counted as what it is not.
  const done = await carryOutNights({ nights: 3, plays: 100, lateDays: 1 });
  expect(done.delivered).toBe(100);
  expect(done.exported).toBeGreaterThan(150);
  expect(done.queries).toBeGreaterThan(0);
  expect(done.kills).toBeGreaterThan(0);
  expect(done.changed).toBeGreaterThan(0);
});
