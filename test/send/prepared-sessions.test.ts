import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RuleId } from '../../src/domain/finding.js';
import { guidKey, isSimulatedGuid, isSimulatedId, putGuid, writeGuid } from '../../src/domain/guid.js';
import { readInputs } from '../../src/read/read.js';
import { type PrepareOptions, prepare } from '../../src/send/prepare.js';
import { inspect } from '../../src/validate/inspect.js';
import { INSPECT_DEFAULTS, type SeverityInForce } from '../../src/validate/options.js';
import { batchesInMemory } from '../../src/write/batches.js';
import type { EncodedSession } from '../../src/write/encoded-session.js';
import { CLIP, encoded, guid, ORGANIZATIONS } from '../write/sessions.js';

const NOW = 1_800_000_000;

const shown = ({ key, source, organizationId, count, json, playedSeconds, endedAt }: EncodedSession) => ({
  key,
  source,
  organizationId,
  count,
  json: json.toString(),
  playedSeconds,
  endedAt,
});

function recordsOf(lines: readonly string[]) {
  const bytes = (async function* () {
    yield Buffer.from(lines.join('\n'));
  })();
  return readInputs([{ name: 'x.ndjson', bytes }]);
}

async function prepared(lines: readonly string[], options: Partial<PrepareOptions>) {
  const found = await prepare(recordsOf(lines), { ...INSPECT_DEFAULTS, now: NOW, ...options });
  const { keptOut, organizations, simulated } = found;
  const sessions = [...found.sessions].map(shown);
  const invalid = [...found.invalid].map(shown);
  const addressed = [...found.sessions.addressed()].map(([address]) => shown(found.sessions.at(address)));
  found.close();
  return { sessions, addressed, invalid, keptOut, organizations, simulated };
}

/** The same, by what inspection tells. */
async function naively(lines: readonly string[], options: Partial<PrepareOptions>) {
  const sessions: object[] = [];
  const invalid: object[] = [];
  const organizations = new Set<string>();
  let keptOut = 0;
  let simulated = false;
  for await (const some of inspect(recordsOf(lines), { ...INSPECT_DEFAULTS, now: NOW, ...options })) {
    for (const inspected of some) {
      if (inspected.kind !== 'session' && inspected.kind !== 'kept-out') continue;
      const { session } = inspected;
      organizations.add(guidKey(session.firstId('organization') ?? ''));
      if (inspected.kind === 'kept-out') keptOut += 1;
      else {
        const seconds = inspected.playedMs === null ? null : inspected.playedMs / 1000;
        const session = { ...shown(encoded(inspected.session)), playedSeconds: seconds };
        (inspected.invalid ? invalid : sessions).push(session);
        simulated ||= !inspected.invalid && isSimulatedId(session.key);
      }
    }
  }
  return {
    sessions,
    addressed: sessions,
    invalid,
    keptOut,
    organizations: [...organizations].toSorted(),
    simulated,
  };
}

const SESSIONS = [guid(1), guid(2), guid(3).toUpperCase(), '5eed01af-0000-8abc-8000-000000000001'];

const line = fc
  .record({
    session: fc.constantFrom(...SESSIONS),
    organization: fc.constantFrom(...ORGANIZATIONS, ORGANIZATIONS[0].toUpperCase()),
    number: fc.integer({ min: 1, max: 6 }),
    position: fc.oneof(fc.integer({ min: 0, max: 3600 }), fc.double({ min: -1, noNaN: true, max: 1e4 })),
    more: fc.constantFrom({}, {}, { Source: 'MobileApp' }, { Source: 'é"' }, { More: 1 }, { ClipId: 'x' }),
  })
  .map(({ session, organization, number, position, more }) =>
    JSON.stringify({
      OrganizationId: organization,
      ClipId: CLIP,
      SessionId: session,
      Type: number % 2 === 1 ? 'Start' : 'Stop',
      Position: position,
      SeqNumber: number,
      Timestamp: 1_736_400_000 + number * 60,
      ...more,
    }),
  );

const settings = fc.record({
  memory: fc.constantFrom(1, 3000, 1e8).map((bytes) => ({ bytes, folder: tmpdir() })),
  within: fc.constantFrom(
    undefined,
    { since: 1_736_400_100, until: Number.POSITIVE_INFINITY },
    { since: Number.NEGATIVE_INFINITY, until: 1_736_400_200 },
  ),
  severities: fc.constantFrom<ReadonlyMap<RuleId, SeverityInForce>>(
    new Map(),
    new Map([['session-too-short', 'error']]),
    new Map([
      ['seq-gap', 'off'],
      ['organization-changed', 'off'],
    ]),
  ),
});

it('prepared sessions are those that inspection tells, in memory as on disk', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 20 }), settings, async (lines, options) => {
      expect(await prepared(lines, options)).toEqual(await naively(lines, options));
    }),
  );
});

it('more organizations than are kept once are each kept with their sessions', async () => {
  const sources = Array.from({ length: 40 }, (_, i) => `${'x'.repeat(i * 10)}é"`);
  const lines = sources.map((Source, i) =>
    JSON.stringify({
      OrganizationId: guid(i),
      ClipId: CLIP,
      SessionId: guid(100 + i),
      Type: 'Start',
      Position: 0,
      SeqNumber: 1,
      Timestamp: 1_736_400_000,
      Source,
    }),
  );
  const { sessions, invalid } = await prepared(lines, {});
  const kept = [...sessions, ...invalid].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  expect(kept.map(({ organizationId, source }) => [organizationId, source])).toEqual(
    sources.map((source, i) => [guid(i), source]),
  );
});

it('a GUID of words is written, and known as simulated, as its text is', () => {
  const words = new Uint32Array(6);
  const bytes = Buffer.alloc(50);
  const simulatedButFor = fc.tuple(fc.uuid(), fc.constantFrom('7', '8', '9', 'a', 'f'));
  const id = fc.oneof(
    fc.uuid(),
    simulatedButFor.map(([guid, version]) => `5eed${guid.slice(4, 14)}${version}${guid.slice(15)}`),
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

it('a session of very many events is sent as any other, though it is never held whole', async () => {
  const ids = { OrganizationId: ORGANIZATIONS[0], ClipId: CLIP, SessionId: guid(1) };
  const lines = Array.from({ length: 12_000 }, (_, i) => {
    const Type = i % 2 === 0 ? 'Start' : 'Stop';
    return JSON.stringify({ ...ids, Type, Position: i, SeqNumber: i + 1, Timestamp: 1_700_000_000 + i });
  });
  const memory = { bytes: 1, folder: tmpdir() };
  const found = await prepare(recordsOf(lines), { ...INSPECT_DEFAULTS, now: NOW, memory });
  const [session] = found.sessions;
  expect(session?.large?.length).toBe(session?.json.length);
  const settings = { maxSessions: 1, maxBytes: 65_536, defaultSource: 'Custom' };
  const [batch] = [...batchesInMemory(found.sessions, settings)];
  const body = `{"Source":"Custom","Events":[${lines.join(',')}],"Completed":true}`;
  expect([batch?.bytes, batch?.body.length]).toEqual([body.length, body.length]);
  expect(batch?.body.toString() === body).toBe(true);
  found.close();
});
