import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/domain/place.js';
import { readInputs } from '../../src/read/read.js';
import { validate } from '../../src/validate/validate.js';

const FILE = { isMock: undefined };
const MOCK = { isMock: true } as const;

describe('where something stands, in words', () => {
  it.each([
    ['a file', { input: FILE, request: 2, pointer: '/Events/19/Position' }, '/Events/19/Position'],
    ['a row', { input: FILE, request: null, pointer: null }, ''],
    ['a mock’s request', { input: MOCK, request: 95, pointer: '' }, 'request 95'],
    ['a property of it', { input: MOCK, request: 95, pointer: '/Source' }, 'request 95, /Source'],
    ['an event of it', { input: MOCK, request: 95, pointer: '/Events/19' }, 'request 95, event 19'],
    ['a field', { input: MOCK, request: 0, pointer: '/Events/19/a~1b' }, 'request 0, event 19, /a~1b'],
    ['what is no JSON', { input: MOCK, request: null, pointer: null }, ''],
    ['a HAR’s entry', { input: FILE, request: 3, entry: 12, pointer: '/Events/0' }, 'entry 12, event 0'],
  ])('%s', (_, place, words) =>
    expect(wordsOf(place as Parameters<typeof wordsOf>[0]).join(', ')).toBe(words),
  );

  it('findings of a capture name its entries, those of requests and of sessions alike', async () => {
    const { findings } = await validate(readInputs(['fixtures/har/failed-and-retried.har']), {
      now: 1767225600,
      minDuration: 3000,
    });
    expect(findings.map(({ rule, place }) => [rule, place.entry, place.request])).toEqual([
      ['session-too-short', 1, 0],
      ['session-resent', 2, 1],
    ]);
  });
});
