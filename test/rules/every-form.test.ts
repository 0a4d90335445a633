import { expect, it, vi } from 'vitest';
import type { RuleId } from '../../src/domain/finding.js';
import { defineRule } from '../../src/rules/define.js';

/** A rule that the catalogue does not have: as a newcomer adds one. */
const NEW_RULE = 'stops-at-thirteen' as RuleId;

vi.mock('../../src/domain/finding.js', async (original) => {
  const finding = await original<typeof import('../../src/domain/finding.js')>();
  return { ...finding, RULE_IDS: [...finding.RULE_IDS, 'stops-at-thirteen'] };
});

vi.mock('../../src/rules/index.js', async (original) => {
  const catalogue = await original<typeof import('../../src/rules/index.js')>();
  const rule = defineRule({
    id: 'stops-at-thirteen' as RuleId,
    level: 'session',
    needs: 'order',
    severity: 'warning',
    title: 'A Stop at 13 s',
    why: 'For the test.',
    mend: 'Do not stop at 13 s.',
    reference: 'API-11',
    check({ positions, listening: { kept, stops, keptCount } }, report) {
      for (let n = 0; n < keptCount; n += 1) {
        if (stops[n] === 1 && positions[kept[n]!] === 13)
          report(kept[n]!, () => ({ expected: 'a Stop elsewhere', received: '13 s' }));
      }
    },
    guide: catalogue.RULES['seq-start'].guide,
  });
  return {
    ...catalogue,
    RULES: { ...catalogue.RULES, [rule.id]: rule },
    SESSION_RULES: [...catalogue.SESSION_RULES, rule],
  };
});

const { check } = await import('../../src/check.js');
const { readInputs } = await import('../../src/read/read.js');
const { validate } = await import('../../src/validate/validate.js');

const event = (Type: string, Position: number, SeqNumber: number) => ({
  OrganizationId: '126281f8-200e-4c9f-8378-a4870055423b',
  ClipId: '9b5c82f7-74cf-4841-a870-a670017cc8eb',
  SessionId: 'a039f83d-1916-436b-a090-efbc08698506',
  Type,
  Position,
  SeqNumber,
  Timestamp: 1540270724 + Position,
});
const EVENTS = [event('Start', 0, 1), event('Stop', 13, 2)];
const BODY = { Source: 'Custom', Events: EVENTS, Completed: true };
const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const HEADER = 'OrganizationId,ClipId,SessionId,Type,Position,SeqNumber,Timestamp';
const har = {
  log: {
    version: '1.2',
    entries: [
      {
        startedDateTime: '2018-10-23T04:59:00Z',
        request: {
          method: 'POST',
          url: `https://traffic.omny.fm/api/consumption/events?organizationId=${EVENTS[0]!.OrganizationId}`,
          headers: [{ name: 'Content-Type', value: 'application/json' }],
          postData: { mimeType: 'application/json', text: JSON.stringify(BODY) },
        },
      },
    ],
  },
};

const OTHER = 'b139f83d-1916-436b-a090-efbc08698506';
const FORMS = {
  'events.ndjson': lines(EVENTS),
  'arrays.ndjson': lines([EVENTS]),
  'bodies.ndjson': lines([BODY]),
  'mixed.ndjson': lines([EVENTS[0], { ...BODY, Events: [{ ...EVENTS[0], SessionId: OTHER }] }, EVENTS[1]]),
  'array.json': JSON.stringify(EVENTS),
  'pretty.json': JSON.stringify(EVENTS, null, 2),
  'body.json': JSON.stringify(BODY),
  'bodies.json': JSON.stringify([BODY]),
  'events.csv': `${HEADER}\n${EVENTS.map((each) => Object.values(each).join(',')).join('\n')}\n`,
  'quoted.csv': `${HEADER}\n${EVENTS.map((each) => Object.values(each).map((cell) => `"${cell}"`)).join('\n')}\n`,
  'sessions.csv': `OrganizationId,ClipId,SessionId,StartedAt,ListenedSeconds\n${EVENTS[0]!.OrganizationId},${EVENTS[0]!.ClipId},${EVENTS[0]!.SessionId},1540270724,13\n`,
  'capture.har': JSON.stringify(har),
} as const;

const found = (findings: readonly { readonly rule: RuleId }[]) =>
  findings.filter(({ rule }) => rule === NEW_RULE).length;

it.each(Object.entries(FORMS))(
  'a rule that was just added fires on %s, scanned or parsed',
  async (name, text) => {
    for (const scan of [true, false]) {
      const bytes = (async function* () {
        yield Buffer.from(text);
      })();
      const { findings } = await validate(readInputs([{ name, bytes }], { scan }), { now: 2e9 });
      expect(found(findings)).toBe(1);
    }
  },
);

it('and on values of the library', () => {
  for (const value of [EVENTS, BODY, [BODY], JSON.stringify(BODY)])
    expect(found(check(value, { now: 2e9 }).findings)).toBe(1);
});
