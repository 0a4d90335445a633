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
    expect([code, stderr]).toEqual([1, expect.stringContaining('stray.ndjson:4 cannot be told')]);
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
