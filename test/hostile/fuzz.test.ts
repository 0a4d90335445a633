import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import type { Exchange } from '../../src/domain/record.js';
import { readReceivedBody } from '../../src/mock/http/body.js';
import { readSaved } from '../../src/report/compare/saved.js';
import { openKnown } from '../../src/send/ledger/open-ledgers.js';
import { loadSqlite } from '../../src/send/ledger/sqlite.js';
import { parseScript } from '../../src/simulate/script.js';
import { readClipMap, readClips } from '../../src/table/clip-tables.js';
import { validate } from '../../src/validate/validate.js';
import { casesOf } from '../cases.js';
import { runHere } from '../cli/in-process.js';
import { readAll, told } from '../read/reading.js';
import { asFiles, SETTINGS } from '../rules/run.js';
import { STEERING } from './corpus.js';
import { FORMATS, type Format, hurt, sound } from './documents.js';

/** How often: HOSTILE_RUNS=20000 for a long run. */
const numRuns = Number(process.env.HOSTILE_RUNS ?? casesOf(150));
const folder = mkdtempSync(join(tmpdir(), 'hostile-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What reading gives, or the error for a user that it ends with. */
async function outcome(format: Format, bytes: Uint8Array, size: number): Promise<readonly string[]> {
  try {
    return told(await readAll(bytes, { name: `a.${format}`, format, size }));
  } catch (error) {
    if (error instanceof UserError) return [error.message];
    throw error;
  }
}

describe.each(FORMATS)('%s that was hurt', (format) => {
  it('is read, or refused in one line, the same however its bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(hurt(format, false), fc.integer({ min: 1, max: 700 }), async (bytes, size) => {
        const whole = await outcome(format, bytes, bytes.length + 1);
        expect(await outcome(format, bytes, size)).toEqual(whole);
      }),
      { numRuns },
    );
  });

  it('never ends a command otherwise than documented, nor steers a terminal', async () => {
    const path = join(folder, `a.${format}`);
    const commands = [
      ['validate'],
      ['validate', '--format', 'json'],
      ['convert', '--output-format', 'csv'],
      ['convert', '--output-format', 'bodies'],
      ['report'],
      ['report', '--format', 'html'],
      ['send', '--endpoint', 'mock', '--dry-run'],
    ];
    await fc.assert(
      fc.asyncProperty(hurt(format), fc.constantFrom(...commands), async (bytes, command) => {
        writeFileSync(path, bytes);
        const { stdout, stderr, code } = await runHere([...command, path]);
        expect([0, 1, 2]).toContain(code);
        expect(STEERING.exec(stderr)).toBeNull();
        if (command[0] !== 'convert') expect(STEERING.exec(stdout)).toBeNull();
      }),
      { numRuns },
    );
  });

  it('was sound before', async () => {
    for (const text of sound(format)) {
      const inputs = await readAll(text, { name: `a.${format}`, format });
      expect(inputs.filter(({ kind }) => kind === 'syntax')).toEqual([]);
    }
  });
});

const CLIPS = 'ClipId,Duration\n9b5c82f7-74cf-4841-a870-a670017cc8eb,60\n';
const MAP = 'from,ClipId\nepisode-1,9b5c82f7-74cf-4841-a870-a670017cc8eb\n';
const SAVED = '{ "version": 1, "minDuration": 10, "totals": {}, "clips": [] }';
const LEDGER = `SQLite format 3\0${'\0'.repeat(200)}`;
const READERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'a list of clips': readClips,
  'a clip map': readClipMap,
  'a saved report': readSaved,
  'a ledger': async (path) => openKnown(path, await loadSqlite()).close(),
};

it.each(Object.entries(READERS))('%s is read, or refused', async (name, read) => {
  const path = join(folder, 'small');
  const arbitrary = fc.oneof(
    ...FORMATS.map((format) => hurt(format)),
    fc
      .tuple(fc.constantFrom(CLIPS, MAP, SAVED, LEDGER), fc.nat(200), fc.string({ unit: 'binary' }))
      .map(([text, at, put]) => Buffer.from(text.slice(0, at) + put + text.slice(at))),
  );
  await fc.assert(
    fc.asyncProperty(arbitrary, async (bytes) => {
      writeFileSync(path, bytes);
      await read(path).catch((error: unknown) => {
        expect(error, name).toBeInstanceOf(UserError);
      });
    }),
    { numRuns },
  );
});

it('a script is read, or refused with its place', () => {
  const word = fc.constantFrom(
    'play',
    'pause',
    'seek',
    'speed',
    'kill',
    '30s',
    '5:00',
    '+1',
    '-1e999',
    ';',
    '\n',
    '\r',
    '#',
    '\u202e',
    '__proto__',
    '1h30m',
    '0',
    '99999999999999999999d',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(word).map((words) => words.join(' ')),
        fc.string({ unit: 'binary' }),
      ),
      (text) => {
        try {
          parseScript(text, 'a.txt');
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as UserError).message).toMatch(/^a\.txt(:\d+:\d+)?: /);
        }
      },
    ),
    { numRuns },
  );
});

it('a body that reaches the mock is read, or answered with why not', () => {
  const exchange: Exchange = {
    host: 'localhost',
    path: '/api/consumption/events',
    organizationParameter: null,
    mediaType: null,
    beganAt: null,
    fromMock: false,
    page: null,
    store: null,
    answer: null,
  };
  fc.assert(
    fc.property(fc.oneof(hurt('json'), hurt('ndjson')), (bytes) => {
      const { record, refused } = readReceivedBody(bytes, undefined, { index: 0, name: 'mock' }, exchange);
      expect(record.kind === 'syntax' ? [400, 413, 415] : [null, 400]).toContain(refused);
    }),
    { numRuns },
  );
});

it('names that every object has, as values and as Sources, are values like others', async () => {
  const name = fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf');
  await fc.assert(
    fc.asyncProperty(name, fc.constantFrom('ClipId', 'SessionId', 'Type', 'Source'), async (value, field) => {
      const event = { ...JSON.parse(sound('ndjson')[0]!.split('\n')[0]!), [field]: value };
      const { findings } = await validate(asFiles([[{ kind: 'event', value: event }]]), SETTINGS);
      expect(findings.map(({ rule }) => rule)).toContain(
        { ClipId: 'guid-format', SessionId: 'guid-format', Type: 'type-unknown', Source: 'source-unknown' }[
          field
        ],
      );
      expect(({} as Record<string, unknown>).Events).toBeUndefined();
    }),
    { numRuns: casesOf(20) },
  );
});
