import { expect, it } from 'vitest';
import { inspectEvent } from '../../src/validate/event.js';
import { Found } from '../../src/validate/found.js';
import { SETTINGS } from '../rules/run.js';

const EVENT = {
  OrganizationId: '126281f8-200e-4c9f-8378-a4870055423b',
  ClipId: '9b5c82f7-74cf-4841-a870-a670017cc8eb',
  SessionId: 'a039f83d-1916-436b-a090-efbc08698506',
  Type: 'Start',
  Position: 4.5,
  SeqNumber: 3,
  Timestamp: 1540270724,
};
const input = { index: 0, name: 'a.ndjson' };
const inspected = (value: unknown, bare = true, unnumbered = false) =>
  inspectEvent(
    {
      value,
      bare,
      unnumbered,
      source: 'Web',
      place: { input, line: 1, column: 1, pointer: '', request: null },
      locate: () => ({ line: 1, column: 1 }),
    },
    new Found(SETTINGS),
  );

it.each([
  ['a sound event', EVENT, true, false],
  ['a bare one with a Source, which is ours', { ...EVENT, Source: 'Custom' }, true, false],
  ['one of a request with a Source, which is not', { ...EVENT, Source: 'Custom' }, false, true],
  ['one with a further property', { ...EVENT, Note: 1 }, true, true],
  ['one with a Source and a further property', { ...EVENT, Source: 'Custom', Note: 1 }, true, true],
  ['a broken one', { ...EVENT, Position: -1 }, true, true],
  ['one without a field', { ...EVENT, ClipId: undefined }, true, true],
  ['no object', 5, true, true],
  ['null', null, false, true],
])('%s is kept as it was written only where its values do not say it all', (_, value, bare, kept) => {
  expect(inspected(value, bare).written).toBe(kept ? value : undefined);
});

it('the Source of a bare event is its own, of another its request’s', () => {
  expect(inspected({ ...EVENT, Source: 'Custom' }).source).toBe('Custom');
  expect(inspected({ ...EVENT, Source: 5 }).source).toBeUndefined();
  expect(inspected(EVENT).source).toBeUndefined();
  expect(inspected({ ...EVENT, Source: 'Custom' }, false).source).toBe('Web');
});

it('an event that is numbered later has no SeqNumber yet, and lacks none', () => {
  const { SeqNumber: _, ...rest } = EVENT;
  expect(inspected(rest, true, true)).toMatchObject({ seqNumber: null, sound: { position: 4.5 } });
  expect(inspected(rest, true, false)).toMatchObject({ seqNumber: null, sound: null });
});
