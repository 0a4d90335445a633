import { EventBatch } from '../../src/domain/event-batch.js';
import type { RuleId, Severity } from '../../src/domain/finding.js';
import type { Input } from '../../src/domain/place.js';
import type { Exchange, InputRecord } from '../../src/domain/record.js';
import { requestRecord } from '../../src/read/json/json.js';
import { readInputs } from '../../src/read/read.js';
import { addEvent } from '../../src/wire/event-columns.js';
import { casesOf } from '../cases.js';
import { CLIPS, NOW } from './listening.js';
import type { NaiveInput } from './naive.js';
import type { Json } from './naive-json.js';

/** How many cases, and from which seed: NAIVE_RUNS=20000 for a long run, NAIVE_SEED for another one. */
const RUNS = Number(process.env.NAIVE_RUNS ?? casesOf(1500));
export const SEED = Number(process.env.NAIVE_SEED ?? 20_260_101);
export const cases = (share = 1) => ({ seed: SEED, numRuns: Math.max(1, Math.ceil(RUNS * share)) });
export const LONG = 600_000;

export const CLIP_SECONDS = { [CLIPS[0] as string]: 300 };
export const SETTINGS = {
  now: NOW,
  minDuration: 10,
  maxSpeed: 4,
  severities: new Map<RuleId, Severity | 'off'>(),
  maxFindings: 0,
  clipDurations: new Map(Object.entries(CLIP_SECONDS)),
};

/** The inputs as a reader would give them: one a line of one file. */
export async function* asRecords(inputs: readonly NaiveInput[]): AsyncGenerator<readonly InputRecord[]> {
  const input = { index: 0, name: 'inputs.ndjson' };
  yield [{ kind: 'input', input }];
  yield inputs.map((each, i) => recordOf(each, input, i + 1));
}

/** A body or a bare event as a reader would give it: alone on its line. */
export function recordOf({ kind, value, exchange }: NaiveInput, input: Input, line: number): InputRecord {
  const start = { line, column: 1 };
  if (kind === 'request') {
    return requestRecord(value, { input, ...start, pointer: '', request: null }, () => start, exchange);
  }
  const events = new EventBatch(1);
  addEvent(events, value, { bare: true });
  events.lines[0] = start.line;
  events.columns[0] = start.column;
  events.locator = { locate: () => start };
  return { kind: 'events', input, pointers: true, events, from: 0, to: 1 };
}

/** JSON as it may be written, also of what JSON.stringify has no text for. */
function textOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, held]) => `${JSON.stringify(name)}:${textOf(held)}`)
      .join(',')}}`;
  }
  if (value === Number.POSITIVE_INFINITY) return '1e999';
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}

/** The inputs as the bytes of files, read as users' files are. */
export function asFiles(files: readonly (readonly NaiveInput[])[]) {
  return readInputs(
    files.map((inputs, i) => ({
      name: `${i}.ndjson`,
      bytes: (async function* () {
        yield Buffer.from(inputs.map(({ value }) => `${textOf(value)}\n`).join(''));
      })(),
    })),
  );
}

/**
 * The requests of which it is known how they went, in the order in which they began; none that encloses an equal one in time, which a capture
 * has of a service worker.
 */
export function captured(inputs: readonly NaiveInput[]): readonly NaiveInput[] {
  const began = ({ exchange }: NaiveInput) => exchange?.beganAt ?? 0;
  const ended = ({ exchange }: NaiveInput) => exchange?.answer?.at ?? Number.NaN;
  const said = ({ value, exchange }: NaiveInput) =>
    JSON.stringify([textOf(value), exchange?.path, exchange?.organizationParameter]);
  const encloses = (a: NaiveInput, b: NaiveInput) =>
    began(a) < began(b) && ended(a) + 0.002 >= ended(b) && said(a) === said(b);
  const told = inputs.filter(({ exchange }) => typeof exchange?.beganAt === 'number');
  return told.filter((a) => !told.some((b) => encloses(a, b))).toSorted((a, b) => began(a) - began(b));
}

/** Those requests as a HAR, an entry a line: `line` - 2 is the index. */
export function asHar(inputs: readonly NaiveInput[]) {
  const entries = inputs.map(({ value, exchange }) => (exchange ? entryOf(textOf(value), exchange) : {}));
  const lines = entries.map((entry) => JSON.stringify(entry)).join(',\n');
  const bytes = async function* () {
    yield Buffer.from(`{"log":{"version":"1.2","entries":[\n${lines}\n]}}\n`);
  };
  return readInputs([{ name: 'capture.har', bytes: bytes() }]);
}

function entryOf(
  text: string,
  { host, path, organizationParameter, mediaType, beganAt, page, answer }: Exchange,
) {
  const query = organizationParameter === null ? '' : `?organizationId=${organizationParameter}`;
  const time = answer?.at && beganAt ? (answer.at - beganAt) * 1000 : -1;
  return {
    ...(page !== null && { pageref: page }),
    startedDateTime: new Date((beganAt ?? 0) * 1000).toISOString(),
    time,
    request: {
      method: 'POST',
      url: `https://${host}${path}${query}`,
      headers: mediaType === null ? [] : [{ name: 'content-type', value: `${mediaType}; charset=utf-8` }],
      postData: { mimeType: mediaType ?? '', text },
    },
    response: answer
      ? { status: 200, content: { text: JSON.stringify({ Enabled: answer.enabled }) } }
      : { status: 0 },
  };
}
