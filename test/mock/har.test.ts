import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding } from '../../src/domain/finding.js';
import { HAR_HEAD, harTail } from '../../src/mock/http/exchange.js';
import { readInputs } from '../../src/read/read.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { reported, validate } from '../../src/validate/validate.js';
import { casesOf } from '../cases.js';
import { bodyOf, CLIP, events, NOW, ORGANIZATION, post, started } from './mocks.js';

/** A mock whose requests stand in a HAR afterwards, and whose clock goes on with each. */
async function recording(faults: readonly string[] = [], onFinding?: (finding: Finding) => void) {
  const entries: string[] = [];
  let now = NOW;
  const clock = { nowMs: () => 0, unixSeconds: () => (now += 0.3), after: () => () => {} };
  const mock = await started({
    faults: [...faults],
    onFinding,
    clock,
    recordHar: async (entry) => void entries.push(entry),
  });
  return { mock, har: () => harOf(entries), entries };
}

function harOf(entries: readonly string[]) {
  return `${HAR_HEAD}\n${entries.join(',\n')}${harTail(NOW + 1000)}`;
}

async function judged(har: string) {
  async function* bytes() {
    yield Buffer.from(har);
  }
  return validate(readInputs([{ name: 'x.har', bytes: bytes() }]), { ...INSPECT_DEFAULTS, now: NOW + 1000 });
}

async function validated(har: string) {
  return (await judged(har)).findings.map(reported);
}

interface Told {
  readonly rule: string;
  readonly severity: string;
  readonly request: number | null;
  readonly path: string | null;
  readonly sessionId: string | null;
  readonly seqNumber: number | null;
}

/** What is the same of a finding wherever it is told; of a body that cannot be read its place differs. */
const told = (findings: readonly Told[]) =>
  findings
    .map(({ rule, severity, request, path, sessionId, seqNumber }) =>
      JSON.stringify([rule, severity, request, path, sessionId, seqNumber]),
    )
    .toSorted();

const changes: readonly ((event: Record<string, unknown>) => object)[] = [
  (event) => event,
  (event) => ({ ...event, Position: -1 }),
  (event) => ({ ...event, Type: 'play' }),
  (event) => ({ ...event, ClipId: ORGANIZATION, OrganizationId: CLIP }),
  (event) => ({ ...event, SeqNumber: 7 }),
];
const body = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(1, 1, 2, 3),
        fc.constantFrom(...changes),
        fc.integer({ min: 0, max: 2 }),
        fc.constantFrom('CustomWeb', 'Web', 3),
      )
      .map(([session, change, cut, source]) => {
        const its = (events(session) as Record<string, unknown>[]).map(change);
        return JSON.stringify({ ...bodyOf(its.slice(0, its.length - cut)), Source: source });
      }),
  },
  fc.constantFrom(
    '',
    ' ',
    '{"Source":',
    '{}',
    'null',
    '[]',
    '\ufeff{}',
    '{\u00a0"Source":1}',
    'eyJTb3VyY2UiOjF9',
    'abc...',
    new Uint8Array([0x22, 0xff, 0x22]),
    new Uint8Array([0x1f, 0x8b, 1]),
  ),
);
const request = fc.record({
  body,
  type: fc.constantFrom(
    'application/json',
    'application/json',
    'text/plain;charset=UTF-8',
    'Application/JSON; x=1',
  ),
  path: fc.constantFrom('', '', '', '/'),
  organization: fc.constantFrom(ORGANIZATION, ORGANIZATION, CLIP, 'x', null),
  headers: fc.constantFrom(
    {},
    {},
    {},
    { 'content-encoding': 'br' },
    { cookie: 'secret=1', authorization: 'x' },
  ),
});

test('a HAR that it records is judged by validate as the mock judged the traffic', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(
        [],
        ['disabled'],
        ['bad-json'],
        ['cut@every2'],
        ['html@#2'],
        ['reset-after@every3'],
        ['503@every2'],
      ),
      async (requests, faults) => {
        const { mock, har } = await recording(faults);
        for (const { body, type, path, organization, headers } of requests) {
          const url =
            organization === null ? mock.url + path : `${mock.url}${path}?organizationid=${organization}`;
          await post(url, body, { type, headers, organization: null })
            .then((answer) => answer.text())
            .catch(() => {});
        }
        await mock.settled();
        const wanted = mock.findings();
        const text = har();
        const received = mock.summary().requests + wanted.length === 0 ? [] : await validated(text);
        expect(told(received)).toEqual(told(wanted));
        expect(text).not.toMatch(/secret|authorization/i);
        await mock.close();
      },
    ),
    { numRuns: casesOf(40) },
  );
});

test('each /t/NAME, and what came before a reset, is judged by itself', async () => {
  const found: Finding[] = [];
  const { mock, har } = await recording([], (finding) => found.push(finding));
  const places = [mock.url, mock.space('a').url, mock.space('b').url];
  for (const url of [...places, places[1]!]) await post(url, bodyOf(events(1)));
  mock.reset();
  for (const end of [2, 1]) await post(mock.url, bodyOf(events(1).slice(0, end)));
  const { summary, rules } = mock.total();
  expect(rules.map(({ rule }) => rule)).toEqual(['session-split', 'session-sent-again']);
  const report = await judged(har());
  expect(report.summary).toEqual({ ...summary, files: 1 });
  const anywhere = (findings: readonly Told[]) => told(findings.map((each) => ({ ...each, request: null })));
  expect(anywhere(report.findings.map(reported))).toEqual(anywhere(found.map(reported)));
});

test('two at once are judged in one order, though the first to begin ends last', async () => {
  const { mock, har } = await recording();
  const first = JSON.stringify(bodyOf(events(1)));
  const slow = new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode(first.slice(0, 20)));
      await post(mock.url, bodyOf(events(1).slice(0, 1)));
      controller.enqueue(new TextEncoder().encode(first.slice(20)));
      controller.close();
    },
  });
  const init = {
    method: 'POST',
    body: slow,
    duplex: 'half',
    headers: { 'content-type': 'application/json' },
  };
  await fetch(`${mock.url}?organizationId=${ORGANIZATION}`, init as RequestInit);
  expect(mock.findings().map(({ rule }) => rule)).toContain('session-split');
  expect(told(await validated(har()))).toEqual(told(mock.findings()));
});

test('an equal request inside another counts: it was on the wire', async () => {
  const { mock, har, entries } = await recording(['delay=5s@#1']);
  void post(mock.url).catch(() => {});
  await mock.waitFor(1);
  await post(mock.url);
  expect(entries).toHaveLength(2);
  expect(told(await validated(har()))).toEqual(told(mock.findings()));
  expect(mock.findings().map(({ rule }) => rule)).toContain('session-sent-again');
});
