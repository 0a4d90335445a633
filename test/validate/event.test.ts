import { expect, it } from 'vitest';
import { EVENT_FLAG, EventBatch } from '../../src/domain/event-batch.js';
import { Session } from '../../src/domain/session.js';
import { inspectEvents } from '../../src/validate/session.js';
import { addEvent, eventValue } from '../../src/wire/event-columns.js';
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

function inspected(value: unknown, bare = true, unnumbered = false): Session {
  const batch = new EventBatch(1);
  addEvent(batch, value, { bare, unnumbered });
  inspectEvents(batch, 0, 1, bare, () => {}, SETTINGS);
  const session = new Session();
  const origin = { raw: () => batch.raws.get(0)!, locate: () => ({ line: 1, column: 1 }), pointer: () => '' };
  session.begin(origin, [], bare ? null : 0, 'Web');
  session.add(batch, 0);
  session.settle();
  return session;
}

it.each([
  ['a valid event', EVENT, true, false],
  ['a bare one with a Source, which is ours', { ...EVENT, Source: 'Custom' }, true, false],
  ['one of a request with a Source, which is not', { ...EVENT, Source: 'Custom' }, false, true],
  ['one with a further property', { ...EVENT, Note: 1 }, true, true],
  ['one with a Source and a further property', { ...EVENT, Source: 'Custom', Note: 1 }, true, true],
  ['one with an id in both letter cases', { ...EVENT, ClipId: EVENT.ClipId.replace('b', 'B') }, true, true],
  ['one without a field', { ...EVENT, ClipId: undefined }, true, true],
  ['no object', 5, true, true],
  ['null', null, false, true],
])('%s is kept as it was written only where columns do not say it all', (_, value, bare, kept) => {
  const session = inspected(value, bare);
  expect(session.isRaw(0)).toBe(kept);
  if (kept) expect(session.raw(0).value).toBe(value);
});

it.each([
  ['a negative Position', { ...EVENT, Position: -1 }],
  ['no ClipId', { ...EVENT, ClipId: undefined }],
  ['milliseconds', { ...EVENT, Timestamp: 1540270724000 }],
  ['a SessionId that is the ClipId', { ...EVENT, SessionId: EVENT.ClipId }],
])('an event with %s is not valid, and is written as it stood', (_, value) => {
  const session = inspected(value);
  expect(session.flags[0]! & EVENT_FLAG.invalid).not.toBe(0);
  expect(eventValue(session, 0)).toEqual(value);
});

it('the Source of a bare event is its own, of another its request’s', () => {
  expect(inspected({ ...EVENT, Source: 'Custom' }).sourceOf(0)).toBe('Custom');
  expect(inspected({ ...EVENT, Source: 'of our own' }).sourceOf(0)).toBe('of our own');
  expect(inspected({ ...EVENT, Source: 5 }).sourceOf(0)).toBeUndefined();
  expect(inspected(EVENT).sourceOf(0)).toBeUndefined();
  expect(inspected({ ...EVENT, Source: 'Custom' }, false).sourceOf(0)).toBe('Web');
});

it('an event that is numbered later lacks no SeqNumber', () => {
  const { SeqNumber: _, ...rest } = EVENT;
  expect(inspected(rest, true, true)).toMatchObject({ valid: true });
  expect(inspected(rest, true, true).seqNumberOf(0)).toBe(1);
  expect(inspected(rest, true, false)).toMatchObject({ valid: false });
  expect(inspected(rest, true, false).seqNumberOf(0)).toBeNull();
});
