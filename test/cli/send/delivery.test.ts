import { spawn, spawnSync } from 'node:child_process';
import { copyFile, link, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { shellWords } from '../../../src/domain/text.js';
import { startMockEndpoint } from '../../../src/mock/start.js';
import { openLocked } from '../../../src/send/ledger/open-file.js';
import { loadSqlite } from '../../../src/send/ledger/sqlite.js';
import { serveHttp } from '../../send/servers.js';
import { BIN, run } from '../run.js';

const ORGANIZATIONS = [
  '126281f8-200e-4c9f-8378-a4870055423b',
  '5e7d1f3a-1b2c-0d4e-7f60-00000000abcd',
] as const;

/** A machine that much else runs on takes long to start a process. */
const PATIENCE = { timeoutMs: 60_000 };

let simulated = '';

beforeAll(async () => {
  const halves = await Promise.all(
    ORGANIZATIONS.map((id, i) =>
      run(['simulate', '--sessions', '30', '--seed', `${i}`, '--organization', id]),
    ),
  );
  simulated = halves.map(({ stdout }) => stdout).join('');
});

/** A folder with the input in it. */
async function folderWithInput(): Promise<{ folder: string; input: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'delivery-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const input = join(folder, 'in.ndjson');
  await writeFile(input, simulated);
  return { folder, input };
}

/** An endpoint that decides by the body; what it answers with 200 it has counted. */
async function endpoint(decide: (body: string, url: string) => { status: number; enabled?: boolean }) {
  const counted: string[] = [];
  const url = await serveHttp((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { status, enabled = true } = decide(body, request.url ?? '');
      if (status === 200 && enabled) counted.push(...idsOf(body));
      response.writeHead(status).end(status === 200 ? JSON.stringify({ Enabled: enabled }) : 'no');
    });
  });
  return { url, counted };
}

function idsOf(body: string): string[] {
  const { Events } = JSON.parse(body) as { Events: { SessionId: string }[] };
  return [...new Set(Events.map(({ SessionId }) => SessionId))];
}

interface Told {
  readonly exitCode: number;
  readonly enabled: boolean | null;
  readonly sessions: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, number>>;
}

/** Sends, and gives what it told; the eight counts add up. */
async function send(
  args: readonly string[],
): Promise<Told & { readonly stderr: string; readonly code: number | null }> {
  const { stdout, stderr, code } = await run(['send', '--format', 'json', ...args]);
  if (stdout === '') throw new Error(stderr);
  const told = JSON.parse(stdout) as Told;
  const { read, ...places } = told.sessions;
  expect(Object.values(places).reduce((sum, some) => sum + some, 0)).toBe(read);
  expect(code).toBe(told.exitCode);
  return { ...told, stderr, code };
}

describe('what is refused', () => {
  test('goes to the dead letters alone, and is not sent again', async () => {
    const { input, folder } = await folderWithInput();
    const bad = simulated
      .split('\n')
      .map((line) => line && (JSON.parse(line) as { SessionId: string }).SessionId);
    const offenders = [bad[0]!, bad.at(-2)!];
    const { url, counted } = await endpoint((body) => ({
      status: offenders.some((id) => body.includes(id)) ? 400 : 200,
    }));
    const args = ['--endpoint', url, '--ledger', join(folder, 'j'), input];
    const first = await send(args);
    expect(first).toMatchObject({ code: 5, sessions: { delivered: 58, refused: 2, left: 0 } });
    expect(new Set(counted).size).toBe(58);
    const letters = (await readFile(`${input}.refused`, 'utf8')).trimEnd().split('\n');
    expect(letters.flatMap(idsOf).toSorted()).toEqual(offenders.toSorted());

    const again = await send(args);
    expect(again).toMatchObject({
      code: 0,
      requests: { sent: 0 },
      sessions: { alreadyDelivered: 58, refused: 2 },
    });
    const retried = await send(['--retry-refused', ...args]);
    expect(retried).toMatchObject({ code: 5, sessions: { alreadyDelivered: 58, refused: 2 } });
    const known = join(folder, 'known');
    await send(['--endpoint', 'mock', '--ledger', known, '--limit', '1', input]);
    const { stdout } = await run(['send', '--retry-refused', '--known', known, '--allow-long', ...args]);
    expect(stdout).toContain(
      `omny-consume send --endpoint ${url} --ledger ${join(folder, 'j')} --known ${known} --allow-long ${input}.refused`,
    );
    const fixed = await send(['--endpoint', 'mock', `${input}.refused`]);
    expect(fixed).toMatchObject({ code: 0, sessions: { delivered: 2 } });
  });

  test('in a row without end stops the run, and is left', async () => {
    const { input, folder } = await folderWithInput();
    const { url } = await endpoint(() => ({ status: 422 }));
    const args = ['--endpoint', url, '--ledger', join(folder, 'j'), '--max-refused', '5', input];
    const told = await send(args);
    expect(told).toMatchObject({ code: 3, sessions: { read: 60, refused: 0, left: 60 } });
    expect(await readdir(folder)).not.toContain('in.ndjson.refused');
  });
});

test('Enabled: false stops its organization, the other one is delivered', async () => {
  const { input } = await folderWithInput();
  const { url } = await endpoint((_, path) => ({ status: 200, enabled: path.endsWith(ORGANIZATIONS[0]) }));
  const told = await send(['--endpoint', url, '--batch-sessions', '4', input]);
  expect(told).toMatchObject({ code: 4, enabled: false, sessions: { delivered: 30, left: 30 } });
});

test('what may have been counted is held, told, and sent again only when asked', async () => {
  const { input, folder } = await folderWithInput();
  let requests = 0;
  const { url } = await endpoint(() => ({ status: ++requests === 2 ? 502 : 200 }));
  const ledger = join(folder, 'j');
  const args = ['--endpoint', url, '--ledger', ledger, '--batch-sessions', '5', '--concurrency', '1', input];
  const held = await send(['--on-ambiguous', 'hold', ...args]);
  expect(held).toMatchObject({ code: 3, sessions: { delivered: 55, ambiguous: 5, left: 0 } });
  const listed = await run(['ledger', ledger, '--state', 'ambiguous', '--format', 'json']);
  expect(JSON.parse(listed.stdout)).toEqual(
    Array.from({ length: 5 }, () =>
      expect.objectContaining({ state: 'ambiguous', saw: '502 Bad Gateway', status: 502 }),
    ),
  );
  const still = await send(['--on-ambiguous', 'hold', ...args]);
  expect(still).toMatchObject({
    code: 3,
    requests: { sent: 0 },
    sessions: { alreadyDelivered: 55, ambiguous: 5 },
  });
  const resent = await send(['--on-ambiguous', 'resend', ...args]);
  expect(resent).toMatchObject({ code: 0, sessions: { alreadyDelivered: 55, delivered: 5 } });
});

test('an answer about the way stops the run, and is shown', async () => {
  const { input } = await folderWithInput();
  const { url } = await endpoint(() => ({ status: 403 }));
  const { stdout, code } = await run(['send', '--endpoint', url, input]);
  expect(code).toBe(3);
  expect(stdout).toMatch(/403 Forbidden; the answer begins "no"/);
});

describe('a ledger', () => {
  test('knows sessions whatever file they come in', async () => {
    const { input, folder } = await folderWithInput();
    const { url, counted } = await endpoint(() => ({ status: 200 }));
    const lines = simulated.trimEnd().split('\n');
    const day1 = join(folder, 'day1.ndjson');
    const ids = [...new Set(idsOf(`{"Events":[${lines.join()}]}`))].slice(0, 45);
    await writeFile(day1, lines.filter((line) => ids.some((id) => line.includes(id))).join('\n'));
    const ledger = join(folder, 'j');
    const to = ['--endpoint', url, '--ledger'];
    expect(await send([...to, ledger, day1])).toMatchObject({ code: 0, sessions: { delivered: 45 } });
    const shuffled = join(folder, 'shuffled.ndjson.gz');
    await writeFile(shuffled, gzipSync(lines.toReversed().join('\n')));
    const link = join(folder, 'link');
    await symlink(ledger, link);
    const half = ['--shard', '1/2', '--dead-letter', join(folder, 'd')];
    const sharded = await send([...to, ledger, ...half, input]);
    expect(sharded.sessions).toMatchObject({ read: 60 });
    expect((await send([...to, link, shuffled])).sessions).toMatchObject({
      read: 60,
      alreadyDelivered: 45 + sharded.sessions.delivered!,
    });
    expect(counted.length).toBe(60);
    expect(new Set(counted).size).toBe(60);
  });

  test('and its status file tell how the run went', async () => {
    const { input, folder } = await folderWithInput();
    const { url } = await endpoint(() => ({ status: 200 }));
    const status = join(folder, 'status.json');
    await send(['--endpoint', url, '--ledger', join(folder, 'j'), '--status', status, input]);
    expect(JSON.parse(await readFile(status, 'utf8'))).toMatchObject({
      ended: true,
      exitCode: 0,
      ledger: join(folder, 'j'),
      sessions: { delivered: 60, left: 0 },
      expectedEnd: null,
      lastError: null,
    });
    expect((await readdir(folder)).toSorted()).toEqual(['in.ndjson', 'j', 'status.json']);
  });

  test('by another name (--known) counts too', async () => {
    const { input, folder } = await folderWithInput();
    const { url } = await endpoint(() => ({ status: 200 }));
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    expect((await send(['--endpoint', url, '--ledger', one, '--limit', '20', input])).code).toBe(0);
    const told = await send(['--endpoint', url, '--ledger', two, '--known', one, input]);
    expect(told.sessions).toMatchObject({ delivered: 40, alreadyDelivered: 20 });
    const same = await run(['send', '--endpoint', url, '--ledger', two, '--known', two, input]);
    expect(same).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is the ledger and cannot also be --known'),
    });
  });

  test('tells of sessions that changed since, once, and never sends them', async () => {
    const { input, folder } = await folderWithInput();
    const { url, counted } = await endpoint(() => ({ status: 200 }));
    const args = [
      '--endpoint',
      url,
      '--ledger',
      join(folder, 'j'),
      '--dead-letter',
      join(folder, 'd'),
      input,
    ];
    expect((await send(args)).code).toBe(0);
    await writeFile(input, simulated.replace('"Position":0,', '"Position":0.25,'));
    expect(await send(args)).toMatchObject({ code: 5, sessions: { changed: 1, alreadyDelivered: 59 } });
    expect(await send(args)).toMatchObject({ code: 0, sessions: { changed: 1, alreadyDelivered: 59 } });
    expect((await readFile(join(folder, 'd'), 'utf8')).trimEnd().split('\n').length).toBe(1);
    expect(counted.length).toBe(60);
  });

  test('that is an input, text, empty or of a later version is refused', async () => {
    const { input, folder } = await folderWithInput();
    const ledger = join(folder, 'j');
    const refused = async (message: RegExp, ...args: string[]) => {
      const { stderr, code } = await run(['send', '--endpoint', 'mock', '--ledger', ledger, ...args]);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    };
    expect((await send(['--endpoint', 'mock', '--ledger', ledger, input])).code).toBe(0);
    await symlink(ledger, join(folder, 'link'));
    await refused(/is an input|is the ledger/, join(folder, 'link'));
    const { database } = openLocked(ledger, await loadSqlite());
    await refused(/another run is using this ledger/, input);
    database.exec('PRAGMA user_version = 9');
    database.close();
    await refused(/version 1, received version 9/, input);
    await writeFile(ledger, '');
    await refused(/the file is empty.*Never delete a ledger/, input);
    await writeFile(ledger, simulated);
    await refused(/the ledger is damaged.*nothing was sent/, input);
    expect(await readFile(ledger, 'utf8')).toBe(simulated);
  });

  test('that a run waits for is used once it is free', async () => {
    const { input, folder } = await folderWithInput();
    const ledger = join(folder, 'j');
    const { database } = openLocked(ledger, await loadSqlite());
    const args = ['send', '--endpoint', 'mock', '--ledger', ledger, '--wait', input];
    expect(await run([...args, '--deadline', '0.2'])).toMatchObject({ code: 2 });
    const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await new Promise((resolve) => child.stderr.once('data', resolve));
    database.close();
    expect(await ended).toBe(0);
  });

  test('is not left where nothing was sent with it, and not made by a dry run', async () => {
    const { input, folder } = await folderWithInput();
    const args = ['send', '--endpoint', 'mock', '--ledger', join(folder, 'j')];
    expect((await run([...args, '--dry-run', input])).code).toBe(0);
    await writeFile(join(folder, 'bad.ndjson'), '{"Type":"Start"}\n');
    expect((await run([...args, join(folder, 'bad.ndjson')])).code).toBe(1);
    expect((await readdir(folder)).toSorted()).toEqual(['bad.ndjson', 'in.ndjson']);
  });

  test.each([
    ['deleted', (ledger: string) => rm(ledger), 'the ledger was moved or deleted'],
    ['truncated', (ledger: string) => writeFile(ledger, ''), 'another program wrote to the ledger'],
    [
      'overwritten with text',
      (ledger: string) => writeFile(ledger, 'a,b\n'),
      'another program wrote to the ledger',
    ],
    [
      'replaced',
      (ledger: string) => copyFile(ledger, `${ledger}.b`).then(() => rename(`${ledger}.b`, ledger)),
      'the ledger was replaced by another file',
    ],
    ['given a second name', (ledger: string) => link(ledger, `${ledger}.b`), 'another name'],
  ])('that is %s while a run has it ends the run before another request', async (_, change, what) => {
    const { input, folder } = await folderWithInput();
    const ledger = join(folder, 'j');
    let changing: Promise<unknown> | null = null;
    const url = await serveHttp((request, response) => {
      request.resume().on('end', () => {
        changing ??= change(ledger);
        void changing.then(() => response.end('{"Enabled":true}'));
      });
    });
    const args = [
      '--endpoint',
      url,
      '--ledger',
      ledger,
      '--batch-sessions',
      '5',
      '--concurrency',
      '1',
      input,
    ];
    const told = await send(args);
    expect(told).toMatchObject({ code: 3, requests: { sent: 1 } });
    expect(told.stderr).toContain(what);
    expect(told.stderr).toMatch(/restore the ledger, then run the same command again/);
    expect(await readdir(folder)).not.toContain('j.new');
  });

  test('never shows the credentials of an endpoint', async () => {
    const { input, folder } = await folderWithInput();
    const { url } = await endpoint(() => ({ status: 403 }));
    const secret = url.replace('http://', 'http://me:hunter2@');
    const ledger = join(folder, 'j');
    const { stdout, stderr, code } = await run(['send', '--endpoint', secret, '--ledger', ledger, input]);
    expect(code).toBe(3);
    expect(stdout).toContain('USER:PASSWORD@');
    const shown = (await run(['ledger', ledger])).stdout;
    for (const text of [stdout, stderr, shown, await readFile(ledger, 'latin1')])
      expect(text).not.toContain('hunter2');
  });

  test('off this machine that is not named is not made where nobody watches', async () => {
    const { input, folder } = await folderWithInput();
    await writeFile(join(folder, 'old.ledger'), '');
    const args = ['send', '--endpoint', 'http://traffic.invalid', '--yes', '--allow-simulated', input];
    expect(await run(args, { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/omny-consume.ledger: this ledger does not exist.*nearby: old.ledger/),
    });
    const named = await run([...args, '--ledger', join(folder, 'j'), '--retries', '0'], { cwd: folder });
    expect(named).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('nothing is known as delivered yet'),
    });
  });

  test('keeps the time that now was', async () => {
    const { input, folder } = await folderWithInput();
    const times: number[] = [];
    let requests = 0;
    const { url } = await endpoint((body) => {
      requests += 1;
      if (requests === 3) return { status: 403 };
      const { Events } = JSON.parse(body) as { Events: { Timestamp: number }[] };
      times.push(...Events.map(({ Timestamp }) => Timestamp));
      return { status: 200 };
    });
    const batches = ['--batch-sessions', '10', '--concurrency', '1', '--shift-to', 'now'];
    const args = ['--endpoint', url, '--ledger', join(folder, 'j'), ...batches, input];
    const first = await send([...args, '--now', '1767225600']);
    expect(first).toMatchObject({ code: 3, sessions: { delivered: 20, left: 40 } });
    const second = await send([...args, '--now', '1767999999']);
    expect(second.sessions).toMatchObject({ alreadyDelivered: 20, delivered: 40 });
    expect(Math.min(...times)).toBe(1767225600);
    const third = await send([...args, '--now', '1768999999']);
    expect(third).toMatchObject({ code: 0, sessions: { alreadyDelivered: 60, changed: 0 } });
  });

  test('takes now anew once all that can be read was sent', async () => {
    const { input, folder } = await folderWithInput();
    const broken = `{"Type":"Start","SessionId":"${ORGANIZATIONS[1]}",\n`;
    await writeFile(input, `${simulated}${broken}`);
    const times: number[] = [];
    const { url } = await endpoint((body) => {
      const { Events } = JSON.parse(body) as { Events: { Timestamp: number }[] };
      times.push(...Events.map(({ Timestamp }) => Timestamp));
      return { status: 200 };
    });
    const ledger = join(folder, 'j');
    const args = ['--endpoint', url, '--ledger', ledger, '--skip-invalid', '--shift-to', 'now', input];
    const first = await send([...args, '--limit', '20', '--now', '1767225600']);
    expect(first).toMatchObject({ code: 1, sessions: { delivered: 20, left: 0 } });
    expect((await run(['ledger', ledger])).stdout).not.toContain('Run the last command again');
    times.length = 0;
    const second = await send([...args, '--now', '1777999999']);
    expect(second).toMatchObject({ code: 1, sessions: { alreadyDelivered: 20, delivered: 40 } });
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1777999999);
  });

  test('is not asked for sessions that are kept out, whose errors refuse nothing', async () => {
    const { input } = await folderWithInput();
    const [first = ''] = simulated.split('\n');
    const broken = {
      ...(JSON.parse(first) as object),
      SessionId: ORGANIZATIONS[1],
      Type: 'Stop',
      Timestamp: 1_000_000_000,
    };
    await writeFile(input, `${simulated}${JSON.stringify(broken)}\n`);
    expect(
      (await send(['--endpoint', 'mock', '--since', '2020-01-01T00:00:00Z', input])).sessions,
    ).toMatchObject({ read: 60 });
    const { code } = await run(['send', '--endpoint', 'mock', input]);
    expect(code).toBe(1);
  });

  test('of more sessions than memory is for goes on as any other', async () => {
    const { input, folder } = await folderWithInput();
    const { url, counted } = await endpoint(() => ({ status: 200 }));
    const time = { Timestamp: 1_700_000_000, SeqNumber: 1 };
    const sessions = Array.from(
      { length: 7000 },
      (_, i) => `${i.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`,
    );
    const lines = sessions.map((SessionId) => {
      const [OrganizationId, ClipId] = ORGANIZATIONS;
      const ids = { OrganizationId, ClipId, SessionId };
      const start = { Type: 'Start', ...ids, Position: 0, ...time };
      const stop = { Type: 'Stop', ...ids, Position: 60, SeqNumber: 2, Timestamp: time.Timestamp + 60 };
      return `${JSON.stringify(start)}\n${JSON.stringify(stop)}\n`;
    });
    await writeFile(input, lines.join(''));
    const args = ['--memory', '1', '--ledger', join(folder, 'j'), '--endpoint', url];
    const large = ['--batch-bytes', '1000000', '--batch-sessions', '500', input];
    const first = await send([...args, '--limit', '6500', ...large]);
    expect(first).toMatchObject({ code: 0, sessions: { delivered: 6500 } });
    const second = await send([...args, ...large]);
    expect(second).toMatchObject({ code: 0, sessions: { alreadyDelivered: 6500, delivered: 500 } });
    const third = await send([...args, ...large]);
    expect(third).toMatchObject({ code: 0, sessions: { alreadyDelivered: 7000 }, requests: { sent: 0 } });
    expect(counted.toSorted()).toEqual(sessions);
  });

  test('in a place that cannot be written sends nothing', async () => {
    const { input } = await folderWithInput();
    const { url, counted } = await endpoint(() => ({ status: 200 }));
    const { stderr, code } = await run(['send', '--endpoint', url, '--ledger', '/proc/j', input]);
    expect(stderr).toMatch(/ledger cannot be created.*nothing was sent/);
    expect(code).toBe(2);
    expect(counted).toEqual([]);
  });
});

describe('signals', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('%s settles what is on its way, and the same command goes on', async (signal, expected) => {
    const { input, folder } = await folderWithInput();
    const mock = await startMockEndpoint({ port: 0, faults: ['delay=40ms'] });
    onTestFinished(() => mock.close());
    const args = [
      'send',
      '--endpoint',
      mock.url,
      '--ledger',
      join(folder, 'j'),
      '--batch-sessions',
      '1',
      input,
    ];
    const child = spawn(process.execPath, [BIN, ...args], { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await mock.waitFor(5, PATIENCE);
    child.kill(signal);
    expect(await ended).toBe(expected);
    expect(await readdir(folder)).not.toContain('j.run');
    const told = await send(args.slice(1));
    expect(told).toMatchObject({ code: 0 });
    expect(mock.summary()).toMatchObject({ sessions: 60, infos: expect.any(Number) });
    expect(mock.requests().length).toBe(60);
  });
});

test('SIGHUP without a terminal, as under nohup and cron, is nothing', async () => {
  const { input } = await folderWithInput();
  const mock = await startMockEndpoint({ port: 0, faults: ['delay=30ms'] });
  onTestFinished(() => mock.close());
  const args = ['send', '--endpoint', mock.url, '--batch-sessions', '5', '--concurrency', '1', input];
  const child = spawn(process.execPath, [BIN, ...args], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await mock.waitFor(5, PATIENCE);
  child.kill('SIGHUP');
  expect(await ended).toBe(0);
});

const hasScript = spawnSync('script', ['--version']).status === 0;

test.skipIf(!hasScript)(
  'SIGHUP with a terminal, as where a connection is lost, settles what is on its way',
  async () => {
    const { input, folder } = await folderWithInput();
    const mock = await startMockEndpoint({ port: 0, faults: ['delay=40ms'] });
    onTestFinished(() => mock.close());
    const ledger = join(folder, 'j');
    const words = [
      process.execPath,
      BIN,
      'send',
      '--endpoint',
      mock.url,
      '--ledger',
      ledger,
      '--batch-sessions',
      '1',
    ];
    // It gives the command a terminal, and ends with its exit code.
    const child = spawn('script', ['-qefc', shellWords([...words, input]), '/dev/null'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await mock.waitFor(5, PATIENCE);
    process.kill((JSON.parse(await readFile(`${ledger}.run`, 'utf8')) as { pid: number }).pid, 'SIGHUP');
    expect(await ended).toBe(143);
    expect(await readdir(folder)).not.toContain('j.run');
    expect(mock.summary().sessions).toBeLessThan(60);
  },
);

describe('outputs that fail', () => {
  test('a full disk as standard output changes nothing of the delivery', async () => {
    const { input } = await folderWithInput();
    const { url, counted } = await endpoint(() => ({ status: 200 }));
    await expect(
      shell(`"${process.execPath}" "${BIN}" send --endpoint ${url} ${input} > /dev/full`),
    ).resolves.toBe(2);
    expect(new Set(counted).size).toBe(60);
  });

  test('a standard output and error that are closed do not stop it', async () => {
    const { input } = await folderWithInput();
    const { url, counted } = await endpoint(() => ({ status: 200 }));
    const command = `"${process.execPath}" "${BIN}" send -v --batch-sessions 1 --endpoint ${url} ${input}`;
    await shell(`(${command} 2>&1; echo $? > ${input}.code) | true`);
    expect(await readFile(`${input}.code`, 'utf8')).toBe('0\n');
    expect(new Set(counted).size).toBe(60);
  });
});

function shell(command: string): Promise<number | null> {
  const child = spawn('sh', ['-c', command], { stdio: 'ignore' });
  return new Promise((resolve) => child.once('close', resolve));
}
