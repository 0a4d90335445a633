import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Cli } from '../../../src/cli/cli.js';
import type { SendFlags } from '../../../src/cli/send/flags.js';
import { confirm, refuseLong } from '../../../src/cli/send/guards.js';
import { parseEndpoint } from '../../../src/send/endpoint.js';
import type { Plan } from '../../../src/send/plan.js';
import { runHere } from '../in-process.js';

const HOST = 'https://stats.example.com/api/consumption/events';
const PLAN: Plan = {
  requests: 1,
  sessions: 2,
  events: 4,
  bytes: 900,
  playedSeconds: 60,
  longestIntervalSeconds: 40,
  longestSessionSeconds: 45,
  longSessions: 0,
  oversize: 0,
  organizations: 1,
  seconds: null,
  groups: [],
};

interface Terminal {
  readonly stdin: boolean;
  readonly stderr: boolean;
  readonly interactive: boolean;
}

/** Asks whether to send, with an answer ready. Gives what was written, and the error it ended with. */
async function asked({ stdin, stderr, interactive }: Terminal, answer: string, plan = PLAN) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(answer);
  const cli = {
    args: ['send'],
    stdin: Object.assign(input, { isTTY: stdin }),
    stderr: Object.assign(output, { isTTY: stderr }),
  } as unknown as Cli;
  const { signal } = new AbortController();
  const error = await confirm(
    plan,
    parseEndpoint(HOST),
    { yes: false, interactive, signal, ledger: null },
    cli,
  ).then(
    () => null,
    ({ message }: Error) => message,
  );
  return { told: String(output.read() ?? ''), error };
}

describe('before anything leaves this machine, send asks', () => {
  const AT_A_TERMINAL = { stdin: true, stderr: true, interactive: true };

  test.each<[string, Terminal]>([
    ['stdin is no terminal', { ...AT_A_TERMINAL, stdin: false }],
    ['stderr is no terminal, so that nobody would see the question', { ...AT_A_TERMINAL, stderr: false }],
    ['stdin holds the data', { ...AT_A_TERMINAL, interactive: false }],
  ])('but refuses where %s, whatever the answer would be', async (_, terminal) => {
    expect(await asked(terminal, 'y\n')).toEqual({
      told: '',
      error: 'stats.example.com is another host, and there is no terminal to confirm on: nothing was sent',
    });
  });

  test.each([
    ['y\n', null],
    ['YES\n', null],
    ['n\n', 'nothing was sent'],
    ['\n', 'nothing was sent'],
    ['yesterday\n', 'nothing was sent'],
  ])('and takes %j for an answer', async (answer, error) => {
    const { told, error: received } = await asked(AT_A_TERMINAL, answer);
    expect(told).toContain('To stats.example.com');
    expect(received).toBe(error);
  });
});

const HOUR = 3600;
const of = (sessions: number, hours: number, longSessions = 0): Plan => ({
  ...PLAN,
  sessions,
  playedSeconds: hours * HOUR,
  longSessions,
});

describe('listening that is longer than people listen', () => {
  test.each<[string, Plan, boolean]>([
    ['3 h a session', of(10, 30), false],
    ['more than 3 h a session', of(10, 30.01), true],
    ['a single session of over 12 h', of(50, 20, 1), false],
    ['two of 100', of(100, 200, 2), true],
    ['two of 200, which are not over 1 %', of(200, 200, 2), false],
    ['three of 200', of(200, 200, 3), true],
    ['nothing', of(0, 0), false],
  ])('%s: refused is %s', async (_, plan, long) => {
    const endpoint = parseEndpoint(HOST);
    const refuse = (flags: object) => () =>
      refuseLong(plan, endpoint, flags as SendFlags, { args: ['send'] });
    if (long) expect(refuse({ yes: true })).toThrow('--yes is not enough to send to stats.example.com');
    else expect(refuse({ yes: true })).not.toThrow();
    expect(refuse({ yes: true, allowLong: true })).not.toThrow();
    // Whoever is asked is told.
    expect(refuse({})).not.toThrow();
    const { told } = await asked({ stdin: true, stderr: true, interactive: true }, 'n\n', plan);
    expect(told.includes('These are long')).toBe(long);
    expect(told).toContain('longest interval 40 s, longest session 45 s');
  });
});

describe('to a host that is not this machine', () => {
  const HEAD = 'OrganizationId,ClipId,StartedAt,ListenedSeconds';
  const row = (seconds: number) =>
    `126281f8-200e-4c9f-8378-a4870055423b,9b5c82f7-74cf-4841-a870-a670017cc8eb,1540270724,${seconds}`;

  /** Sends rows without SessionIds, each once. */
  function sent(seconds: readonly number[], endpoint: string, ...flags: string[]) {
    const stdin = new PassThrough();
    stdin.end([HEAD, ...seconds.map(row), ''].join('\n'));
    const send = ['send', '--no-ledger', '--endpoint', endpoint, '--input-format', 'csv', ...flags, '-'];
    return runHere(send, stdin);
  }

  test('nothing longer goes by --yes alone', async () => {
    const { code, stderr } = await sent([20_000, 30_000], HOST, '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain(
      'longest interval 8 h 20 min, longest session 8 h 20 min, 6 h 57 min a session on average: for listening this long, --yes is not enough to send to stats.example.com: nothing was sent',
    );
    expect(stderr).toMatch(/If it is right: omny-consume send .* --allow-long\n$/);
  });

  test('the plan shows how long the listening is, and what is needed', async () => {
    const { code, stdout } = await sent([20_000, 30_000], HOST, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(
      '  longest interval 8 h 20 min, longest session 8 h 20 min, 6 h 57 min a session on average\n  These are long: to send them to another host with --yes, add --allow-long\n',
    );
  });

  test('rows without SessionId are told of once', async () => {
    const told = '3 rows have no SessionId; a row that changes later would count twice: use --session-key';
    const { stdout } = await sent([30, 40, 50], HOST, '--dry-run');
    expect(stdout.split(told)).toHaveLength(2);
    const { stderr } = await sent([30, 40, 50], HOST);
    expect(stderr.split(told)).toHaveLength(2);
    for (const flags of [['--dry-run'], []]) {
      const here = await sent([30, 40, 50], 'mock', ...flags);
      expect(`${here.stdout}${here.stderr}`).not.toContain('SessionId');
    }
    const keyed = await sent([30, 40, 50], HOST, '--dry-run', '--session-key', 'ListenedSeconds');
    expect(keyed.stdout).not.toContain('no SessionId');
  });

  const SIMULATED = /holds sessions that simulate made/;
  const ASKED = /there is no terminal to confirm on/;

  /** Two sound events of a session, to be sent without an answer: nothing leaves, whatever the session. */
  async function refusalOf(sessionId: string, source: string): Promise<string> {
    const common = {
      OrganizationId: '126281f8-200e-4c9f-8378-a4870055423b',
      ClipId: '9b5c82f7-74cf-4841-a870-a670017cc8eb',
      SessionId: sessionId,
      ...(source !== '' && { Source: source }),
    };
    const events = [
      { ...common, Type: 'Start', Position: 0, SeqNumber: 1, Timestamp: 1540270724 },
      { ...common, Type: 'Stop', Position: 30, SeqNumber: 2, Timestamp: 1540270754 },
    ];
    const stdin = new PassThrough();
    stdin.end(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const { stderr, code } = await runHere(['send', '--no-ledger', '--endpoint', HOST, '-'], stdin);
    expect(code).toBe(2);
    return stderr;
  }

  // Of a bare event and of one with a Source: they are read in different ways.
  describe.each(['', 'CustomWeb'])('with Source %j', (source) => {
    test.each([
      ['5eed0000-0000-8000-8000-000000000001', SIMULATED],
      ['5EED0000-FFFF-8FFF-BFFF-00000000ABCD', SIMULATED],
      ['5eed0000-0000-7000-8000-000000000001', ASKED],
      ['5eed0000-0000-9000-8000-000000000001', ASKED],
      ['5eed0000-0000-f000-8000-000000000001', ASKED],
      ['5eed0000-0000-0000-8000-000000000001', ASKED],
      ['5eee0000-0000-8000-8000-000000000001', ASKED],
      ['a039f83d-1916-836b-a090-000000000001', ASKED],
    ])('a session %s is refused with %s', async (sessionId, refusal) => {
      expect(await refusalOf(sessionId, source)).toMatch(refusal);
    });
  });
});
