import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { check } from '../../src/check.js';
import { EVENT_FLAG, EventBatch } from '../../src/domain/event-batch.js';
import { NO_ORIGIN, Session } from '../../src/domain/session.js';
import { fingerprint } from '../../src/validate/traffic.js';
import { EVENT_FIELDS } from '../../src/wire/event.js';
import { addEvent } from '../../src/wire/event-columns.js';

const ID = '2ec9d456-c870-4694-ad69-844eea3d02ef';

const id = fc.constantFrom<unknown>(
  ID,
  ID.toUpperCase(),
  ID.replace('2', '3'),
  '00000000-0000-0000-0000-000000000000',
  'x',
  null,
);
const number = fc.constantFrom<unknown>(
  0,
  -0,
  1,
  2,
  1.5,
  -1,
  1e300,
  1.7e9,
  Number.POSITIVE_INFINITY,
  '1',
  null,
);
/** Null so many times as often as anything else. */
function seldom<T>(arbitrary: fc.Arbitrary<T>, times: number): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: times, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

/** Mostly alike, so that equal ones are drawn often. */
const fields = fc
  .tuple(
    fc.record({
      OrganizationId: fc.constant(ID),
      ClipId: fc.constant(ID),
      SessionId: fc.constant(ID),
      Type: fc.constantFrom('Start', 'Stop'),
      Position: fc.constantFrom(1, 2),
      SeqNumber: fc.constant(1),
      Timestamp: fc.constant(1.7e9),
    }),
    seldom(fc.tuple(fc.constantFrom(...EVENT_FIELDS), fc.oneof(id, number, fc.constant('stop'))), 4),
    seldom(fc.constantFrom(...EVENT_FIELDS), 12),
  )
  .map(([event, odd, absent]) => {
    const all: Record<string, unknown> = { ...event, ...(odd && { [odd[0]]: odd[1] }) };
    if (absent !== null) delete all[absent];
    return all;
  });

interface Written {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Something else is wrong with it, so that its JSON value is kept. */
  readonly broken: boolean;
}

function eventOf(fields: Readonly<Record<string, unknown>>, broken: boolean): Written {
  return { fields: broken ? { ...fields, Source: 3 } : fields, broken };
}

function printOf(events: readonly Written[]): string {
  const batch = new EventBatch(events.length);
  const session = new Session();
  session.begin({ ...NO_ORIGIN, raw: (i) => batch.raws.get(i)! }, [], 0);
  for (const { fields } of events) session.add(batch, addEvent(batch, fields, { bare: false }));
  for (let i = 0; i < session.count; i += 1)
    if (isBroken(events[i]!)) session.flags[i]! |= EVENT_FLAG.invalid;
  session.settle();
  return Buffer.from(fingerprint(session)).toString('hex');
}

const brokenBefore = new Map<string, boolean>();

/** Whether an event rule finds an error in it: its fields are then as they were written. The same few events are drawn again and again. */
function isBroken({ fields }: Written): boolean {
  const key = inspect(fields);
  const known = brokenBefore.get(key);
  if (known !== undefined) return known;
  const broken = check([fields], { now: 2e9 }).findings.some(({ severity }) => severity === 'error');
  brokenBefore.set(key, broken);
  return broken;
}

/** What is compared: the seven fields as JSON, ids in one case. */
function told(written: Readonly<Record<string, unknown>>): string {
  const lower = (value: unknown): unknown =>
    typeof value === 'string' && value.length === ID.length ? value.toLowerCase() : value;
  return JSON.stringify(EVENT_FIELDS.map((name) => [name in written, lower(written[name])]));
}

it('is the same of the same seven fields, whatever else is wrong with the event, and of no others', () => {
  let same = 0;
  fc.assert(
    fc.property(
      fc.array(fields, { minLength: 1, maxLength: 2 }),
      fc.array(fields, { minLength: 1, maxLength: 2 }),
      fc.boolean(),
      (one, other, broken) => {
        const [a, b] = [one.map((each) => eventOf(each, false)), other.map((each) => eventOf(each, broken))];
        const equal = one.map(told).join() === other.map(told).join();
        if (equal) same += 1;
        expect(printOf(a) === printOf(b)).toBe(equal);
      },
    ),
    { numRuns: 2000 },
  );
  expect(same).toBeGreaterThan(50);
});

it('is of 16 bytes, of sessions of any length', () => {
  const long = Array.from({ length: 1000 }, (_, i) =>
    eventOf(
      {
        OrganizationId: ID,
        ClipId: ID,
        SessionId: ID,
        Type: 'Start',
        Position: i,
        SeqNumber: i + 1,
        Timestamp: 1.7e9,
      },
      false,
    ),
  );
  const prints = [long, long.slice(0, 256), long.slice(0, 257), long.slice(0, 512)].map(printOf);
  expect(new Set(prints).size).toBe(4);
  for (const print of prints) expect(print).toHaveLength(32);
});
