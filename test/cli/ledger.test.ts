import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createLedger } from '../../src/send/ledger/open-file.js';
import { loadSqlite } from '../../src/send/ledger/sqlite.js';
import { folder, logged, ORGANIZATION, opened, START, sessionId } from '../send/ledger/libraries.js';
import { runHere } from './in-process.js';

const sqlite = await loadSqlite();

describe('omny-consume ledger', () => {
  let path = '';

  beforeEach(async () => {
    path = join(folder(), 'a.ledger');
    const ledger = opened(path, sqlite);
    await ledger.begin(START);
    const outcomes = ['delivered', 'delivered', 'ambiguous', 'not-sent'] as const;
    for (const [number, outcome] of outcomes.entries()) {
      const request = await ledger.sending({ organization: ORGANIZATION, sessions: [logged(number)] });
      await ledger.settled(request, {
        outcome,
        status: 500,
        saw: '500 Internal Server Error',
        answer: 'a,b',
      });
    }
    await ledger.sending({ organization: ORGANIZATION, sessions: [logged(9)] });
    await ledger.end({ exitCode: 3, why: 'ambiguous' });
    ledger.close();
  });

  test('tells sessions by state, the runs, and what to do next', async () => {
    const { stdout, code } = await runHere(['ledger', path]);
    expect(code).toBe(0);
    expect(stdout).toContain(`organization ${ORGANIZATION}: 2 delivered, 2 ambiguous`);
    expect(stdout).toContain('1  2023-11-14T22:13:20Z  ended with 3 (ambiguous)');
    expect(stdout).toContain(`omny-consume ledger ${path} --settle delivered --state ambiguous`);
    expect(stdout).toContain('Run the last command again to send the rest: send plays.csv');
  });

  test('tells the same as JSON', async () => {
    const { stdout } = await runHere(['ledger', path, '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      ledger: path,
      sessions: [{ organization: ORGANIZATION, delivered: 2, ambiguous: 2, refused: 0, 'not-sent': 1 }],
      runs: [{ run: 1, began: '2023-11-14T22:13:20Z', exitCode: 3, why: 'ambiguous' }],
    });
  });

  test('lists sessions in each format', async () => {
    const list = async (format: string) =>
      (await runHere(['ledger', path, '--state', 'ambiguous', '--format', format])).stdout;
    const ids = [sessionId(2), sessionId(9)];
    expect((JSON.parse(await list('json')) as { sessionId: string }[]).map((row) => row.sessionId)).toEqual(
      ids,
    );
    const lines = (await list('ndjson')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { sessionId: string }).sessionId)).toEqual(ids);
    expect(await list('csv')).toBe(
      [
        'endpoint,organization,sessionId,state,run,at,status,saw,answer',
        `https://traffic.example/api/consumption/events,${ORGANIZATION},${ids[0]},ambiguous,1,2023-11-14T22:13:20Z,500,500 Internal Server Error,"a,b"`,
        `https://traffic.example/api/consumption/events,${ORGANIZATION},${ids[1]},ambiguous,1,2023-11-14T22:13:20Z,,,`,
        '',
      ].join('\n'),
    );
    expect(await list('pretty')).toContain(`${ids[1]}  2023-11-14T22:13:20Z  run 1  no answer was recorded`);
  });

  test('settles what was ambiguous, and asks first', async () => {
    const settle = (...more: string[]) => runHere(['ledger', path, '--settle', 'delivered', ...more]);
    expect(await settle('--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--state ambiguous'),
    });
    expect(await settle('--state', 'ambiguous')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing was changed'),
    });
    const list = join(folder(), 'ids.csv');
    writeFileSync(list, (await runHere(['ledger', path, '--state', 'ambiguous', '--format', 'csv'])).stdout);
    const listed = await runHere([
      'ledger',
      path,
      '--session',
      `@${list}`,
      '--session',
      sessionId(3).toUpperCase(),
    ]);
    expect(listed.stdout.trim().split('\n')).toHaveLength(3);
    writeFileSync(list, 'none\n');
    expect(await settle('--state', 'ambiguous', '--session', `@${list}`)).toMatchObject({
      code: 2,
      stderr: `error: --session @${list}: expected a SessionId per line, received "none"\n`,
    });
    expect((await settle('--state', 'ambiguous', '--session', `@${list}.none`)).code).toBe(2);
    writeFileSync(list, `${sessionId(9)}\n\n${sessionId(3)}\n`);
    const one = await settle('--state', 'ambiguous', '--session', `@${list}`, '--yes');
    expect(one).toMatchObject({
      code: 0,
      stderr: '1 session settled as delivered (of 2 ids; 1 not ambiguous in this ledger)\n',
    });
    const { stdout } = await runHere(['ledger', path]);
    expect(stdout).toContain('3 delivered, 1 ambiguous');
    expect(existsSync(`${path}-journal`)).toBe(false);
  });

  test('of a ledger that a run has, tells what that run says', async () => {
    const ledger = opened(path, sqlite);
    const status = join(folder(), 'status.json');
    writeFileSync(status, '{"delivered":7}\n');
    ledger.announce({ pid: 42, host: 'here', since: '2026-01-01', command: 'send x', status });
    const { stdout, stderr, code } = await runHere(['ledger', path]);
    ledger.close();
    expect(code).toBe(2);
    expect(stdout).toContain('"pid":42');
    expect(stdout).toContain('{"delivered":7}');
    expect(stderr).toContain('another run is using this ledger');
  });

  test('merges and salvages into a new file only', async () => {
    const other = join(folder(), 'b.ledger');
    createLedger(other, sqlite);
    const into = join(folder(), 'c.ledger');
    expect(await runHere(['ledger', 'merge', path, other, '-o', into])).toMatchObject({
      code: 0,
      stderr: `${into}: 5 sessions of 2 ledgers\n`,
    });
    expect(await runHere(['ledger', 'merge', path, other, '-o', into])).toMatchObject({ code: 2 });
    const saved = join(folder(), 'd.ledger');
    expect(await runHere(['ledger', '--salvage', path, '-o', saved])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('5 sessions could be read. See the sessions'),
    });
    expect((await runHere(['ledger', saved])).stdout).toContain('2 delivered, 2 ambiguous');
  });

  test.each([
    [[], 'expected one ledger'],
    [['no-such'], 'no such ledger'],
    [['README.md'], 'damaged'],
    [['merge', 'a', '-o', 'b'], 'at least two'],
    [['merge', 'a', 'b'], 'no -o FILE'],
  ])('ledger %j ends with 2', async (args, message) => {
    const { stderr, code } = await runHere(['ledger', ...args]);
    expect({ stderr, code }).toEqual({ stderr: expect.stringContaining(message), code: 2 });
  });
});
