import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cli } from '../../src/cli/cli.js';
import { complete } from '../../src/cli/completion/run.js';
import { groupOf } from '../../src/cli/help.js';
import { createProgram } from '../../src/cli/main.js';
import { BIN } from './run.js';

const cli: Cli = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  args: [],
  env: {},
  cwd: () => tmpdir(),
  now: () => 0,
};
const program = createProgram(cli, async () => {});
const valuesFor = (...words: string[]) => complete(program, words).candidates.map(({ value }) => value);

describe('what may follow', () => {
  it.each<[string[], string[]]>([
    [['val'], ['validate']],
    [['--vers'], ['--version']],
    [['help', 'sen'], ['send']],
    [
      ['validate', '--max'],
      ['--max-warnings', '--max-findings', '--max-speed'],
    ],
    [['validate', '--input-format', 'n'], ['ndjson']],
    [['validate', '--input-format=h'], ['--input-format=har']],
    [['validate', '--rule', 'seq-g'], ['seq-gap=']],
    [['validate', '--rule', 'seq-gap=w'], ['seq-gap=warning']],
    [['rules', 'position-st'], ['position-stuck']],
    [['simulate', '--fault', 'seq-g'], ['seq-gap']],
    [['completion', 'z'], ['zsh']],
    [['sned', '--da'], []],
    [['complete', ''], []],
  ])('%j: %j', (words, expected) => expect(valuesFor(...words)).toEqual(expected));

  it.each([
    [['validate', ''], true],
    [['validate', '--clips', ''], true],
    [['validate', '--format', 'junit:re'], true],
    [['mock', '--', 'npm', ''], true],
    [['validate', '--timezone', ''], false],
    [['schema', ''], false],
  ])('%j: names of files: %s', (words, files) => expect(complete(program, words).files).toBe(files));
});

it('every option stands in a group of the help', () => {
  const without = program.commands
    .filter((command) => command.name() !== 'complete')
    .flatMap((command) =>
      command.options
        .filter((option) => groupOf(command, option) === undefined)
        .map((option) => `${command.name()} ${option.long}`),
    );
  expect(without).toEqual([]);
});

const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;
const required = process.env.TEST_REQUIRE_SHELLS === '1';

describe('in a shell', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omny-consume-completion-'));
  beforeAll(() => {
    symlinkSync(BIN, join(folder, 'omny-consume'));
    writeFileSync(join(folder, 'plays.csv'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const shell = (name: string, args: readonly string[], script: string): string =>
    execFileSync(name, [...args, script], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 20_000,
      env: { ...process.env, HOME: folder, TERM: 'dumb', PATH: `${folder}${delimiter}${process.env.PATH}` },
    });

  it.skipIf(!required && !isThere('bash'))('bash completes', () => {
    const told = shell(
      'bash',
      ['--norc', '-c'],
      `compopt() { echo "compopt $*"; }
      source <(omny-consume completion bash)
      try() { COMP_WORDS=(omny-consume "$@"); COMP_CWORD=$#; _omny_consume; echo "\${COMPREPLY[@]}"; }
      try validate --input-f; try validate --rule seq-g; try validate --rule seq-gap = w; try validate pl; try mock '$(touch evil)'; ls`,
    );
    expect(told.split('\n')).toEqual([
      '--input-format',
      'compopt -o nospace',
      'seq-gap=',
      'warning',
      'compopt -o default',
      '',
      'compopt -o default',
      '',
      'omny-consume',
      'plays.csv',
      '',
    ]);
  });

  it.skipIf(!required && !isThere('fish'))('fish completes', () => {
    const told = shell(
      'fish',
      ['--no-config', '-c'],
      `omny-consume completion fish | source
      complete -C 'omny-consume val'; complete -C 'omny-consume rules seq-s'; complete -C 'omny-consume validate pl'`,
    );
    expect(told).toBe(
      'validate\\tcheck files against every rule\\nseq-start\\nplays.csv\\n'
        .replaceAll('\\t', '\t')
        .replaceAll('\\n', '\n'),
    );
  });

  it.skipIf(!required && !isThere('zsh'))('zsh completes', () => {
    const told = shell(
      'zsh',
      ['-f', '-c'],
      `zmodload zsh/zpty
      zpty z zsh -f -i
      zpty -w z 'autoload -Uz compinit && compinit -u -D; source <(omny-consume completion zsh); PS1=; echo re''ady'
      zpty -r z out '*ready*'
      zpty -w -n z $'omny-consume validate --input-f\\t'; zpty -r z out '*ormat*'
      zpty -w -n z $'nd\\t'; zpty -r z out '*json*'
      zpty -w -n z $'--rule seq-g\\t'; zpty -r z out '*ap=*'
      zpty -w -n z $'warn\\t'; zpty -r z out '*ing*'
      zpty -w -n z $'pl\\t'; zpty -r z out '*ays.csv*'
      echo done`,
    );
    expect(told).toBe('done\n');
  });
});
