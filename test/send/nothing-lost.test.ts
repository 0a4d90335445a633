import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readInputs } from '../../src/read/read.js';
import { prepare } from '../../src/send/prepare.js';
import { wireOf } from '../../src/simulate/listener.js';
import { simulate } from '../../src/simulate/simulate.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { casesOf } from '../cases.js';

const NOW = 1_790_000_000;
const FIELDS = [
  'OrganizationId',
  'ClipId',
  'SessionId',
  'Type',
  'Position',
  'SeqNumber',
  'Timestamp',
] as const;

const EVENTS = [...simulate({ seed: 3, sessions: 12 })].flatMap(({ events }) =>
  events.map(({ played }) => wireOf(played!)),
);
const COUNTS = new Map<string, number>();
for (const { SessionId } of EVENTS) COUNTS.set(SessionId, (COUNTS.get(SessionId) ?? 0) + 1);

const LINES = {
  csv: EVENTS.map((event) => FIELDS.map((field) => event[field]).join(',')),
  ndjson: EVENTS.map((event) => JSON.stringify(event)),
};

const WHOLE: ReadonlySet<string> = new Set([...LINES.csv, ...LINES.ndjson]);

/** What may happen to a line on its way. */
const damage = fc.record({
  at: fc.nat(EVENTS.length - 1),
  kind: fc.constantFrom('cut', 'beheaded', 'glued', 'noise', 'letter', 'cell'),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

function damaged(lines: readonly string[], kind: string, at: number, share: number): string[] {
  const line = lines[at]!;
  // Something is left of the line: of one that is gone without a trace nobody knows.
  const place = 1 + Math.floor(share * (line.length - 2));
  const next = lines[at + 1] ?? '';
  switch (kind) {
    case 'cut':
      return lines.with(at, line.slice(0, place));
    case 'beheaded':
      return lines.with(at, line.slice(place));
    case 'glued':
      // Of two rows that are both torn nobody can tell that there were two.
      if (!WHOLE.has(line) || !WHOLE.has(next) || place < line.length / 4) return [...lines];
      return [...lines.slice(0, at), line.slice(0, place) + next, ...lines.slice(at + 2)];
    case 'noise':
      return lines.toSpliced(at, 0, 'INFO  export is running');
    case 'letter':
      return lines.with(at, `${line.slice(0, place)}"${line.slice(place + 1)}`);
    default:
      return lines.with(at, line.replace(/,[^,]*$/, ',not yet'));
  }
}

/** What would be sent of a text with --skip-invalid: events by SessionId; null where all of it is refused. */
async function sendable(format: 'csv' | 'ndjson', text: string): Promise<Map<string, number> | null> {
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  const input = readInputs([{ name: `plays.${format}`, bytes }]);
  const prepared = await prepare(input, { ...INSPECT_DEFAULTS, now: NOW });
  try {
    if (prepared.untellable.count > 0 || prepared.tableErrors > 0) return null;
    return new Map([...prepared.sessions].map(({ key, count }) => [key, count]));
  } finally {
    prepared.close();
  }
}

it.each(['csv', 'ndjson'] as const)(
  'no session of %s goes out without an event that stood in the input',
  async (format) => {
    const head = format === 'csv' ? `${FIELDS.join(',')}\n` : '';
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (changes) => {
        let lines: readonly string[] = LINES[format];
        for (const { at, kind, share } of changes) lines = damaged(lines, kind, at % lines.length, share);
        const sent = await sendable(format, `${head}${lines.join('\n')}\n`);
        for (const [session, count] of sent ?? []) {
          if (COUNTS.has(session)) expect([session, count]).toEqual([session, COUNTS.get(session)]);
        }
      }),
      { numRuns: casesOf(400) },
    );
  },
);

it('a whole input goes out whole', async () => {
  expect(await sendable('csv', `${FIELDS.join(',')}\n${LINES.csv.join('\n')}\n`)).toEqual(COUNTS);
});
