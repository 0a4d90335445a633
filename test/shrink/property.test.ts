import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DiagnosisId, RULE_IDS } from '../../src/domain/finding.js';
import type { Target } from '../../src/shrink/check.js';
import { isSmaller } from '../../src/shrink/document.js';
import { jsonText } from '../../src/wire/json.js';
import { casesOf } from '../cases.js';
import { CLIPS, ORGANIZATIONS, SESSIONS } from '../rules/listening.js';
import type { NaiveInput } from '../rules/naive.js';
import { scenario } from '../rules/scenario.js';
import { simulatedSessions } from '../table/as-rows.js';
import { type Case, caseSize, shrunkFrom, verdictOf } from './shrunk.js';

/** Words of the inputs that a result may not hold. */
const SECRETS = ['secret', 'MyApp', 'episode-12', 'traffic.omny.fm', 'Alice'];
const OWN_IDS = [...CLIPS, ...ORGANIZATIONS, ...SESSIONS].map((id) => id.toLowerCase());

const FILLER = simulatedSessions({ sessions: 6, seed: 5 }).flatMap((events) =>
  events.map((event) => jsonText({ ...event, Listener: 'Alice', note: 'secret' })),
);

/** Broken requests and events among valid ones, with properties that say something of somebody. */
function asNdjson(inputs: readonly NaiveInput[]): Buffer {
  const lines = inputs.map(({ value }) => jsonText(value));
  return Buffer.from([...FILLER.slice(0, 20), ...lines, ...FILLER.slice(20), ''].join('\n'));
}

function asHar(inputs: readonly NaiveInput[]): Buffer {
  const entries = inputs.flatMap(({ value, exchange }) => {
    if (!exchange) return [];
    const { host, path, organizationParameter, mediaType, beganAt, page, answer } = exchange;
    const query = organizationParameter === null ? '' : `&organizationId=${organizationParameter}`;
    const headers = [
      { name: 'Cookie', value: 'secret=1' },
      { name: 'Referer', value: 'https://traffic.omny.fm/secret' },
      ...(mediaType === null ? [] : [{ name: 'content-type', value: `${mediaType}; secret=1` }]),
    ];
    return [
      {
        ...(page !== null && { pageref: `secret ${page}` }),
        ...(beganAt !== null && { startedDateTime: new Date(beganAt * 1000).toISOString() }),
        time: answer?.at && beganAt ? (answer.at - beganAt) * 1000 : -1,
        request: {
          method: 'POST',
          url: `https://${host}/secret${path}?secret=1${query}`,
          headers,
          cookies: [{ name: 'secret', value: 'secret' }],
          postData: { mimeType: mediaType ?? '', text: jsonText(value) },
        },
        response: answer
          ? {
              status: 200,
              headers,
              content: { text: JSON.stringify({ Enabled: answer.enabled, secret: 1 }) },
            }
          : { status: 0 },
      },
      { request: { method: 'GET', url: 'https://traffic.omny.fm/secret' } },
    ];
  });
  return Buffer.from(JSON.stringify({ log: { version: '1.2', comment: 'secret', entries } }));
}

/** An input and one of the rules or diagnoses that it has; null where it has none. */
async function caseOf(bytes: Buffer, name: string, choice: number): Promise<Case | null> {
  const any: Case = { name, bytes, target: { kind: 'rule', id: 'syntax' } };
  const { rules, diagnoses } = await verdictOf(any);
  const targets: Target[] = [
    ...RULE_IDS.filter((id) => rules.has(id)).map((id) => ({ kind: 'rule', id }) as const),
    ...diagnoses.map((id: DiagnosisId) => ({ kind: 'diagnosis', id }) as const),
  ];
  const target = targets[choice % targets.length];
  return target ? { ...any, target } : null;
}

async function holds(tried: Case): Promise<void> {
  const before = await verdictOf(tried);
  const shrunk = await shrunkFrom(tried);
  expect(shrunk, `${tried.target.id} is there`).not.toBeNull();
  const { text, size, again, kept } = shrunk!;
  expect(isSmaller(caseSize(tried), size), 'it is not larger').toBe(false);
  const after = await verdictOf(again);
  expect(tried.target.kind === 'rule' ? after.rules : new Set(after.diagnoses)).toContain(tried.target.id);
  expect([...after.errors].filter((rule) => !before.errors.has(rule))).toEqual([]);
  expect(kept).toEqual([]);
  const lower = text.toLowerCase();
  expect([...OWN_IDS, ...SECRETS].filter((word) => lower.includes(word.toLowerCase()))).toEqual([]);
  const twice = await shrunkFrom(again);
  expect(twice, 'it can be shrunk again').not.toBeNull();
  expect(isSmaller(size, twice!.size), 'it does not grow when it is shrunk again').toBe(false);
}

it.each([
  ['NDJSON', 'plays.ndjson', asNdjson],
  ['a HAR', 'plays.har', asHar],
] as const)(
  'draws the same from %s, no other error, and holds nothing of its own',
  async (_, name, bytesOf) => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.nat(), async (inputs, choice) => {
        const captured = inputs.filter(({ exchange }) => exchange !== undefined);
        if (name.endsWith('.har') && captured.length === 0) return;
        const tried = await caseOf(bytesOf(inputs), name, choice);
        if (tried) await holds(tried);
      }),
      { numRuns: casesOf(25), endOnFailure: true },
    );
  },
  600_000,
);
