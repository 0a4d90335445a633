import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startMockEndpoint } from '../../../src/mock/start.js';
import { encodeRecord } from '../../../src/send/journal/format.js';
import { serveHttp } from '../../send/servers.js';
import { BIN, run } from '../run.js';

const ORGANIZATIONS = [
  '126281f8-200e-4c9f-8378-a4870055423b',
  '5e7d1f3a-1b2c-0d4e-7f60-00000000abcd',
] as const;

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

/** Sends, and gives what it told; the seven counts add up. */
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
    const args = ['--endpoint', url, '--journal', join(folder, 'j'), input];
    const first = await send(args);
    expect(first).toMatchObject({ code: 5, sessions: { delivered: 58, refused: 2, left: 0 } });
    expect(new Set(counted).size).toBe(58);
    const letters = (await readFile(`${input}.refused.ndjson`, 'utf8')).trimEnd().split('\n');
    expect(letters.flatMap(idsOf).toSorted()).toEqual(offenders.toSorted());

    const again = await send(args);
    expect(again).toMatchObject({
      code: 5,
      requests: { sent: 0 },
      sessions: { alreadyDelivered: 58, refused: 2 },
    });
    const mended = await send(['--endpoint', 'mock', `${input}.refused.ndjson`]);
    expect(mended).toMatchObject({ code: 0, sessions: { delivered: 2 } });
  });

  test('in a row without end stops the run, and is left', async () => {
    const { input, folder } = await folderWithInput();
    const { url } = await endpoint(() => ({ status: 422 }));
    const args = ['--endpoint', url, '--journal', join(folder, 'j'), '--max-refused', '5', input];
    const told = await send(args);
    expect(told).toMatchObject({ code: 3, sessions: { read: 60, refused: 0, left: 60 } });
    expect(await readdir(folder)).not.toContain('in.ndjson.refused.ndjson');
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
  const journal = join(folder, 'j');
  const args = [
    '--endpoint',
    url,
    '--journal',
    journal,
    '--batch-sessions',
    '5',
    '--concurrency',
    '1',
    input,
  ];
  const held = await send(['--on-ambiguous', 'hold', ...args]);
  expect(held).toMatchObject({ code: 3, sessions: { delivered: 55, ambiguous: 5, left: 0 } });
  const listed = await run(['journal', '--format', 'json', journal]);
  expect(JSON.parse(listed.stdout)).toMatchObject({
    sessions: { delivered: 55, ambiguous: 5, refused: 0, left: 0 },
    open: Array.from({ length: 5 }, () => ({ state: 'ambiguous', saw: '502 Bad Gateway' })),
  });
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

describe('a journal', () => {
  async function delivered() {
    const { input, folder } = await folderWithInput();
    const journal = join(folder, 'j');
    const { url } = await endpoint(() => ({ status: 200 }));
    expect((await send(['--endpoint', url, '--journal', journal, input])).code).toBe(0);
    return { input, journal, url, folder };
  }

  test('of another input, endpoint or rewriting, or damaged, is refused', async () => {
    const { input, journal, url } = await delivered();
    const edited = `${input}.edited.ndjson`;
    await writeFile(edited, simulated.replace('"Position":0', '"Position":1'));
    const base = ['send', '--journal', journal];
    const cases: readonly [args: readonly string[], message: RegExp][] = [
      [['--endpoint', url, edited], /of another input.*Do not delete the journal/],
      [['--endpoint', 'mock', input], /is of a delivery to http.*not to mock/],
      [['--endpoint', url, '--set-clip', ORGANIZATIONS[0], input], /without --set-clip, not with --set-clip/],
      [
        ['--endpoint', url, '--source', 'CustomWeb', input],
        /with --source Custom, not with --source CustomWeb/,
      ],
      [['--endpoint', url, journal], /is an input/],
    ];
    for (const [args, message] of cases) {
      const { stderr, code } = await run([...base, ...args]);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
    const bytes = await readFile(journal);
    bytes[bytes.indexOf('"sending"') + 2]! ^= 1;
    await writeFile(journal, bytes);
    const { stderr, code } = await run([...base, '--endpoint', url, input]);
    expect(stderr).toMatch(/j:3: this line of the journal is damaged/);
    expect(code).toBe(2);
  });

  test('of a later version is refused', async () => {
    const { input, folder } = await folderWithInput();
    const header = {
      version: 9,
      endpoint: 'mock',
      organizations: [],
      input: '',
      settings: {},
      shiftedTo: null,
    };
    await writeFile(join(folder, 'j'), encodeRecord({ kind: 'journal', ...header, at: 1 }, 0));
    const { stderr, code } = await run(['send', '--endpoint', 'mock', '--journal', join(folder, 'j'), input]);
    expect(stderr).toMatch(/version 2, received version 9/);
    expect(code).toBe(2);
  });

  test('keeps the time that now was', async () => {
    const { input, folder } = await folderWithInput();
    const times: number[] = [];
    const { url } = await endpoint((body) => {
      const { Events } = JSON.parse(body) as { Events: { Timestamp: number }[] };
      times.push(...Events.map(({ Timestamp }) => Timestamp));
      return { status: 200 };
    });
    const args = ['--endpoint', url, '--journal', join(folder, 'j'), '--shift-to', 'now', input];
    const first = await send([...args, '--now', '1767225600', '--limit', '10']);
    expect(first.sessions).toMatchObject({ read: 10, delivered: 10 });
    const second = await send([...args, '--now', '1767999999']);
    expect(second.sessions).toMatchObject({ alreadyDelivered: 10, delivered: 50 });
    expect(Math.min(...times)).toBe(1767225600);
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
    const args = ['--memory', '1', '--journal', join(folder, 'j'), '--endpoint', url];
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
    const { stderr, code } = await run(['send', '--endpoint', url, '--journal', '/proc/j', input]);
    expect(stderr).toMatch(/journal cannot be written.*nothing was sent/);
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
      '--journal',
      join(folder, 'j'),
      '--batch-sessions',
      '1',
      input,
    ];
    const child = spawn(process.execPath, [BIN, ...args], { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await mock.waitFor(5);
    child.kill(signal);
    expect(await ended).toBe(expected);
    expect(await readdir(folder)).not.toContain('j.lock');
    const told = await send(args.slice(1));
    expect(told).toMatchObject({ code: 0 });
    expect(mock.summary()).toMatchObject({ sessions: 60, infos: expect.any(Number) });
    expect(mock.requests().length).toBe(60);
  });
});

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
