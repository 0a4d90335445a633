import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, linkSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type MockEndpoint, startMockEndpoint } from '../../../src/mock/start.js';
import { serveHttp } from '../../send/servers.js';
import { manyHeard } from '../../write/sessions.js';
import { runHere, type Told } from '../in-process.js';
import { BIN } from '../run.js';

/** Steps that lead out of any exit code but 0. */
const MAX_STEPS = 3;

interface World {
  readonly mock: MockEndpoint;
  readonly folder: string;
  readonly input: string;
  readonly ledger: string;
  readonly args: readonly string[];
}

async function world(more: readonly string[]): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'ways-out-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const input = join(folder, 'in.ndjson');
  writeFileSync(input, linesOf(8));
  const mock = await startMockEndpoint({ port: 0 });
  onTestFinished(() => mock.close());
  const ledger = join(folder, 'a.ledger');
  const args = ['send', '--endpoint', mock.url, '--ledger', ledger, '--batch-sessions', '2', ...more, input];
  return { mock, folder, input, ledger, args };
}

function linesOf(sessions: number): string {
  return manyHeard(sessions)
    .map(({ json }) => json.toString().replaceAll('},{', '}\n{'))
    .join('\n');
}

/** The command that a message says to type. */
function next(
  { stdout, stderr }: Pick<Told, 'stdout' | 'stderr'>,
  args: readonly string[],
): readonly string[] | null {
  const text = `${stdout}${stderr}`;
  const copied = /cp -p (\S+) (\S+) && mv (\S+) (\S+)/.exec(text);
  if (copied) {
    const [, from = '', copy = '', moved = '', to = ''] = copied;
    copyFileSync(from, copy);
    renameSync(moved, to);
    return args;
  }
  const printed = [...text.matchAll(/omny-consume ((?:send|ledger|report) [^;)\n]*)/g)].map(
    ([, words = '']) => words.trim().split(' '),
  );
  const helps = ['not-sent', '--retry-refused', '--wait'];
  return printed.find((words) => helps.some((word) => words.includes(word))) ?? printed[0] ?? null;
}

test.each<[string, number, readonly string[], (its: World) => void, ((its: World) => void) | null]>([
  // What it is, its exit code, flags, what goes wrong, and what is well again afterwards.
  ['retries are used up', 3, ['--retries', '0'], ({ mock }) => mock.setFaults(['503@#2+']), well],
  ['an answer is about the way', 3, [], ({ mock }) => mock.setFaults(['404@#2+']), well],
  [
    'sessions may have been counted',
    3,
    ['--on-ambiguous', 'hold'],
    ({ mock }) => mock.setFaults(['html@#2']),
    well,
  ],
  [
    'the endpoint refuses sessions',
    5,
    ['--concurrency', '1'],
    ({ mock }) => mock.setFaults(['400@#2-4']),
    well,
  ],
  [
    'delivered sessions have other events now',
    5,
    [],
    ({ input }) => writeFileSync(input, linesOf(8).replaceAll('"Position":30', '"Position":31')),
    null,
  ],
  ['Enabled is false', 4, [], ({ mock }) => mock.setEnabled(false), ({ mock }) => mock.setEnabled(true)],
  [
    'a session is invalid',
    1,
    [],
    ({ input }) => writeFileSync(input, linesOf(8).replace('"Position":30', '"Position":-1')),
    null,
  ],
  ['the ledger has two names', 2, [], ({ ledger, folder }) => linkSync(ledger, join(folder, 'other')), null],
])('%s: what is printed leads out', async (_, code, flags, fail, mend) => {
  const its = await world(flags);
  // The ledger is there, and knows something.
  expect((await runHere([...its.args, '--limit', '1'])).code).toBe(0);
  its.mock.reset();
  fail(its);
  let told = await runHere(its.args);
  expect(told.code).toBe(code);
  mend?.(its);
  let args = its.args;
  for (let step = 0; told.code !== 0; step += 1) {
    expect(step).toBeLessThan(MAX_STEPS + Number(args.includes('--settle')));
    const words = next(told, args);
    if (words === null) throw new Error(`no way out of ${told.stdout}${told.stderr}`);
    args = words;
    told = await runHere(args);
    // What is settled, or looked at, is followed by the command itself.
    if (told.code === 0 && args[0] !== 'send') {
      args = its.args;
      told = await runHere(args);
    }
  }
  const again = await runHere([...args, '--format', 'json']);
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ sessions: { delivered: 0, left: 0, ambiguous: 0 } });
});

test('the endpoint refuses a session: the file that is named is sent once it is corrected', async () => {
  const its = await world(['--concurrency', '1']);
  its.mock.setFaults(['400@#2-4']);
  const refused = await runHere(its.args);
  expect(refused.code).toBe(5);
  its.mock.setFaults([]);
  const letters = `${its.input}.refused`;
  writeFileSync(letters, readFileSync(letters, 'utf8').replaceAll('"Position":30', '"Position":29'));
  const sending = new RegExp(`omny-consume (send .* ${letters})\\n`).exec(refused.stdout)?.[1] ?? '';
  const sent = await runHere([...sending.split(' '), '--format', 'json']);
  expect(JSON.parse(sent.stdout)).toMatchObject({ exitCode: 0, sessions: { read: 2, delivered: 2 } });
  expect(its.mock.summary().sessions).toBe(8);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s: what is printed sends the rest', async (signal, code) => {
  const its = await world(['--concurrency', '1']);
  its.mock.setFaults(['delay=300ms']);
  const child = spawn(process.execPath, [BIN, ...its.args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await its.mock.waitFor(2, { timeoutMs: 60_000 });
  child.kill(signal);
  expect(await ended).toBe(code);
  expect(its.mock.summary().sessions).toBeLessThan(8);
  its.mock.setFaults([]);
  expect((await runHere(next({ stdout, stderr: '' }, its.args)!)).code).toBe(0);
  expect(its.mock.summary().sessions).toBe(8);
});

test('another process has the ledger: what is printed waits for it, and sends the rest', async () => {
  const its = await world(['--concurrency', '1']);
  its.mock.setFaults(['delay=1s']);
  const other = spawn(process.execPath, [BIN, ...its.args, '--limit', '4'], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => other.once('close', resolve));
  await its.mock.waitFor(2, { timeoutMs: 60_000 });
  const held = await runHere(its.args);
  expect(held).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/is using this ledger.*\(process \d+ on/),
  });
  const words = next(held, its.args)!;
  expect(words).toContain('--wait');
  expect((await runHere(words)).code).toBe(0);
  expect(await ended).toBe(0);
  expect(its.mock.requests().length).toBe(4);
  expect(its.mock.summary().sessions).toBe(8);
});

test.each(['delivered', 'not-sent'])('what is settled as %s is settled for good', async (verdict) => {
  const its = await world(['--on-ambiguous', 'hold']);
  its.mock.setFaults(['html@#2']);
  expect((await runHere(its.args)).code).toBe(3);
  its.mock.setFaults([]);
  const settling = ['ledger', its.ledger, '--settle', verdict, '--state', 'ambiguous'];
  const asked = await runHere(settling);
  expect(asked.code).toBe(2);
  expect((await runHere(next(asked, settling)!)).code).toBe(0);
  const requests = its.mock.requests().length;
  for (const onAmbiguous of ['resend', 'hold'])
    expect((await runHere([...its.args, '--on-ambiguous', onAmbiguous])).code).toBe(0);
  expect(its.mock.requests().length - requests).toBe(verdict === 'delivered' ? 0 : 1);
});

test('the ledger is moved while it is sent: what is printed finds it, and then sends the rest', async () => {
  const its = await world(['--concurrency', '1']);
  let requests = 0;
  const url = await serveHttp((request, response) => {
    requests += 1;
    if (requests === 2) renameSync(its.ledger, join(its.folder, 'moved'));
    request.resume().on('end', () => response.end('{"Enabled":true}'));
  });
  const args = its.args.map((word) => (word === its.mock.url ? url : word));
  const told = await runHere(args);
  expect([told.code, requests]).toEqual([3, 2]);
  const find = /find \S+ -xdev -inum \d+/.exec(told.stdout)?.[0] ?? '';
  const found = execFileSync('sh', ['-c', find]).toString().trim();
  expect(found).toBe(join(its.folder, 'moved'));
  renameSync(found, its.ledger);
  expect((await runHere(next(told, args)!)).code).toBe(0);
  // The second request is sent again: its outcome could not be saved.
  expect(requests).toBe(5);
});

test('a row cannot be read: once it is corrected, what is printed sends it', async () => {
  const its = await world([]);
  const row = (n: number, listened: string): string =>
    `126281f8-200e-4c9f-8378-a4870055423b,9b5c82f7-74cf-4841-a870-a670017cc8eb,a039f83d-1916-436b-a090-00000000000${n},2025-11-04T04:01:11Z,${listened}`;
  const rows = ['OrganizationId,ClipId,SessionId,StartedAt,ListenedSeconds', row(1, '60'), row(2, 'x')];
  writeFileSync(`${its.input}.csv`, `${rows.join('\n')}\n`);
  const args = its.args.map((word) => (word === its.input ? `${word}.csv` : word));
  const told = await runHere([...args, '--skip-invalid']);
  expect(told.code).toBe(1);
  const unreadable = `${its.input}.csv.unreadable`;
  writeFileSync(unreadable, readFileSync(unreadable, 'utf8').replace('x', '70'));
  expect((await runHere(next(told, args)!)).code).toBe(0);
  expect(its.mock.summary().sessions).toBe(2);
});

function well({ mock }: World): void {
  mock.setFaults([]);
}

test.each([6000, 20_480, 40_960])(
  'a ledger cut to %i bytes: what is printed leads to the portal',
  async (bytes) => {
    const its = await world([]);
    expect((await runHere(its.args)).code).toBe(0);
    writeFileSync(its.ledger, readFileSync(its.ledger).subarray(0, bytes));
    const told = await runHere(its.args);
    expect(told.code).toBe(2);
    const words = next(told, its.args)!;
    expect(words.slice(0, 3)).toEqual(['ledger', '--salvage', its.ledger]);
    const salvaged = await runHere(words);
    expect(`${salvaged.stdout}${salvaged.stderr}`).toMatch(/(?:look|check) in Omny Studio/i);
    expect(its.mock.summary().sessions).toBe(8);
  },
);
