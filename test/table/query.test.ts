import { createReadStream, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startMockEndpoint } from '../../src/mock/start.js';
import { sqlText } from '../../src/table/query/duckdb.js';
import { casesOf } from '../cases.js';
import { runHere } from '../cli/in-process.js';
import { rowsOf, simulatedSessions, textOf } from './as-rows.js';
import { ParquetWriter } from './parquet.js';

const SESSIONS = simulatedSessions({ seed: 3, sessions: casesOf(200) });
const NOW = ['--now', '1790000000'];

let written: ParquetWriter;
beforeAll(async () => {
  written = await ParquetWriter.open();
});
afterAll(() => written.close());
const at = (name: string) => written.at(name);
/** Writes the rows of a SELECT as Parquet. */
const parquet = (...args: Parameters<ParquetWriter['write']>) => written.write(...args);

const IDS = `'126281f8-200e-4c9f-8378-a4870055423b'::UUID AS OrganizationId, '9b5c82f7-74cf-4841-a870-a670017cc8eb'::UUID AS ClipId`;
const ID = `'a039f83d-1916-436b-a090-efbc08698506'`;
const query = (sql: string, ...more: string[]) => runHere(['convert', '-q', ...NOW, '--query', sql, ...more]);
const events = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
describe('simulated sessions as Parquet', () => {
  it('read fast and one by one, are the same', async () => {
    writeFileSync(at('all.csv'), textOf(rowsOf('events', SESSIONS), 'csv'));
    const file = at('mixed.parquet');
    await parquet(
      'mixed.parquet',
      `SELECT * REPLACE (CASE WHEN SeqNumber % 3 = 0 THEN upper(SessionId) ELSE SessionId END AS SessionId)
         FROM read_csv(${sqlText(at('all.csv'))}, types = {'SessionId': 'VARCHAR', 'ClipId': 'VARCHAR'})`,
    );
    const convert = async (name: string, ...more: string[]) => {
      const told = await runHere(['convert', ...NOW, '-o', at(name), ...more, file]);
      expect(told.code).toBe(0);
      return readFileSync(at(name), 'utf8');
    };
    const fast = await convert('fast.ndjson');
    // With an option about absent values each row is read by itself.
    expect(await convert('slow.ndjson', '--null', 'nothing')).toBe(fast);
    expect(events(fast)).toHaveLength(SESSIONS.flat().length);
    expect(fast).toMatch(/"SessionId":"[0-9A-F-]*[A-F]/);
  });
});

describe('types', () => {
  it('say what values are, whatever the units are said to be', async () => {
    const sql = `SELECT ${IDS}, ${ID} AS SessionId, 'Start' AS Type, 1.25::DECIMAL(38,9) AS "Position", 1::HUGEINT AS SeqNumber,
      '2025-03-01T10:00:00.25+02'::TIMESTAMPTZ AS started_ms`;
    const { stdout, stderr } = await query(sql, '--map', 'Timestamp=started_ms', '--timestamp-unit', 'ms');
    expect(stderr).toBe('');
    expect(events(stdout)).toMatchObject([
      { Position: 1.25, SeqNumber: 1, Timestamp: 1740816000.25, SessionId: ID.slice(1, -1) },
    ]);
  });

  it.each(['TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS'])(
    '%s without a zone is read in that of --timezone, and told without it',
    async (type) => {
      const sql = `SELECT ${IDS}, '2025-07-01 10:00:00'::${type} AS StartedAt, 60 AS ListenedSeconds`;
      const without = await query(sql);
      expect(without.code).toBe(2);
      expect(without.stderr).toBe(
        `error: <query>: column StartedAt is ${type} without a time zone. Say which zone its times are in: --timezone UTC, or --timezone Europe/Berlin\n`,
      );
      const { stdout } = await query(sql, '--timezone', 'Europe/Berlin');
      expect(events(stdout)[0].Timestamp).toBe(Date.UTC(2025, 6, 1, 8) / 1000);
    },
  );

  it('keep every digit: numbers of 64 bits and more, decimals, floats', async () => {
    const sql = `SELECT ${IDS}, x::BIGINT AS listener, 1762173405123456789 AS StartedAt, 0.1::FLOAT AS StartPosition, 60.055::DECIMAL(9,3) AS ListenedSeconds
      FROM (VALUES (9007199254740993), (9007199254740992)) AS t(x)`;
    const { stdout } = await query(sql, '--timestamp-unit', 'ns', '--session-key', 'listener');
    const found = events(stdout);
    expect(new Set(found.map(({ SessionId }) => SessionId)).size).toBe(2);
    expect(found.slice(0, 2)).toMatchObject([
      { Type: 'Start', Position: 0.1, Timestamp: 1762173405 },
      { Type: 'Stop', Position: 60.155, Timestamp: 1762173465 },
    ]);
  });

  it.each([
    ['INTERVAL 5 MINUTE', 'INTERVAL', 'Select epoch(ListenedSeconds) as ListenedSeconds with --query'],
    ['[1, 2]', 'INTEGER[]', 'Name another column'],
    ['{a: 1}', 'STRUCT("a" INTEGER)', 'Name another column'],
    ['now()', 'TIMESTAMP WITH TIME ZONE', 'Name another column'],
  ])('%s is no number', async (value, type, advice) => {
    const { stderr, code } = await query(
      `SELECT ${IDS}, 1740816000 AS StartedAt, ${value} AS ListenedSeconds`,
    );
    expect(code).toBe(2);
    expect(stderr).toContain(
      `error: <query>: column ListenedSeconds is ${type}, and ListenedSeconds is a number. ${advice}`,
    );
  });

  it('of columns that nothing reads do not matter', async () => {
    const { stdout, code } = await query(
      `SELECT ${IDS}, 1740816000 AS StartedAt, 60 AS ListenedSeconds, [1] AS list, INTERVAL 1 DAY AS "interval", 'x'::BLOB AS bytes`,
    );
    expect(code).toBe(0);
    expect(events(stdout)).toHaveLength(2);
  });

  it('tell a time of a float, whose seconds are lost', async () => {
    const { stderr } = await query(`SELECT ${IDS}, 1740816000::FLOAT AS StartedAt, 60 AS ListenedSeconds`);
    expect(stderr).toContain(
      'column StartedAt is FLOAT, and StartedAt is a time. Select a double or a timestamp',
    );
  });
});

describe('rows', () => {
  const rows = (order: string) =>
    `SELECT ${IDS}, 1740816000 + 100 * x AS StartedAt, 60 AS ListenedSeconds, x AS unread FROM range(50) AS t(x) ORDER BY ${order}`;

  it('in any order give the same sessions in the same order', async () => {
    const { stdout } = await query(rows('x'));
    expect((await query(rows('hash(x)'))).stdout).toBe(stdout);
    expect((await query(rows('x DESC'))).stdout).toBe(stdout);
  });

  it('that cannot be read are told by number, and kept as CSV', async () => {
    const sql = `SELECT ${IDS}, * FROM (VALUES (1740816000, '60', 'a,b'), (1740816001, 'long', 'c')) AS t(StartedAt, ListenedSeconds, note)`;
    const { stderr, code } = await query(sql, '--unreadable', at('rest.csv'), '-o', at('rest.ndjson'));
    expect(code).toBe(1);
    expect(stderr).toContain('error: <query>:2:4: ');
    expect(stderr).toContain('in ListenedSeconds, received "long"');
    expect(readFileSync(at('rest.csv'), 'utf8')).toBe(
      'OrganizationId,ClipId,StartedAt,ListenedSeconds,note\n126281f8-200e-4c9f-8378-a4870055423b,9b5c82f7-74cf-4841-a870-a670017cc8eb,1740816001,long,c\n',
    );
  });

  it('of a table without a needed column tell what is proposed', async () => {
    const { stderr } = await query(`SELECT ${IDS}, 1740816000 AS started_local, 60 AS seconds_heard`);
    expect(stderr).toContain('--map StartedAt=started_local --map ListenedSeconds=seconds_heard');
  });

  it('are judged: lengths in minutes are found', async () => {
    const { stdout } = await runHere([
      'validate',
      '--format',
      'json',
      ...NOW,
      '--query',
      `SELECT ${IDS}, 1740816000 + 9000 * x AS StartedAt, 1740816000 + 9000 * x + 60 * (10 + x) AS EndedAt, 10 + x AS ListenedSeconds FROM range(20) AS t(x)`,
    ]);
    expect(JSON.parse(stdout).findings.map(({ rule }: { rule: string }) => rule)).toContain('table-unit');
  });
});

describe('a query that is refused', () => {
  it.each([
    ['SELECT * FRM x', '<query>:1:14: syntax error at or near "x"'],
    ["SELECT 'é',\n  * FRM x", '<query>:2:9: syntax error at or near "x"'],
    ['SELECT 1; SELECT 2', '<query>: expected one SELECT statement, received 2'],
    ['', '<query>: expected one SELECT statement, received none'],
    ['-- nothing', '<query>: expected one SELECT statement, received none'],
    ['INSERT INTO x VALUES (1)', 'received another statement'],
    ["COPY (SELECT 1) TO 'x.csv'", 'received another statement'],
    ["ATTACH 'x.db'", 'received another statement'],
    ['SET memory_limit = 1', 'received another statement'],
    ['INSTALL httpfs', 'received another statement'],
    ["SELECT 1) TO 'x.csv'; --", 'syntax error'],
    ['SELECT ?', 'the query has a parameter'],
    ['SELECT nothing FROM range(3)', '<query>:1: Referenced column "nothing" not found'],
    ['SELECT * FROM nowhere', '<query>:1: Table with name nowhere does not exist!'],
    ["SELECT * FROM 'nowhere.parquet'", 'No files found that match the pattern "nowhere.parquet"'],
    [
      "SELECT * FROM 's3://bucket/x.parquet'",
      "the query needs DuckDB's extension httpfs, which is not installed",
    ],
    [
      `SELECT ${IDS}, x::INT AS StartedAt, 60 AS ListenedSeconds FROM (VALUES ('a')) AS t(x)`,
      'Could not convert string',
    ],
  ])('%s', async (sql, told) => {
    const { stdout, stderr, code } = await query(sql);
    expect(code).toBe(2);
    expect(stderr).toContain(told);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^error: /);
    expect(stdout).toBe('');
  });

  it('beside a file', async () => {
    expect(await query('SELECT 1', 'plays.csv')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--query replaces files, but plays.csv is given too'),
    });
  });

  it('out of a config', async () => {
    writeFileSync(at('omny-consume.config.json'), '{"query": "SELECT 1"}');
    const { stderr, code } = await runHere(['validate', '--config', at('omny-consume.config.json')]);
    expect(code).toBe(2);
    expect(stderr).toContain('query: a config file cannot set --query');
  });
});

describe('a Parquet file', () => {
  const SELECT = `SELECT ${IDS}, 1740816000 AS StartedAt, 60 AS ListenedSeconds`;
  const read = (...args: string[]) => runHere(['convert', '-q', ...NOW, ...args]);

  it.each(['plays.parquet', 'a[1]*?.parquet', "it's.parquet", 'country=DE.parquet', 'no ending'])(
    'is read by its first bytes, and its name is no pattern: %s',
    async (name) => {
      const { stdout, stderr, code } = await read(await parquet(name, SELECT));
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(events(stdout)).toHaveLength(2);
    },
  );

  it('is read where its columns, or all of it, are compressed, and through a pipe', async () => {
    const { stdout } = await read(await parquet('plain.parquet', SELECT));
    expect((await read(await parquet('zipped.parquet', SELECT, ', COMPRESSION gzip'))).stdout).toBe(stdout);
    writeFileSync(at('whole.parquet.gz'), gzipSync(readFileSync(at('plain.parquet'))));
    expect((await read(at('whole.parquet.gz'))).stdout).toBe(stdout);
    const pipe = createReadStream(at('plain.parquet')).pipe(new PassThrough());
    expect((await runHere(['convert', '-q', ...NOW, '-'], pipe)).stdout).toBe(stdout);
  });

  it('that is none, or cut short, is told in one line', async () => {
    writeFileSync(at('text.parquet'), 'ClipId,StartedAt\n');
    expect(await read(at('text.parquet'))).toMatchObject({
      code: 2,
      stderr: `error: ${at('text.parquet')}: is named .parquet, but is not a Parquet file. Name its format with --input-format json, ndjson, csv or har\n`,
    });
    const whole = readFileSync(await parquet('whole.parquet', SELECT));
    writeFileSync(at('cut.parquet'), whole.subarray(0, whole.length / 2));
    const { stderr, code } = await read(at('cut.parquet'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*cut\.parquet: No magic bytes found.* copy or export it again\n$/);
  });

  it('leaves no temporary file', async () => {
    const own = at('temporary');
    mkdirSync(own);
    vi.stubEnv('TMPDIR', own);
    try {
      await read(at('whole.parquet.gz'));
      await query('SELECT * FRM x');
    } finally {
      vi.unstubAllEnvs();
    }
    expect(readdirSync(own)).toEqual([]);
  });
});

describe('send --query', () => {
  it('sends each session once, with a ledger, whatever the order of the rows', async () => {
    const ledger = ['--ledger', at('plays.ledger'), '--endpoint', 'mock', '--format', 'json', '-q'];
    const sql = (order: string) =>
      `SELECT ${IDS}, 1740816000 + 100 * x AS StartedAt, 60 AS ListenedSeconds FROM range(30) AS t(x) ORDER BY ${order}`;
    const first = await runHere(['send', ...NOW, ...ledger, '--limit', '10', '--query', sql('x')]);
    expect(JSON.parse(first.stdout)).toMatchObject({ sessions: { delivered: 10 } });
    const second = await runHere(['send', ...NOW, ...ledger, '--query', sql('hash(x)')]);
    expect(JSON.parse(second.stdout)).toMatchObject({
      exitCode: 0,
      sessions: { read: 30, delivered: 20, alreadyDelivered: 10 },
    });
  });

  it('sends a session that was settled by hand no more, whatever the order of the rows', async () => {
    const mock = await startMockEndpoint({ port: 0, faults: ['reset-after'] });
    const path = at('settled.ledger');
    const sql = (order: string) =>
      `SELECT ${IDS}, 1740816000 + 100 * x AS StartedAt, 60 AS ListenedSeconds FROM range(3) AS t(x) ORDER BY ${order}`;
    const send = async (url: string, order: string) => {
      const args = ['--ledger', path, '--endpoint', url, '--format', 'json', '-q', '--on-ambiguous', 'hold'];
      const { stdout } = await runHere(['send', ...NOW, ...args, '--retries', '0', '--query', sql(order)]);
      return JSON.parse(stdout).sessions;
    };
    try {
      expect(await send(mock.url, 'x')).toMatchObject({ delivered: 0, ambiguous: 3 });
      await runHere(['ledger', path, '--settle', 'delivered', '--state', 'ambiguous', '--yes']);
      expect(await send(mock.url, 'hash(x)')).toMatchObject({ alreadyDelivered: 3, ambiguous: 0 });
    } finally {
      await mock.close();
    }
  });
});
