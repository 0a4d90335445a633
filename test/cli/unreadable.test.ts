import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from './in-process.js';

const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unreadable test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

const sessionId = (n: number): string => `a039f83d-1916-436b-a090-${String(n).padStart(12, '0')}`;

/** The command that a message ends with, as a shell takes it apart. */
function commandIn(stderr: string): string[] {
  const [, words = ''] = /: omny-consume (.+)\n$/.exec(stderr) ?? [];
  return [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

describe('places that cannot be read', () => {
  /** Three rows of the shape `intervals`, of which two cannot be read. */
  const rows = [
    'OrganizationId,ClipId,SessionId,StartedAt,StartPosition,EndPosition',
    `${ORGANIZATION},${CLIP},${sessionId(1)},2025-11-04T04:01:11Z,0,61`,
    `${ORGANIZATION},${CLIP},${sessionId(1)},2025-11-04T04:03:11Z,70,unknown`,
    `${ORGANIZATION},${CLIP},${sessionId(2)},2025-11-04T04:03:11Z,0,100`,
    `${ORGANIZATION},${CLIP},${sessionId(2)},yesterday,100,200`,
  ];

  it.each<[string, readonly string[], (result: never) => number]>([
    ['validate', ['--format', 'json'], ({ summary: { unreadable } }) => unreadable],
    ['report', ['--format', 'json'], ({ totals: { unreadable } }) => unreadable],
    ['send', ['--endpoint', 'mock', '--format', 'json'], ({ unreadable }) => unreadable],
    ['send', ['--endpoint', 'mock', '--format', 'json', '--skip-invalid'], ({ unreadable }) => unreadable],
  ])('are counted by %s %j', async (command, flags, count) => {
    const { stdout, code } = await runHere([command, ...flags, file('gaps.csv', rows)]);
    expect([count(JSON.parse(stdout) as never), code]).toEqual([2, 1]);
  });

  it.each([
    ['validate', '2 rows or lines could not be read'],
    ['report', '2 rows or lines of the input could not be read'],
    ['convert', '2 places could not be read'],
    ['send --endpoint mock --skip-invalid', '2 rows or lines could not be read: left out'],
  ])('are told by %s', async (command, told) => {
    const { stdout, stderr, code } = await runHere([...command.split(' '), file('gaps.csv', rows)]);
    expect(`${stdout}${stderr}`.replaceAll(/\s+/g, ' ')).toContain(told);
    expect(code).toBe(1);
  });

  it('are counted on both sides of a comparison, of a saved report too', async () => {
    const gaps = file('gaps.csv', rows);
    const saved = join(folder, 'saved.json');
    await runHere(['report', '--format', 'json', '-o', saved, gaps]);
    const { stdout } = await runHere(['report', '--compare', saved, '--format', 'json', gaps]);
    expect(JSON.parse(stdout)).toMatchObject({ unreadable: { before: 2, after: 2 } });
  });
});

describe('rows that are parts of sessions', () => {
  const rows = [
    'OrganizationId,ClipId,SessionId,StartedAt,StartPosition,EndPosition',
    `${ORGANIZATION},${CLIP},${sessionId(1)},2025-11-04T04:01:11Z,0,61`,
    `${ORGANIZATION},${CLIP},${sessionId(1)},2025-11-04T04:03:11Z,70,unknown`,
    `${ORGANIZATION},${CLIP},${sessionId(2)},2025-11-04T04:03:11Z,0,100`,
  ];

  it('are not to be sent alone, but with the whole input, whose sessions are then whole', async () => {
    const ledger = ['--ledger', join(folder, 'parts.ledger'), '--format', 'json'];
    const send = ['send', '--endpoint', 'mock', '--skip-invalid', ...ledger];
    const first = await runHere([...send, file('parts.csv', rows)]);
    expect(first.stderr).toContain('correct the input itself, and run the same command again\n');
    const fixed = rows.map((row) => row.replace('unknown', '130'));
    const { stdout, code } = await runHere([...send, file('parts.csv', fixed)]);
    expect(JSON.parse(stdout)).toMatchObject({ events: { delivered: 4 }, sessions: { delivered: 1 } });
    expect(code).toBe(0);
  });

  it('are not to be sent twice where nothing knows what was delivered', async () => {
    const send = ['send', '--endpoint', 'mock', '--skip-invalid', '--no-ledger'];
    const { stderr } = await runHere([...send, file('parts.csv', rows)]);
    expect(stderr).toContain('with a ledger (--ledger FILE)');
  });
});

describe('a column that cannot be believed', () => {
  const row = (n: number): string =>
    `${ORGANIZATION},${CLIP},2025-11-0${n}T04:01:11Z,2025-11-0${n}T04:31:11Z,1800000`;
  const rows = ['OrganizationId,ClipId,StartedAt,EndedAt,ListenedSeconds', row(1), row(2)];

  it.each(['report --bin 60', 'convert', 'convert --fix'])('is told by %s', async (command) => {
    const { stderr } = await runHere([...command.split(' '), file('unit.csv', rows)]);
    expect(stderr).toMatch(
      /^error: .*unit\.csv:2:\d+: Expected ListenedSeconds in seconds.*--duration-unit ms/,
    );
    expect(stderr).not.toContain('See the errors with');
  });

  it('is told as what --rule makes of it', async () => {
    const args = ['report', '--bin', '60', '--rule', 'table-unit=warning', file('unit.csv', rows)];
    expect((await runHere(args)).stderr).toMatch(/^warning: /);
  });
});

describe('a torn line of which nobody knows the session', () => {
  const row = (n: number): string =>
    JSON.stringify({ episode: CLIP, id: sessionId(n), StartedAt: '2025-11-04T04:01:11Z', secs: '1:01' });
  const FLAGS = [
    '--map=ClipId=episode',
    '--map',
    'SessionId=id',
    '--map',
    'ListenedSeconds=secs',
    '--organization',
    ORGANIZATION,
  ];

  it('is left out by the command that send prints, and what it writes can be sent', async () => {
    const torn = file('torn.ndjson', [row(1), row(2).slice(0, 20), row(3)]);
    const first = await runHere(['send', '--endpoint', 'mock', '--skip-invalid', ...FLAGS, torn]);
    expect(first).toMatchObject({ code: 1, stderr: expect.stringContaining('without --map') });
    const command = commandIn(first.stderr);
    expect(command).toEqual(expect.arrayContaining(FLAGS));
    expect((await runHere(command)).code).toBe(1);
    expect(readFileSync(join(folder, 'rest.txt'), 'utf8')).toBe(`${row(2).slice(0, 20)}\n`);
    const clean = join(folder, 'clean.ndjson');
    const { stdout, code } = await runHere(['send', '--endpoint', 'mock', '--format', 'json', clean]);
    expect(JSON.parse(stdout)).toMatchObject({ sessions: { read: 2, delivered: 2 } });
    expect(code).toBe(0);
  });

  it('has no file to name where the input is standard input', async () => {
    const stdin = new PassThrough();
    stdin.end(`${row(1)}\n${row(2).slice(0, 20)}\n`);
    const { stderr } = await runHere(['send', '--endpoint', 'mock', ...FLAGS, '-'], stdin);
    expect(commandIn(stderr).slice(0, 2)).toEqual(['convert', 'FILE']);
  });
});

describe('an event without a usable SessionId', () => {
  const event = (session: unknown, n: number, type: string) => ({
    OrganizationId: ORGANIZATION,
    ClipId: CLIP,
    SessionId: session,
    Type: type,
    Position: n % 2 === 0 ? 20 : 0,
    SeqNumber: n,
    Timestamp: 1_762_228_871 + n * 20,
  });
  const send = ['send', '--endpoint', 'mock', '--format', 'json', '--skip-invalid'];

  it.each([
    ['is empty', ''],
    ['is no id', 'not yet'],
    ['is missing', undefined],
  ])('may be missing from any session where it %s: nothing is sent', async (_, id) => {
    const events = [event(sessionId(1), 1, 'Start'), event(sessionId(1), 2, 'Stop'), event(id, 2, 'Stop')];
    const stray = file(
      'stray.ndjson',
      [event(sessionId(2), 1, 'Start'), ...events].map((each) => JSON.stringify(each)),
    );
    const { stdout, stderr, code } = await runHere([...send, stray]);
    expect(JSON.parse(stdout)).toMatchObject({ sessions: { delivered: 0, left: 2 } });
    expect([code, stderr]).toEqual([1, expect.stringContaining('stray.ndjson:4 belong to')]);
    await runHere(commandIn(stderr));
    const clean = await runHere([...send, join(folder, 'clean.ndjson')]);
    expect(JSON.parse(clean.stdout)).toMatchObject({ sessions: { delivered: 2 } });
  });

  it('is missing from the sessions of its request, and from no other', async () => {
    const body = (events: readonly object[]) =>
      JSON.stringify({ Source: 'CustomWeb', Events: events, Completed: true });
    const bodies = file('bodies.ndjson', [
      body([event(sessionId(1), 1, 'Start'), event('', 2, 'Stop')]),
      body([event(sessionId(2), 1, 'Start'), event(sessionId(2), 2, 'Stop')]),
    ]);
    const { stdout } = await runHere([...send, bodies]);
    expect(JSON.parse(stdout)).toMatchObject({ sessions: { delivered: 1, invalid: 1 } });
  });
});

describe('many rows with one wrong column are told in at most 20 lines of a terminal', () => {
  const SHAPES = {
    events: ['OrganizationId', 'ClipId', 'SessionId', 'Type', 'Timestamp', 'Position'],
    sessions: ['OrganizationId', 'ClipId', 'SessionId', 'StartedAt', 'ListenedSeconds'],
    intervals: ['OrganizationId', 'ClipId', 'SessionId', 'StartedAt', 'StartPosition', 'EndPosition'],
    pings: ['OrganizationId', 'ClipId', 'SessionId', 'Timestamp', 'Position'],
  } as const;
  type Shape = keyof typeof SHAPES;

  /** A sound cell of a column: of events a Start and a Stop a session, of the others a row. */
  function cell(column: string, n: number, shape: Shape): string {
    const [session, second] = shape === 'sessions' ? [n, 0] : [n >> 1, n & 1];
    switch (column) {
      case 'OrganizationId':
        return ORGANIZATION;
      case 'ClipId':
        return CLIP;
      case 'SessionId':
        return sessionId(session);
      case 'Type':
        return second === 0 ? 'Start' : 'Stop';
      case 'Timestamp':
      case 'StartedAt':
        return String(1_762_228_871 + 7 * session + 30 * second);
      case 'Position':
      case 'StartPosition':
        return String(30 * second);
      case 'EndPosition':
        return String(30 * second + 30);
      default:
        return '30';
    }
  }

  async function linesOf(shape: Shape, column: string, rows: number, wrong: (n: number) => string) {
    const columns = SHAPES[shape];
    const lines = Array.from({ length: rows }, (_, n) =>
      columns.map((name) => (name === column ? wrong(n) : cell(name, n, shape))).join(','),
    );
    const path = file('many.csv', [columns.join(','), ...lines]);
    const args = ['validate', '--shape', shape, '--gap', '60', path];
    const { stdout, stderr, code } = await runHere(args, undefined, 80);
    return { code, lines: `${stdout}${stderr}`.trimEnd().split('\n') };
  }

  const TIME = { events: 'Timestamp', sessions: 'StartedAt', intervals: 'StartedAt', pings: 'Timestamp' };
  const AMOUNT = {
    events: 'Position',
    sessions: 'ListenedSeconds',
    intervals: 'EndPosition',
    pings: 'Position',
  };
  const FAULTS: Readonly<
    Record<string, readonly [(shape: Shape) => string | undefined, (n: number) => string]>
  > = {
    'times in words': [(shape) => TIME[shape], (n) => `day ${n} of the month`],
    'times in milliseconds': [(shape) => TIME[shape], (n) => `${1_762_228_871 + n}${100 + (n % 900)}`],
    'times without an offset': [
      (shape) => TIME[shape],
      (n) => new Date(1_762_228_871_000 + 1000 * n).toISOString().slice(0, 19).replace('T', ' '),
    ],
    'no times': [(shape) => TIME[shape], () => ''],
    'organizations of another system': [() => 'OrganizationId', (n) => `tenant-${n % 7}`],
    'clips of another system': [() => 'ClipId', (n) => `episode-${n}`],
    'no clips': [() => 'ClipId', () => ''],
    'sessions of another system': [() => 'SessionId', (n) => `visit/${n}`],
    'null markers': [(shape) => AMOUNT[shape], () => 'NULL'],
    'negative values': [(shape) => AMOUNT[shape], (n) => `-${n + 2}.5`],
    'words for numbers': [(shape) => AMOUNT[shape], (n) => `about ${n}`],
    'lost digits': [(shape) => TIME[shape], () => '1.76E+09'],
    'other words for Start and Stop': [
      (shape) => (shape === 'events' ? 'Type' : undefined),
      (n) => ['play', 'pause', 'resume', 'ended', 'seeking', 'heartbeat', 'buffering'][n % 7]!,
    ],
  };
  const CASES = Object.entries(FAULTS).flatMap(([fault, [columnOf, wrong]]) =>
    (Object.keys(SHAPES) as Shape[]).flatMap((shape) => {
      const column = columnOf(shape);
      return column === undefined ? [] : [[fault, shape, column, wrong] as const];
    }),
  );

  it.each(CASES)('%s in %s', async (_, shape, column, wrong) => {
    const { code, lines } = await linesOf(shape, column, 400, wrong);
    expect([code, lines.join('\n')]).toEqual([1, expect.any(String)]);
    expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(20);
  });

  it('10,000 of them', async () => {
    const { code, lines } = await linesOf('sessions', 'StartedAt', 10_000, (n) => `day ${n} of the month`);
    expect(code).toBe(1);
    expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(20);
    expect(lines.join('\n')).toContain('10,000');
  });
});
