import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BEHAVIOUR_IDS } from '../../src/certify/define.js';
import { verdictOf } from '../../src/cli/mock/run.js';
import { bodyOf, events, post, sessionId } from '../mock/mocks.js';
import { run } from './run.js';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');
const CERT = 'test/mock/localhost-cert.pem';
const KEY = 'test/mock/localhost-key.pem';

/** A command that posts bodies one after the other, then ends with a code. */
function player(bodies: readonly unknown[], code = 0): string[] {
  const script = `
    for (const body of ${JSON.stringify(bodies.map((body) => JSON.stringify(body)))}) {
      await fetch(process.env.OMNY_CONSUME_ENDPOINT + '?organizationId=126281f8-200e-4c9f-8378-a4870055423b',
        { method: 'POST', body, headers: { 'content-type': 'application/json' } }).catch(() => {});
    }
    process.exitCode = ${code};`;
  return ['--', process.execPath, '--input-type=module', '-e', script];
}

const sound = bodyOf(events());
const warned = { ...sound, Source: 'Web' };
const gap = bodyOf(events().map((event, i) => ({ ...event, SeqNumber: i === 0 ? 1 : i + 2 })));
/** Two sessions in a request, one of which came before with more events. */
const split = [bodyOf(events(2)), bodyOf(events(2).slice(0, 1), events(3))];
const broken = { ...sound, Completed: false };

describe('a command is judged by what it sent', () => {
  const gated = { errors: 0, warnings: 0 };

  test.each<[string, Partial<Parameters<typeof verdictOf>[0]>, number]>([
    ['all is well', {}, 0],
    ['an error', { gated: { ...gated, errors: 1 } }, 1],
    ['its own code comes first', { gated: { ...gated, errors: 1 }, commandCode: 7 }, 7],
    ['a warning', { gated: { ...gated, warnings: 1 } }, 0],
    ['a warning that counts', { gated: { ...gated, warnings: 1 }, failOn: 'warning' }, 1],
    ['an error where warnings count', { gated: { ...gated, errors: 1 }, failOn: 'warning' }, 1],
    ['an error that does not', { gated: { ...gated, errors: 1 }, failOn: 'never' }, 0],
    ['silence', { sessions: 0 }, 2],
    ['silence, by its own code', { sessions: 0, commandCode: 3 }, 3],
    ['silence is never forgiven', { sessions: 0, failOn: 'never' }, 2],
    ['silence that was expected', { sessions: 0, expectSessions: 0 }, 0],
    ['as many as expected', { sessions: 2, expectSessions: 2 }, 0],
    ['fewer than expected', { expectSessions: 2 }, 2],
    ['more than expected', { sessions: 3, expectSessions: 2 }, 2],
    ['a sheet that does not pass', { sheetFails: true }, 1],
    ['a sheet that does not pass, whatever counts', { sheetFails: true, failOn: 'never' }, 1],
    ['events at another path', { eventsLost: 1 }, 1],
    ['events at another path that do not count', { eventsLost: 1, failOn: 'never' }, 0],
    ['its own code before the sheet', { sheetFails: true, commandCode: 7 }, 7],
    ['a sheet before silence', { sheetFails: true, sessions: 0 }, 1],
    ['an error before a number', { gated: { ...gated, errors: 1 }, expectSessions: 2 }, 1],
  ])('%s', (_, input, code) => {
    expect(
      verdictOf({
        sessions: 1,
        gated,
        failOn: 'error',
        sheetFails: false,
        eventsLost: 0,
        expectSessions: undefined,
        commandCode: 0,
        ...input,
      }),
    ).toBe(code);
  });

  test.concurrent.for<[string, string[], unknown[], number, number]>([
    ['a sound session', [], [sound], 0, 0],
    ['an error', [], [broken], 0, 1],
    ['an error that is allowed', ['--allow', 'seq-gap=100%'], [gap], 0, 0],
    ['an error in more sessions than are allowed', ['--allow', 'seq-gap=99%'], [gap], 0, 1],
    ['an error, and a code of its own', [], [broken], 7, 7],
    ['an error that was made a warning', ['--rule', 'not-completed=warning'], [broken], 0, 0],
    ['a warning that counts', ['--fail-on', 'warning'], [warned], 0, 1],
    ['fewer sessions than expected', ['--expect-sessions', '2'], [sound, sound], 0, 2],
    ['only what a fault did not count', ['--fault', '503'], [sound], 0, 2],
  ])('%s', async ([, flags, bodies, own, code], { expect }) => {
    const result = await run(['mock', '--port', '0', ...flags, ...player(bodies, own)]);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' });
  });

  test('what it is told, and what it prints', async () => {
    const script = 'console.log(process.env.OMNY_CONSUME_ENDPOINT, process.env.OMNY_CONSUME_MOCK)';
    const { stdout, stderr, code } = await run(['mock', '--port', '0', '--', process.execPath, '-e', script]);
    expect(stdout).toMatch(/^(http:\/\/127\.0\.0\.1:\d+)\/api\/consumption\/events \1\n$/);
    expect(stderr).toContain(`endpoint  ${stdout.split(' ')[0]}`);
    expect(stderr).toContain('no session arrived');
    const astray = await run([
      'mock',
      '--port',
      '0',
      '--',
      process.execPath,
      '--input-type=module',
      '-e',
      `for (const to of ['', '/x']) await fetch(process.env.OMNY_CONSUME_ENDPOINT + to, { method: 'POST', body: ${JSON.stringify(JSON.stringify(sound))} })`,
    ]);
    expect(astray.code).toBe(1);
    expect(astray.stderr).toContain(
      'error: 1 request with events did not reach the endpoint. The first request: POST /api/consumption/events/x (another path: POST to /api/consumption/events)\n',
    );
    const refused = await run(['mock', '--port', '0', '--fault', '503', ...player([sound])]);
    expect(refused.stderr).toContain(
      'error: no session was delivered: 1 request arrived, and none was answered 2xx\n',
    );
    expect(code).toBe(2);
  });

  test('a command that a signal ends has the code a shell gives it', async () => {
    const script = 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)';
    expect((await run(['mock', '--port', '0', '--', process.execPath, '-e', script])).code).toBe(143);
  });

  test('findings and hints are told as they come; -q is quiet', async () => {
    const loud = await run(['mock', '--port', '0', ...player([broken, { ...broken, Events: events(2) }])]);
    expect(loud.stderr).toMatch(/POST 200 {2}1 session, \d+ B\n +error not-completed: .*\n +hint: /);
    expect(loud.stderr).toContain('<mock>:1:');
    expect(loud.stderr).toContain('  request 0, /Completed\n');
    expect(loud.stderr.match(/ hint: /g)).toHaveLength(1 + 1);
    expect((await run(['mock', '-q', '--port', '0', ...player([sound])])).stderr).toBe('');
  });

  test('send takes the mock from its environment', async () => {
    const command = [
      '--',
      process.execPath,
      'bin/omny-consume.js',
      'send',
      'fixtures/document/curl-body.json',
    ];
    const { code, stdout } = await run(['mock', '--port', '0', ...command]);
    expect(stdout).toContain('Enabled: true');
    expect(code).toBe(0);
  });
});

describe('a recording is read back', () => {
  test('by validate and by send', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mock-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'bodies.ndjson');
    const made = await run(['simulate', '--seed', '5', '--sessions', '40', '--output-format', 'bodies']);
    const bodies = made.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    const recorded = await run(['mock', '--port', '0', '--record', file, ...player(bodies)]);
    expect(recorded.code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(made.stdout);
    const checked = await run(['validate', '--format', 'json', file]);
    expect(JSON.parse(checked.stdout)).toMatchObject({
      summary: { sessions: 40, errors: 0, requests: bodies.length },
    });
    const sent = await run(['send', '--endpoint', 'mock', '--format', 'json', file]);
    expect(JSON.parse(sent.stdout)).toMatchObject({ sessions: { read: 40, delivered: 40 }, exitCode: 0 });
  });

  test('from standard output, too', async () => {
    const { stdout, code } = await run(['mock', '--port', '0', '--record', '-', ...player([sound, warned])]);
    expect(stdout).toBe(`${JSON.stringify(sound)}\n${JSON.stringify(warned)}\n`);
    expect(code).toBe(0);
  });

  test('where it cannot be written, nothing is begun', async () => {
    const { code, stderr } = await run(['mock', '--port', '0', '--record', '/nowhere/x', ...player([sound])]);
    expect(stderr).toMatch(/^error: \/nowhere\/x: cannot be written/);
    expect(code).toBe(2);
  });
});

test('a recording whose name ends in .har is judged as the mock judged it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'x.har');
  const { code } = await run(['mock', '--port', '0', '--record', file, ...player([sound, warned, warned])]);
  expect(code).toBe(0);
  const { findings, summary } = JSON.parse((await run(['validate', '--format', 'json', file])).stdout);
  expect(summary).toMatchObject({ requests: 3, sessions: 1, warnings: 4 });
  expect(findings.map(({ rule }: { rule: string }) => rule).toSorted()).toEqual([
    'session-sent-again',
    'session-sent-again',
    'source-reserved',
    'source-reserved',
  ]);
});

describe('a sheet of behaviours', () => {
  const retry = ['--fault', '503@#1'];

  test.concurrent.for<[string, string[], unknown[], number, number]>([
    ['nothing is wrong', ['--certify'], [sound], 0, 0],
    [
      'a behaviour is wrong, though its finding does not count',
      ['--certify', '--fail-on', 'never'],
      split,
      0,
      1,
    ],
    ['what is required is seen', ['--require', 'retry-after-503', ...retry], [sound, sound], 0, 0],
    ['what is required is not seen', ['--require', 'retry-after-503,pause', ...retry], [sound, sound], 0, 1],
    [
      'what is required is seen, and something else is wrong',
      ['--require', 'retry-after-503', '--fail-on', 'never', ...retry],
      [sound, sound, ...split],
      0,
      0,
    ],
    ['no session arrived', ['--certify'], [], 0, 2],
    ['no session arrived, and some are required', ['--require', 'all'], [], 0, 1],
    ['the command fails', ['--require', 'all'], [sound], 7, 7],
  ])('%s', async ([, flags, bodies, own, code], { expect }) => {
    const result = await run(['mock', '--port', '0', ...flags, ...player(bodies, own)]);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' });
    expect(result.stderr).toMatch(/^[✔✖] \d+ right, \d+ wrong, \d+ not seen in \d+ sessions?/m);
  });

  test('follows the findings, also in a file, and can be required in the environment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'report.txt');
    const command = ['mock', '--port', '0', '-o', file, ...retry, ...player([warned, warned])];
    const { code, stderr } = await run(command, { env: { OMNY_CONSUME_REQUIRE: 'retry-after-503' } });
    const report = readFileSync(file, 'utf8');
    expect(report).toMatch(
      /^warning source-reserved: .*1 warning in 1 session, .*\n\n– play-to-end +not seen\n/s,
    );
    expect(report).toMatch(/^✔ retry-after-503 +The request was answered 503; /m);
    const right = Array.from(report.matchAll(/^✔ ([a-z]\S+) /gm), ([, id]) => id);
    expect(right).toEqual(['retry-after-503']);
    expect(stderr).toContain(
      `\n✔ 1 right, 0 wrong, ${BEHAVIOUR_IDS.length - 1} not seen in 1 session, 2 requests; 1 of 1 required seen right\n`,
    );
    expect(code).toBe(0);
  });

  test('is that of the recorded HAR, and that of the mock’s address', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'x.har');
    const [, node, ...script] = player([sound, sound, ...split]);
    script[script.length - 1] += `
      console.log(await (await fetch(process.env.OMNY_CONSUME_MOCK + '/_mock/certify')).text());`;
    const { stdout } = await run([
      'mock',
      '--port',
      '0',
      '--certify',
      '--record',
      file,
      ...retry,
      '--',
      node!,
      ...script,
    ]);
    const recorded = await run(['certify', '--format', 'json', file]);
    const [live, later] = [stdout, recorded.stdout].map((text) => JSON.parse(text) as Sheet);
    const told = ({ behaviours, ...sheet }: Sheet) => ({
      ...sheet,
      behaviours: behaviours.map(({ observations, ...line }) => ({
        ...line,
        observations: observations.map(({ evidence, sessionId: id }) => ({ evidence, id })),
      })),
    });
    expect(told(live!)).toEqual(told(later!));
    expect(live).toMatchObject({ summary: { wrong: 1, requests: 4, sessions: 3 } });
    const right = live!.behaviours.filter(({ verdict }) => verdict === 'right');
    expect(right.map(({ behaviour }) => behaviour)).toEqual(['play-to-end', 'retry-after-503']);
  });
});

interface Sheet {
  readonly behaviours: readonly {
    readonly behaviour: string;
    readonly verdict: string;
    readonly observations: readonly { readonly evidence: string; readonly sessionId: string | null }[];
  }[];
}

test('sessions are compared with scripts in the order in which they arrive', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [one, two] = [join(folder, 'one.txt'), join(folder, 'two.txt')];
  writeFileSync(one, 'play 30s');
  writeFileSync(two, 'play 5s');
  const compared = (flags: string[], bodies: unknown[]) =>
    run(['mock', '--port', '0', ...flags, ...player(bodies)]);
  const [first, second] = [1, 2].map((n) => bodyOf(events(n)));
  expect((await compared(['--script', one], [first])).code).toBe(0);
  const differing = await compared(['--script', one, '--script', two], [first, second]);
  expect(differing.code).toBe(1);
  expect(differing.stderr).toContain(`session ${sessionId(1)}: ✔ matches ${one}`);
  expect(differing.stderr).toContain(`session ${sessionId(2)}: ✖ differs from ${two}`);
  expect((await compared(['--script', one, '--session', sessionId(1)], [first, second])).code).toBe(0);
  const missing = await compared(['--script', one, '--script', one], [first]);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('no session arrived for it')]);
});

describe('a recording never empties a file', () => {
  function fileOf(text: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'mock-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'bodies.ndjson');
    writeFileSync(file, text);
    return file;
  }

  async function takenPort(): Promise<string> {
    const server = createServer();
    onTestFinished(() => {
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return String((server.address() as AddressInfo).port);
  }

  test('that holds something, and says so before it listens', async () => {
    const file = fileOf('{}\n');
    const { code, stderr } = await run(['mock', '--port', await takenPort(), '--record', file]);
    expect(stderr).toBe(
      `error: ${file}: the file is not empty (3 bytes). Name another file for --record, or add --force to overwrite it.\n`,
    );
    expect([code, readFileSync(file, 'utf8')]).toEqual([2, '{}\n']);
  });

  test('but with --force, once it listens', async () => {
    const file = fileOf('{}\n');
    const taken = await run(['mock', '--port', await takenPort(), '--record', file, '--force']);
    expect([taken.code, readFileSync(file, 'utf8')]).toEqual([2, '{}\n']);
    const { code } = await run(['mock', '--port', '0', '--record', file, '--force', ...player([sound])]);
    expect([code, readFileSync(file, 'utf8')]).toEqual([0, `${JSON.stringify(sound)}\n`]);
  });

  test('that a link leads to, --force or not', async () => {
    const file = fileOf('');
    const link = `${file}.link`;
    symlinkSync(file, link);
    const { code, stderr } = await run(['mock', '--port', '0', '--record', link, '--force']);
    expect(stderr).toBe(
      `error: ${link}: cannot be written: it is a link, which is not followed: name the file itself\n`,
    );
    expect(code).toBe(2);
  });

  test('and takes one that is empty', async () => {
    const file = fileOf('');
    const { code } = await run(['mock', '--port', '0', '--record', file, ...player([sound])]);
    expect([code, readFileSync(file, 'utf8')]).toEqual([0, `${JSON.stringify(sound)}\n`]);
  });
});

describe('without a command it runs until it is stopped', () => {
  test.each<[NodeJS.Signals, unknown, number]>([
    ['SIGINT', sound, 0],
    ['SIGTERM', broken, 1],
    ['SIGINT', null, 2],
  ])('%s after %j', async (signal, body, code) => {
    const { child, url } = await startedMock([]);
    if (body !== null) await post(url, body);
    const { stdout, code: ended } = await stopped(child, signal);
    expect(ended).toBe(code);
    expect(stdout).toContain(body === null ? '' : '1 session, 2 events');
  });

  test('shows a page, and says where', async () => {
    const { child, url, stderr } = await startedMock([]);
    const [, page] = /page {6}(\S+)/.exec(stderr()) ?? [];
    const response = await fetch(page!);
    expect(response.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*script-src 'sha256-/,
    );
    expect(await response.text()).toContain('<!doctype html>');
    await post(url);
    await stopped(child, 'SIGINT');
  });

  test('faults, TLS, Enabled: false and strict are as the flags say', async () => {
    const flags = [
      '--fault',
      '418@#1',
      '--disabled',
      '--strict',
      '--tls-cert',
      CERT,
      '--tls-key',
      KEY,
      '--seed',
      '1',
    ];
    const { child, url } = await startedMock(flags);
    expect(url).toMatch(/^https:\/\/localhost:/);
    const command = `for (const body of process.argv.slice(1)) {
      const answer = await fetch(process.env.URL, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      console.log(answer.status, await answer.text());
    }`;
    const client = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        command,
        JSON.stringify(sound),
        JSON.stringify(sound),
        JSON.stringify(broken),
      ],
      {
        cwd: ROOT,
        env: { URL: `${url}?organizationId=126281f8-200e-4c9f-8378-a4870055423b`, NODE_EXTRA_CA_CERTS: CERT },
      },
    );
    const { stdout } = await ended(client);
    expect(stdout).toMatch(/^418 .*\n200 \{"Enabled":false\}\n400 .*not-completed/);
    await stopped(child, 'SIGINT');
  });

  test('a recording is there while it runs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mock-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'bodies.ndjson');
    const { child, url } = await startedMock(['--record', file]);
    await post(url);
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(sound)}\n`);
    await stopped(child, 'SIGTERM');
  });
});

test('a port that is taken is told in a line', async () => {
  const server = createServer();
  onTestFinished(() => {
    server.close();
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  const { code, stderr } = await run(['mock', '--port', String(port)]);
  expect(stderr).toBe(
    `error: port ${port} is taken. Is another mock running? Choose another port with --port; 0 picks a free one.\n`,
  );
  expect(code).toBe(2);
});

test('beyond loopback it warns', async () => {
  const { stderr } = await run(['mock', '--port', '0', '--host', '0.0.0.0', ...player([sound])]);
  expect(stderr).toMatch(/^warning: --host 0\.0\.0\.0: .*\nendpoint {2}http:\/\/127\.0\.0\.1:/);
});

test('--forward passes on, and keeps simulated sessions here', async () => {
  const behind = await startedMock([]);
  const passed = await run(['mock', '--port', '0', '--forward', behind.url, ...player([sound])]);
  expect(passed.code).toBe(0);
  const simulated = JSON.parse(
    JSON.stringify(sound).replaceAll(sessionId(1), '5eed0000-0000-8000-8000-000000000001'),
  );
  const held = await run(['mock', '--port', '0', '--forward', behind.url, ...player([simulated])]);
  expect(held.stderr).toContain('--allow-simulated');
  const { stdout } = await stopped(behind.child, 'SIGINT');
  expect(stdout).toContain('1 session,');
});

test.each([
  [['--forward', 'http://127.0.0.1:9', '--allow-origin', 'localhost:3000'], /expected scheme, host and port/],
  [['--forward', 'http://127.0.0.1:9', '--allow-origin', 'http://a.example/player'], /expected scheme/],
  [['--allow-origin', 'http://localhost:3000'], /--allow-origin needs --forward/],
])('%j is wrong usage', async (flags, why) => {
  const { code, stderr } = await run(['mock', '--port', '0', ...flags, ...player([sound])]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(why)]);
});

async function startedMock(flags: readonly string[]) {
  const child = spawn(process.execPath, ['bin/omny-consume.js', 'mock', '--port', '0', ...flags], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stderr = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const [, found] = /endpoint {2}(\S+)[\s\S]*Ctrl-C/.exec(stderr) ?? [];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error(stderr)));
  });
  return { child, url, stderr: () => stderr };
}

function stopped(
  child: ChildProcess,
  signal: NodeJS.Signals,
): Promise<{ stdout: string; code: number | null }> {
  const result = ended(child);
  child.kill(signal);
  return result;
}

function ended(child: ChildProcess): Promise<{ stdout: string; code: number | null }> {
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ stdout, code })));
}
