import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleId } from '../../src/domain/finding.js';
import { guidKey, isSimulatedGuid, isSimulatedId, putGuid, writeGuid } from '../../src/domain/guid.js';
import { readNdjson } from '../../src/read/ndjson.js';
import { type PrepareOptions, prepare } from '../../src/send/prepare.js';
import type { SendableSession } from '../../src/send/sendable.js';
import { simulate } from '../../src/simulate/simulate.js';
import { inspect } from '../../src/validate/inspect.js';
import { INSPECT_DEFAULTS, type SeverityInForce } from '../../src/validate/options.js';
import { type Summary, Tally } from '../../src/validate/tally.js';
import { toWire } from '../../src/wire/event.js';
import { packedEvents } from '../../src/write/packed.js';
import { casesOf } from '../cases.js';
import { input } from '../read/lines.js';

const NOW = 1_800_000_000;
const INPUT = { index: 0, name: 'x.ndjson' };
const ORGANIZATION = '126281F8-200e-4c9f-8378-a4870055423b';

interface Sessions {
  readonly sound: readonly object[];
  readonly keptOut: number;
  readonly organizations: readonly string[];
  readonly summary: Summary;
}

function records(chunks: readonly Buffer[], fast: boolean) {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  return readNdjson(bytes(), INPUT, { plainUntil: fast ? NOW + 300 : undefined });
}

const shown = ({ key, source, packed, playedSeconds, endedAt }: SendableSession) => ({
  key,
  source,
  organizationId: packed.organizationId,
  count: packed.count,
  json: packed.json.toString(),
  playedSeconds,
  endedAt,
});

/** By way of rows, where that is sure. */
async function prepared(chunks: readonly Buffer[], fast: boolean, options: Partial<PrepareOptions>) {
  const found = await prepare(records(chunks, fast), { ...INSPECT_DEFAULTS, now: NOW, ...options });
  const { keptOut, organizations, summary } = found;
  const sound = [...found.sessions].map(shown);
  found.close();
  return { sound, keptOut, organizations, summary } satisfies Sessions;
}

/** By way of sessions, always. */
async function general(chunks: readonly Buffer[], options: Partial<PrepareOptions>): Promise<Sessions> {
  const sound: object[] = [];
  let keptOut = 0;
  const organizations = new Set<string>();
  const tally = new Tally();
  for await (const chunk of inspect(records(chunks, false), { ...INSPECT_DEFAULTS, now: NOW, ...options })) {
    for (const inspected of chunk) {
      tally.add(inspected);
      if (inspected.kind !== 'session' && inspected.kind !== 'kept-out') continue;
      const { session } = inspected;
      const first = session.events.find(({ organizationId }) => organizationId !== null);
      organizations.add(guidKey(first?.organizationId ?? ''));
      if (inspected.kind === 'kept-out') keptOut += 1;
      else if (!inspected.invalid) {
        const { key, source } = session;
        const times = session.events.flatMap((event) => (event.sound ? [event.sound.timestamp] : []));
        const endedAt = times.length === 0 ? null : Math.max(...times);
        const { playedSeconds } = inspected;
        sound.push(shown({ key, source, packed: packedEvents(session), playedSeconds, endedAt }));
      }
    }
  }
  return { sound, keptOut, organizations: [...organizations].toSorted(), summary: tally.summary() };
}

const upper = (line: string) => line.replaceAll(/"[0-9a-f-]{36}"/g, (id) => id.toUpperCase());
const upperSession = (line: string) =>
  line.replace(/("SessionId":)("[^"]+")/, (_, name: string, id: string) => name + id.toUpperCase());

const sessions = fc
  .record({
    seed: fc.nat(1000),
    ids: fc.constantFrom<(line: string, i: number) => string>(
      (line) => line,
      upper,
      (line, i) => (i % 7 === 3 ? upper(line) : line),
      (line, i) => (i % 3 === 1 ? upperSession(line) : line),
    ),
    more: fc.array(
      fc.record({
        at: fc.nat(),
        values: fc.oneof(
          fc.record({ Position: fc.double({ min: 0, noNaN: true }) }),
          fc.record({ Timestamp: fc.constantFrom(NOW + 0.5, 2 ** 31, 99_999_999_999, 1e9) }),
          fc.record({ Source: fc.constantFrom('Custom', 'MobileApp', 'Web', 'Other', 'é"') }),
          fc.record({ OrganizationId: fc.constantFrom(ORGANIZATION, ORGANIZATION.toLowerCase()) }),
          fc.record({ More: fc.string() }),
        ),
      }),
      { maxLength: 6 },
    ),
    cut: fc.constantFrom(1, 3, 5),
    everywhere: fc.constantFrom({}, { Source: 'MobileApp' }, { Source: 'Custom' }, { Source: 'Other' }),
  })
  .map(({ seed, ids, more, cut, everywhere }) => {
    const lines: object[] = [...simulate({ sessions: 10, seed })]
      .flatMap(({ events }, i) => (i % cut === 1 ? events.slice(0, 1 + (i % 3)) : events))
      .map(({ sound }) => ({ ...toWire(sound!), ...everywhere }));
    for (const { at, values } of more) lines[at % lines.length] = { ...lines[at % lines.length]!, ...values };
    return [Buffer.from(lines.map((line, i) => ids(JSON.stringify(line), i)).join('\n'))];
  });

const settings = fc.record({
  memory: fc.constantFrom(1, 3000, 1e8).map((bytes) => ({ bytes, folder: tmpdir() })),
  within: fc.constantFrom(
    undefined,
    { since: 1_736_400_000, until: Number.POSITIVE_INFINITY },
    { since: Number.NEGATIVE_INFINITY, until: 1_736_400_000 },
  ),
  maxSpeed: fc.constantFrom(4, 1.2),
  minDuration: fc.constantFrom(2, 60),
  severities: fc.constantFrom<ReadonlyMap<RuleId, SeverityInForce>>(
    new Map(),
    new Map([['session-too-short', 'error']]),
    new Map([['session-open', 'off']]),
  ),
});

describe('what is made of rows is what is made of sessions', () => {
  it.each([
    ['sound ones and odd ones', sessions],
    ['hostile lines', input],
  ])('%s', async (_, chunks) => {
    await fc.assert(
      fc.asyncProperty(chunks, settings, fc.boolean(), async (its, options, fast) => {
        expect(await prepared(its, fast, options)).toEqual(await general(its, options));
      }),
      { numRuns: casesOf(60) },
    );
  });
});

it('a GUID of words is written, and known as simulated, as its text is', () => {
  const words = new Uint32Array(6);
  const bytes = Buffer.alloc(50);
  const id = fc.oneof(
    fc.uuid(),
    fc.uuid({ version: 8 }).map((guid) => `5eed${guid.slice(4)}`),
    fc.uuid().map((guid) => `5eed${guid.slice(4)}`),
  );
  fc.assert(
    fc.property(id, fc.boolean(), (guid, upperCase) => {
      writeGuid(guid, words, 1);
      expect(isSimulatedGuid(words, 1)).toBe(isSimulatedId(guid));
      expect(putGuid(words, 1, upperCase, bytes, 3)).toBe(39);
      expect(bytes.toString('latin1', 3, 39)).toBe(upperCase ? guid.toUpperCase() : guid.toLowerCase());
    }),
  );
});
