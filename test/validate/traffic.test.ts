import { expect, test } from 'vitest';
import type { Session } from '../../src/domain/session.js';
import { SessionBuilder } from '../../src/fix/fix-session.js';
import { memoryBudget } from '../../src/sessions/memory.js';
import { Traffic } from '../../src/validate/traffic.js';

const INPUT = { index: 0, name: 'capture.har' };
const CAPTURE = { input: INPUT, fromMock: false };

function session(number: number, position = 0): Session {
  const place = { input: INPUT, line: 1, column: 1, pointer: '', request: 0 };
  const value = {
    OrganizationId: '126281f8-200e-4c9f-8378-a4870055423b',
    ClipId: '9b5c82f7-74cf-4841-a870-a670017cc8eb',
    SessionId: `0d6b3a52-1f0e-4a55-9c1e-${String(number).padStart(12, '0')}`,
    Type: 'Start',
    Position: position,
    SeqNumber: 1,
    Timestamp: 1540270724,
  };
  const builder = new SessionBuilder();
  builder.take([{ value, place }], false);
  return builder.build([0], { request: 0, requestSource: 'Custom', clipDuration: undefined });
}

test('of sessions of captures beyond those remembered it is still known what they held', () => {
  const traffic = new Traffic(Number.POSITIVE_INFINITY, memoryBudget(), 2);
  for (let n = 0; n < 10; n += 1) expect(traffic.observe(session(n), CAPTURE).occurrence).toBe('first');
  for (let n = 0; n < 10; n += 1) expect(traffic.observe(session(n), CAPTURE).occurrence).toBe('resent');
  expect(traffic.observe(session(3, 7), CAPTURE).occurrence).toBe('split');
  traffic.close();
});

test('where only so many are to be remembered, those before are forgotten', () => {
  const traffic = new Traffic(2, memoryBudget());
  for (let n = 0; n < 3; n += 1) traffic.observe(session(n), CAPTURE);
  expect(traffic.observe(session(0), CAPTURE).occurrence).toBe('first');
  traffic.close();
});
