import { copyFileSync, linkSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type MockEndpoint, startMockEndpoint } from '../../../src/mock/start.js';
import { manyHeard } from '../../write/sessions.js';
import { runHere, type Told } from '../in-process.js';

/** Steps that lead out of any exit code but 0. */
const MOST_STEPS = 3;

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

/** What a message says to type: a command as it is printed, else the same one with the flag that it names. */
function next({ stdout, stderr }: Told, args: readonly string[]): readonly string[] | null {
  const text = `${stdout}${stderr}`;
  const copied = /cp -p (\S+) (\S+) && mv (\S+) (\S+)/.exec(text);
  if (copied) {
    const [, from = '', copy = '', moved = '', to = ''] = copied;
    copyFileSync(from, copy);
    renameSync(moved, to);
    return args;
  }
  const printed = [...text.matchAll(/omny-consume ((?:send|ledger) [^;\n]*)/g)].map(([, words = '']) =>
    words.trim().split(' '),
  );
  const chosen = printed.find((words) => words.includes('not-sent')) ?? printed[0];
  if (chosen) return chosen;
  const flag = /--(?:skip-invalid|yes)\b/.exec(text)?.[0];
  return flag === undefined ? null : [...args, flag];
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
    expect(step).toBeLessThan(MOST_STEPS + Number(args.includes('--settle')));
    const words = next(told, args);
    if (words === null) throw new Error(`no way out of ${told.stdout}${told.stderr}`);
    args = words;
    told = await runHere(args);
    // Once it is settled, the command that was printed before goes on.
    if (told.code === 0 && args[0] === 'ledger') {
      args = its.args;
      told = await runHere(args);
    }
  }
  const again = await runHere([...args, '--format', 'json']);
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ sessions: { delivered: 0, left: 0, ambiguous: 0 } });
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
    expect(`${salvaged.stdout}${salvaged.stderr}`).toMatch(/look in Omny Studio/);
    expect(its.mock.summary().sessions).toBe(8);
  },
);
