import { describe, expect, it } from 'vitest';
import type { Answer, Exchange, RequestRecord } from '../../src/domain/record.js';
import { requestRecord } from '../../src/read/json/value.js';
import { Inspector } from '../../src/validate/inspect.js';
import type { Inspected } from '../../src/validate/inspected.js';
import { INSPECT_DEFAULTS, type InspectOptions } from '../../src/validate/options.js';

const NOW = 1767225600;
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const INPUT = { index: 0, name: '<mock>' };
const OTHER = { index: 1, name: 'other.har' };

const idOf = (session: number) => `a039f83d-1916-436b-a090-${String(session).padStart(12, '0')}`;

function request(session: number, stopsAt = 42, exchange: Partial<Exchange> = {}): RequestRecord {
  const events = [
    ['Start', 0],
    ['Stop', stopsAt],
  ].map(([Type, Position], i) => ({
    OrganizationId: ORGANIZATION,
    ClipId: '9b5c82f7-74cf-4841-a870-a670017cc8eb',
    SessionId: idOf(session),
    Type,
    Position,
    SeqNumber: i + 1,
    Timestamp: 1733047200 + 42 * i,
  }));
  const start = { line: 1, column: 1 };
  return requestRecord(
    { Source: 'CustomWeb', Events: events, Completed: true },
    { input: INPUT, ...start, pointer: '', request: null },
    () => start,
    {
      host: '127.0.0.1:8787',
      organizationParameter: ORGANIZATION,
      mediaType: 'application/json',
      beganAt: NOW,
      page: null,
      answer: null,
      ...exchange,
    },
  );
}

function inspector(options: Partial<InspectOptions> = {}) {
  const each = new Inspector({ ...INSPECT_DEFAULTS, now: NOW, ...options });
  const settled = (inspected: Inspected): Inspected =>
    inspected.kind === 'finding' ? { ...inspected, finding: inspected.finding.settle() } : inspected;
  return {
    take: (record: RequestRecord): readonly Inspected[] => Array.from(each.take(record), settled),
    answered: (number: number, answer: Answer) => each.answered(number, answer),
  };
}

const rulesOf = (inspected: readonly Inspected[]) =>
  inspected.flatMap((one) => (one.kind === 'finding' ? [one.finding.rule] : []));
const numberOf = (inspected: readonly Inspected[]) =>
  inspected.flatMap((one) => (one.kind === 'request' ? [one.number] : []))[0]!;

describe('an answer that comes after inspection', () => {
  it('makes a session that is sent again one that was delivered', () => {
    const mock = inspector();
    const first = numberOf(mock.take(request(1)));
    expect(rulesOf(mock.take(request(1)))).toEqual(['session-resent']);
    mock.answered(first, { at: NOW, enabled: true });
    expect(rulesOf(mock.take(request(1)))).toEqual(['session-sent-again']);
  });

  it.each([false, null])('of Enabled %s does not', (enabled) => {
    const mock = inspector();
    mock.answered(numberOf(mock.take(request(1))), { at: NOW, enabled });
    expect(rulesOf(mock.take(request(1)))).toEqual(['session-resent']);
  });

  it('of a part with other events does not', () => {
    const mock = inspector();
    mock.take(request(1, 42));
    const split = mock.take(request(1, 43));
    expect(rulesOf(split)).toEqual(['session-split']);
    mock.answered(numberOf(split), { at: NOW, enabled: true });
    expect(rulesOf(mock.take(request(1, 42)))).toEqual(['session-resent']);
  });

  it('of Enabled false counts from its own time on, and tells of what cannot be known without pages', () => {
    const mock = inspector();
    const first = numberOf(mock.take(request(1)));
    expect(rulesOf(mock.take(request(2, 42, { beganAt: NOW + 9 })))).toEqual([]);
    mock.answered(first, { at: NOW + 10, enabled: false });
    expect(rulesOf(mock.take(request(3, 42, { beganAt: NOW + 10.999 })))).toEqual([]);
    const late = mock.take(request(4, 42, { beganAt: NOW + 11 }));
    expect(rulesOf(late)).toEqual(['sent-after-disabled']);
    expect(late).toContainEqual(
      expect.objectContaining({
        finding: expect.objectContaining({
          hint: expect.stringContaining('started anew in between'),
          sessionId: null,
        }),
      }),
    );
  });

  it('that is the later of two does not move the time on', () => {
    const mock = inspector();
    const [first, second] = [numberOf(mock.take(request(1))), numberOf(mock.take(request(2)))];
    mock.answered(second, { at: NOW + 1, enabled: false });
    mock.answered(first, { at: NOW + 20, enabled: false });
    expect(rulesOf(mock.take(request(3, 42, { beganAt: NOW + 2 })))).toEqual(['sent-after-disabled']);
  });

  it('of a request that is not known changes nothing', () => {
    const mock = inspector();
    mock.answered(7, { at: NOW, enabled: false });
    expect(rulesOf(mock.take(request(1, 42, { beganAt: NOW + 60 })))).toEqual([]);
  });
});

describe('an inspection that remembers few sessions', () => {
  it('knows the newest and forgets the rest', () => {
    const mock = inspector({ remember: 2 });
    for (const session of [1, 2, 3]) mock.take(request(session));
    expect(rulesOf(mock.take(request(3)))).toEqual(['session-resent']);
    expect(rulesOf(mock.take(request(2)))).toEqual(['session-resent']);
    expect(rulesOf(mock.take(request(1)))).toEqual([]);
  });

  it('forgets their Stops with them', () => {
    const mock = inspector({ remember: 2 });
    mock.take(request(1, 42.125));
    expect(rulesOf(mock.take(request(2, 42.125)))).toEqual(['event-leaked']);
    mock.take(request(3));
    mock.take(request(4));
    expect(rulesOf(mock.take(request(5, 42.125)))).toEqual([]);
  });

  it('finds a pair once, also when the first of it comes again', () => {
    const mock = inspector({ remember: 2 });
    mock.take(request(1, 42.125));
    expect(rulesOf(mock.take(request(2, 42.125)))).toEqual(['event-leaked']);
    expect(rulesOf(mock.take(request(1, 42.125)))).toEqual(['session-resent']);
  });

  it('does not hold on to answers that never come', () => {
    const mock = inspector({ remember: 2 });
    const first = numberOf(mock.take(request(1)));
    for (const session of [2, 3]) mock.take(request(session));
    mock.answered(first, { at: NOW, enabled: false });
    expect(rulesOf(mock.take(request(4, 42, { beganAt: NOW + 60 })))).toEqual([]);
  });
});

describe('a finding about how a request went', () => {
  it('does not make its sessions invalid; one about the session does where its severity is error', () => {
    const wire = { mediaType: 'text/plain', organizationParameter: null, answer: { at: NOW, enabled: true } };
    const severities = new Map([['session-sent-again', 'error'] as const]);
    const mock = inspector({ severities });
    const sessions = [request(1, 42, wire), request(1, 42, wire)].map((record) => mock.take(record));
    expect(sessions.map(rulesOf)).toEqual([
      ['content-type', 'organization-parameter'],
      ['content-type', 'organization-parameter', 'session-sent-again'],
    ]);
    const invalid = sessions.flat().flatMap((one) => (one.kind === 'session' ? [one.invalid] : []));
    expect(invalid).toEqual([false, true]);
  });
});

it('tells sessions apart up to a limit where all have one Stop', () => {
  const mock = inspector();
  const found = Array.from(
    { length: 100 },
    (_, session) => rulesOf(mock.take(request(session, 42.125))).length,
  );
  expect(found.slice(0, 65)).toEqual(Array.from({ length: 65 }, (_, before) => before));
  expect(Math.max(...found)).toBe(64);
});

it('keeps two captures apart: their pages and players are not the same, though a session may be', () => {
  const both = inspector();
  const inOther = (record: RequestRecord) => ({ ...record, place: { ...record.place, input: OTHER } });
  both.take(request(1, 42.125, { page: 'page_1', answer: { at: NOW, enabled: false } }));
  both.take(request(2, 42, { page: 'page_1', answer: { at: NOW, enabled: true } }));
  const late = { page: 'page_1', beganAt: NOW + 60 };
  expect(rulesOf(both.take(inOther(request(3, 42.125, late))))).toEqual([]);
  expect(rulesOf(both.take(inOther(request(2, 42, late))))).toEqual(['session-sent-again']);
  expect(rulesOf(both.take(request(4, 42.125, late)))).toEqual(['sent-after-disabled', 'event-leaked']);
});
