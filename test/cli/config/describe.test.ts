import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { configurable } from '../../../src/cli/config/settings.js';
import { createProgram } from '../../../src/cli/main.js';
import { runHere } from '../in-process.js';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));
const config = join(folder, 'settings.json');
const configured = (text: string): string => {
  writeFileSync(config, text);
  return config;
};

/** The config file that the docs show. */
const [, DOCUMENTED = ''] =
  /<!-- file: omny-consume\.config\.json -->\n```json\n([\s\S]*?)```/.exec(
    readFileSync('docs/ci.md', 'utf8'),
  ) ?? [];

describe('schema --config', () => {
  const compiled = async () =>
    new Ajv2020({ allowUnionTypes: true }).compile(
      JSON.parse((await runHere(['schema', '--config'])).stdout),
    );

  it('takes the config file of the docs, and refuses what the program refuses', async () => {
    const validate = await compiled();
    validate(JSON.parse(DOCUMENTED.replaceAll(/\s\/\/.*$/gm, '')));
    expect(validate.errors ?? []).toEqual([]);
    const refused = [
      { maxWarning: 0 },
      { output: 'x' },
      { rules: { 'seq-gp': 'off' } },
      { rules: { 'seq-gap': 'of' } },
      { allow: { syntax: '1%' } },
      { validate: { concurrency: 1 } },
      { overrides: [{ files: ['x'] }] },
      { quiet: 'yes' },
    ];
    expect(refused.filter((settings) => validate(settings))).toEqual([]);
    const codes = refused.map(async (settings) => {
      const { code } = await runHere(['validate', '--config', configured(JSON.stringify(settings)), 'none']);
      return code;
    });
    expect(new Set(await Promise.all(codes))).toEqual(new Set([2]));
  });

  it('holds every key, described, in the section of each command that has it', async () => {
    const { properties } = JSON.parse((await runHere(['schema', '--config'])).stdout) as {
      properties: Record<string, { properties?: object; anyOf?: readonly { properties?: object }[] }>;
    };
    const cli = { args: [], env: {}, cwd: () => '/' } as unknown as Parameters<typeof createProgram>[0];
    for (const command of createProgram(cli, async () => {}).commands) {
      const keys = [...configurable(command).keys()];
      if (keys.length === 0 || command.name() === 'rules') continue;
      const its = properties[command.name()];
      const section = its?.anyOf?.find((each) => each.properties) ?? its;
      expect(Object.keys(section?.properties ?? {})).toEqual(keys);
      expect(keys.filter((key) => !Object.hasOwn(properties, key))).toEqual([]);
    }
  });
});

describe('--print-config', () => {
  it('prints what is in force, with where it comes from, and does nothing else', async () => {
    const file = configured('{ "maxWarnings": 3, "send": { "endpoint": "http://me:secret@127.0.0.1:1/x" } }');
    const args = ['--print-config', '--config', file, '--rule', 'seq-gap=off', 'none.csv'];
    const { stdout, code } = await runHere(['validate', ...args]);
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        command: 'validate',
        config: expect.stringContaining('settings.json'),
        settings: expect.objectContaining({
          maxWarnings: { value: 3, from: 'config file' },
          rules: { value: { 'seq-gap': 'off' }, from: 'flag' },
          minDuration: { value: 10, from: 'default' },
        }),
      },
    ]);
    const certify = ['certify', '--print-config', '--require', 'pause,stall', 'none.har'];
    const { settings } = JSON.parse((await runHere(certify)).stdout);
    expect(settings.require).toEqual({ value: ['pause', 'stall'], from: 'flag' });
    expect((await runHere(['send', ...args])).stdout).toContain('"http://***@127.0.0.1:1/x"');
  });
});

describe('a variable that sets nothing', () => {
  it('is told, unless -q is given', async () => {
    const env = {
      OMNY_CONSUME_TIMEZON: 'x',
      OMNY_CONSUME_YES: '1',
      OMNY_CONSUME_TIMEZONE: 'UTC',
      OMNY_CONSUME_MOCK: 'x',
      OMNY_CONSUME_CONCURRENCY: '1',
    };
    const { stderr } = await runHere(['rules', 'syntax'], undefined, undefined, env);
    expect(stderr).toBe(
      'warning: OMNY_CONSUME_TIMEZON is ignored: it sets no option. Did you mean OMNY_CONSUME_TIMEZONE?\n' +
        'warning: OMNY_CONSUME_YES is ignored: --yes cannot be set in the environment: give the flag\n',
    );
    expect((await runHere(['rules', 'syntax', '-q'], undefined, undefined, env)).stderr).toBe('');
  });
});

describe('overrides', () => {
  it('that match no input are named, unless the run is quiet', async () => {
    const input = 'docs/examples/events.ndjson';
    const file = configured(`{"overrides": [
      { "files": ["legacy/**", "older/*"], "rules": { "seq-gap": "info" } },
      { "files": ["${resolve(input)}"], "rules": { "seq-gap": "info" } }
    ]}`);
    for (const command of ['validate', 'report', 'send --endpoint mock --dry-run']) {
      const args = [...command.split(' '), '--config', file, input];
      const { stderr, code } = await runHere(args);
      expect(stderr).toContain('no input of this run matches ');
      expect(stderr).toContain(`${basename(file)}: overrides[0] (legacy/**, older/*)\n`);
      expect(stderr).not.toContain('overrides[1]');
      expect(code).toBe(0);
      expect((await runHere([...args, '-q'])).stderr).not.toContain('no input of this run');
    }
  });

  it('set severities for the files that match, the last first, and flags before all', async () => {
    for (const [seed, name] of ['old', 'new'].entries()) {
      mkdirSync(join(folder, name));
      const made = [
        '--seed',
        String(seed),
        '--sessions',
        '2',
        '--fault',
        'seq-gap',
        '-o',
        join(folder, name, 'a.ndjson'),
      ];
      await runHere(['simulate', ...made]);
    }
    const file = configured(`{ // comments may stand here
      "overrides": [
        { "files": ["**/*.ndjson"], "rules": { "seq-gap": "info" } },
        { "files": ["old/*"], "rules": { "seq-gap": "warning" } }
      ] /* and here */
    }`);
    const counts = async (...args: string[]) => {
      const inputs = [join(folder, 'old'), join(folder, 'new', 'a.ndjson')];
      const { stdout } = await runHere([
        'validate',
        '--format',
        'json',
        '--config',
        file,
        ...args,
        ...inputs,
      ]);
      const { errors, warnings, infos } = (JSON.parse(stdout) as { summary: Record<string, number> }).summary;
      return { errors, warnings, infos };
    };
    expect(await counts()).toEqual({ errors: 0, warnings: 2, infos: 2 });
    expect(await counts('--rule', 'seq-gap=error')).toEqual({ errors: 4, warnings: 0, infos: 0 });
  });

  it.each([
    ['1', 'overrides: expected a list'],
    ['[1]', 'overrides[0]: expected {'],
    ['[{"files":"x","rules":{}}]', 'overrides[0].files: expected a list of patterns'],
    ['[{"files":["x"]}]', 'overrides[0].rules: expected an object'],
    ['[{"files":["x"],"rules":{"seq-gp":"off"}}]', 'Did you mean seq-gap?'],
    ['[{"files":["x"],"rules":{},"z":1}]', 'overrides[0].z: unknown setting'],
  ])('%s is refused', async (overrides, told) => {
    const { stderr, code } = await runHere([
      'validate',
      '--config',
      configured(`{"overrides":${overrides}}`),
      'x',
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
  });
});
