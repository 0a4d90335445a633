import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Cli } from '../../../src/cli/cli.js';
import { configurable, keyOf } from '../../../src/cli/config/settings.js';
import { CONFIG_NAME, createProgram, findConfig } from '../../../src/cli/main.js';
import { ValueOption } from '../../../src/cli/options/option.js';
import { UserError } from '../../../src/domain/errors.js';

let folder = '';

beforeEach(async () => {
  const made = await mkdtemp(join(tmpdir(), 'omny-consume-config-'));
  folder = made;
  return () => rm(made, { recursive: true });
});

function programIn(cwd: string) {
  const stderr = new PassThrough();
  const cli = {
    stdin: new PassThrough(),
    stdout: new PassThrough() as unknown as Cli['stdout'],
    stderr: stderr as unknown as Cli['stderr'],
    args: [],
    env: {},
    cwd: () => cwd,
    now: () => 0,
  };
  return { program: createProgram(cli, async () => {}), told: () => String(stderr.read() ?? '') };
}

/** The flags that a command sees, with a config file in its folder. */
async function flags(config: unknown, args: readonly string[], cwd = folder) {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  await writeFile(join(folder, CONFIG_NAME), text);
  const { program, told } = programIn(cwd);
  await program.parseAsync(['node', 'omny-consume', ...args]);
  const command = program.commands.find((each) => each.name() === args[0]);
  return { ...command?.opts(), told: told() } as Readonly<Record<string, unknown>>;
}

/** What is told of a config file that is refused. */
async function refusal(config: unknown, args: readonly string[] = ['validate']): Promise<string> {
  const error = await flags(config, args).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error ?? new Error('it was taken');
  expect(error.kind).toBe('usage');
  return [error.message, error.advice].filter(Boolean).join('. ');
}

function setEnvironment(name: string, value: string): void {
  process.env[name] = value;
  onTestFinished(() => {
    delete process.env[name];
  });
}

describe('the config file', () => {
  it('is found in the working folder, else in the nearest above', async () => {
    const below = join(folder, 'a', 'b');
    await mkdir(below, { recursive: true });
    expect(findConfig(below)).toBeNull();
    await writeFile(join(folder, CONFIG_NAME), '{}');
    expect(findConfig(below)).toBe(join(folder, CONFIG_NAME));
    await writeFile(join(folder, 'a', CONFIG_NAME), '{}');
    expect(findConfig(below)).toBe(join(folder, 'a', CONFIG_NAME));
    expect(findConfig('/')).toBeNull();
  });

  it('sets what is left open, at the top for all commands that know it and in sections, which win', async () => {
    const config = {
      minDuration: 60,
      maxWarnings: 3,
      concurrency: 8,
      quiet: true,
      validate: { maxWarnings: 0, quiet: false },
      send: { endpoint: 'mock', ledger: 'plays.ledger' },
    };
    expect(await flags(config, ['validate'])).toMatchObject({
      minDuration: 60,
      maxWarnings: 0,
      quiet: false,
    });
    expect(await flags(config, ['report'])).toMatchObject({ minDuration: 60, quiet: true });
    expect(await flags(config, ['send'])).toMatchObject({
      minDuration: 60,
      concurrency: 8,
      endpoint: 'mock',
      ledger: 'plays.ledger',
    });
  });

  it('is weaker than the environment, which is weaker than flags', async () => {
    const config = { minDuration: 60, maxSpeed: 8, batchBytes: 1000 };
    setEnvironment('OMNY_CONSUME_MAX_SPEED', '2');
    setEnvironment('OMNY_CONSUME_BATCH_BYTES', '2000');
    expect(await flags(config, ['send', '--batch-bytes', '3000'])).toMatchObject({
      minDuration: 60,
      maxSpeed: 2,
      batchBytes: 3000,
    });
  });

  it('gives rules and columns as objects, to which flags add', async () => {
    const config = {
      rules: { 'session-open': 'off', 'seq-gap': 'warning' },
      map: { ClipId: 'episode_guid' },
      validate: { rules: { 'seq-gap': 'info' } },
    };
    const { rule, map } = await flags(config, ['validate', '--rule', 'session-open=error']);
    expect(rule).toEqual(
      new Map([
        ['session-open', 'error'],
        ['seq-gap', 'info'],
      ]),
    );
    expect(map).toEqual(new Map([['ClipId', 'episode_guid']]));
    expect((await flags(config, ['report'])).rule).toEqual(
      new Map([
        ['session-open', 'off'],
        ['seq-gap', 'warning'],
      ]),
    );
  });

  it('gives lists as lists, of which flags take the place', async () => {
    const config = { mock: { fault: ['503@#1', 'delay=1s'], allowHost: 'player.test' } };
    expect(await flags(config, ['mock'])).toMatchObject({
      fault: ['503@#1', 'delay=1s'],
      allowHost: ['player.test'],
    });
    expect(await flags(config, ['mock', '--fault', 'hang'])).toMatchObject({ fault: ['hang'] });
  });

  it('names files from its own folder', async () => {
    const below = join(folder, 'below');
    await mkdir(below);
    const config = {
      clips: 'data/clips.csv',
      clipMap: '/etc/map.csv',
      validate: { format: ['pretty', 'junit:out.xml', 'json:-'] },
    };
    expect(await flags(config, ['validate'], below)).toMatchObject({
      clips: '../data/clips.csv',
      clipMap: '/etc/map.csv',
      format: [{ format: 'pretty' }, { format: 'junit', file: '../out.xml' }, { format: 'json' }],
    });
  });

  it('is told of with -v', async () => {
    expect((await flags({}, ['validate', '-v'])).told).toBe(`settings from ${CONFIG_NAME}\n`);
    expect((await flags({ verbose: true }, ['validate', '-q'])).told).toBe('');
    expect((await flags({}, ['validate'])).told).toBe('');
  });

  it('is not read for --help and --version', async () => {
    await writeFile(join(folder, CONFIG_NAME), '{ broken');
    for (const args of [['--version'], ['--help'], ['validate', '--help']]) {
      const { program } = programIn(folder);
      await expect(program.parseAsync(['node', 'omny-consume', ...args])).rejects.toMatchObject({
        exitCode: 0,
      });
    }
  });
});

describe('refused, with file and key, is', () => {
  it.each([
    ['{"a": 1,}', 'omny-consume.config.json:1:9: expected'],
    ['{\n  "maxWarnings": 0\n  "rules": {}\n}', 'omny-consume.config.json:3:3: expected'],
    ['', 'omny-consume.config.json:1:1: expected'],
    ['{ // "a"\n  "b" 1 }', 'omny-consume.config.json:2:7: expected'],
    ['[]', 'omny-consume.config.json: expected an object'],
  ])('a file that is no JSON object: %j', async (text, message) => {
    expect(await refusal(text)).toContain(message);
  });

  it.each<[string, unknown, readonly string[], string]>([
    [
      'an unknown key',
      { maxWarning: 0 },
      ['validate'],
      'maxWarning: unknown setting. Did you mean maxWarnings?',
    ],
    [
      'the flag’s spelling',
      { 'max-warnings': 0 },
      ['validate'],
      'max-warnings: unknown setting. Did you mean maxWarnings?',
    ],
    [
      'one that is like none',
      { colours_of_the_wind: 0 },
      ['validate'],
      'colours_of_the_wind: unknown setting. Settings have the names of the long options, in camelCase.',
    ],
    [
      'one of another command’s section',
      { report: { bins: 1 } },
      ['validate'],
      'report.bins: unknown setting. Did you mean bin?',
    ],
    [
      'an option that the section’s command lacks',
      { validate: { endpoint: 'mock' } },
      ['validate'],
      'validate.endpoint: unknown setting.',
    ],
    [
      'a section that is none',
      { validate: true },
      ['validate'],
      'validate: expected an object, the section of that command',
    ],
    [
      'the name of an object’s prototype',
      '{"__proto__": {}, "constructor": 1}',
      ['validate'],
      '__proto__: unknown setting.',
    ],
    ['control characters', { 'a\u001bb': 1 }, ['validate'], 'a\\u001bb: unknown setting'],
    [
      'a text for a number',
      { maxWarnings: 'few' },
      ['validate'],
      'maxWarnings: expected a whole number of at least 0, received "few"',
    ],
    [
      'a list for one',
      { validate: { maxWarnings: [1] } },
      ['validate'],
      'validate.maxWarnings: expected a non-empty string or a number, received an array of 1 element',
    ],
    ['a number for a path', { clips: 7 }, ['validate'], 'clips: expected a non-empty string, received 7'],
    ['an empty text', { timezone: '' }, ['validate'], 'timezone: expected a non-empty string, received ""'],
    ['a text for yes or no', { quiet: 'yes' }, ['validate'], 'quiet: expected true or false, received "yes"'],
    ['another choice', { source: 'Website' }, ['send'], 'source: allowed choices are'],
    [
      'a list of pairs',
      { rules: ['session-open=off'] },
      ['validate'],
      'rules: expected an object, as {"NAME": "VALUE"}, received an array of 1 element',
    ],
    [
      'an unknown rule',
      { rules: { 'seq-gpa': 'off' } },
      ['validate'],
      'rules.seq-gpa: there is no rule or diagnosis "seq-gpa". Did you mean seq-gap?',
    ],
    [
      'a severity that is none',
      { rules: { 'seq-gap': 'of' } },
      ['validate'],
      'rules.seq-gap: expected error, warning, info or off as the severity of seq-gap, received "of"',
    ],
    [
      'a rule’s severity',
      { rules: { 'seq-gap': true } },
      ['validate'],
      'rules: expected an object, as {"NAME": "VALUE"}',
    ],
    [
      'the flag of rules',
      { rule: 'seq-gap=off' },
      ['validate'],
      'rule: unknown setting. Did you mean rules?',
    ],
    ['--yes', { yes: true }, ['validate'], 'yes: --yes can be set only on the command line, for each run'],
    [
      '--allow-simulated',
      { mock: { allowSimulated: true } },
      ['validate'],
      'mock.allowSimulated: --allow-simulated can be set only on the command line',
    ],
    [
      '--skip-invalid',
      { send: { skipInvalid: false } },
      ['send'],
      'send.skipInvalid: --skip-invalid can be set only on the command line',
    ],
    [
      '--no-ledger',
      { noLedger: true },
      ['send'],
      'noLedger: --no-ledger can be set only on the command line',
    ],
    [
      '--no-ledger in other words',
      { ledger: false },
      ['send'],
      'ledger: --no-ledger can be set only on the command line',
    ],
    [
      'the real host',
      { endpoint: 'omny' },
      ['send'],
      'endpoint: traffic.omny.fm is not on this machine: a config file cannot set an endpoint on another host. Give --endpoint',
    ],
    [
      'another host',
      { send: { endpoint: 'https://example.com' } },
      ['send', '--endpoint', 'mock'],
      'send.endpoint: example.com is not on this machine',
    ],
    [
      'an endpoint that is none',
      { endpoint: 'omni' },
      ['send'],
      'endpoint: the endpoint "omni" is not known',
    ],
  ])('%s', async (_, config, args, message) => {
    const told = await refusal(config, args);
    expect(told).toContain(`${CONFIG_NAME}: ${message}`);
    expect(told).not.toContain('\n');
  });

  it('not what another command alone would refuse', async () => {
    expect(await flags({ format: 'html', report: { bin: -1 } }, ['simulate'])).toBeDefined();
  });
});

describe('every option', () => {
  const { program } = programIn('/');
  const options = program.commands.flatMap((command) => command.options);

  it('that may be repeated says what it is in a config file', () => {
    const wrong = options.filter(
      (option) =>
        option.description.includes('(repeatable') !==
        (option instanceof ValueOption && option.several !== undefined),
    );
    expect(wrong.map(({ long }) => long)).toEqual([]);
  });

  it('that names a file says so, other than one that can also be @FILE', () => {
    const wrong = options.filter(
      (option) =>
        /\bfile\b/i.test(option.description) &&
        !option.description.includes('@FILE') &&
        option.required &&
        !/<file>|\[:file\]/.test(option.flags),
    );
    expect(wrong.map(({ long }) => long)).toEqual([]);
  });

  it('that names a file says whether it is written', () => {
    const written = options.filter((option) => option instanceof ValueOption && option.writes);
    const read = options.filter(
      (option) => /<file>|\[:file\]/.test(option.flags) && !written.includes(option),
    );
    const named = (some: typeof options) => [...new Set(some.map(({ long }) => long ?? ''))].toSorted();
    expect(named(written)).toEqual([
      '--baseline',
      '--dead-letter',
      '--fix-log',
      '--format',
      '--labels',
      '--ledger',
      '--output',
      '--record',
      '--status',
      '--unreadable',
    ]);
    expect(named(read)).toEqual([
      '--ca',
      '--clip-map',
      '--clips',
      '--compare',
      '--config',
      '--known',
      '--salvage',
      '--script',
      '--tls-cert',
      '--tls-key',
    ]);
  });

  it('has one key, and a way to be set but for flags only', () => {
    const set = new Set(program.commands.flatMap((command) => [...configurable(command).keys()]));
    const unset = options
      .filter((option) => !set.has(keyOf(option)) || option.negate)
      .map(({ long }) => long);
    const flagsAlone = [
      '--allow-long',
      '--allow-simulated',
      '--config',
      '--dry-run',
      '--force',
      '--known',
      '--ledger-anywhere',
      '--no-config',
      '--no-ledger',
      '--print-config',
      '--retry-refused',
      '--settle',
      '--skip-invalid',
      '--update-baseline',
      '--wait',
      '--yes',
    ];
    const commandLine = [
      '--ca',
      '--limit',
      '--on-ambiguous',
      '--output',
      '--shard',
      '--since',
      '--skip-unmapped',
      '--until',
      '--query',
    ];
    expect(new Set(unset)).toEqual(new Set([...flagsAlone, ...commandLine]));
  });
});
