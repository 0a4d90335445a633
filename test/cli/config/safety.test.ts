import {
  chmod,
  chown,
  lchown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Cli } from '../../../src/cli/cli.js';
import { isBelow, refuseUntrusted } from '../../../src/cli/config/read.js';
import { CONFIG_NAME, createProgram, start } from '../../../src/cli/main.js';

const OTHER = 12_345;
const isRoot = process.getuid?.() === 0;

/** A folder of this user's alone, with a repository that was cloned into it. */
let home = '';
let clone = '';

beforeEach(async () => {
  const made = await realpath(await mkdtemp(join(tmpdir(), 'omny-consume-safety-')));
  home = made;
  clone = join(home, 'clone');
  await mkdir(join(clone, '.git'), { recursive: true });
  return () => rm(made, { recursive: true });
});

async function put(folder: string, config: unknown): Promise<void> {
  await writeFile(join(folder, CONFIG_NAME), JSON.stringify(config));
}

function cliIn(cwd: string, env: Cli['env'] = {}) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const stdin = new PassThrough();
  stdin.end();
  const cli = (args: readonly string[]): Cli => ({
    stdin,
    stdout: stdout as unknown as Cli['stdout'],
    stderr: stderr as unknown as Cli['stderr'],
    args,
    env,
    cwd: () => cwd,
    now: () => 0,
  });
  return { cli, told: () => String(stderr.read() ?? '') };
}

/** What is told of a command line, and its exit code. */
async function told(
  args: readonly string[],
  { cwd = clone, env = {} }: { cwd?: string; env?: Cli['env'] } = {},
) {
  const { cli, told } = cliIn(cwd, env);
  const code = await start(['node', 'omny-consume', ...args], cli(args));
  return { code, text: told() };
}

/** The flags that a command gets, without running it. */
async function flags(args: readonly string[], cwd = clone, env: Cli['env'] = {}) {
  const its = cliIn(cwd, env);
  const program = createProgram(its.cli(args), async () => {});
  await program.parseAsync(['node', 'omny-consume', ...args]);
  const command = program.commands.find((each) => each.name() === args[0]);
  return { told: its.told(), ...command?.opts() } as Readonly<Record<string, unknown>>;
}

describe('a hostile config in a cloned repository', () => {
  it.each<[string, unknown, readonly string[], string]>([
    ['a ledger above', { ledger: '../.bashrc' }, ['send'], 'ledger: ../.bashrc'],
    [
      'an absolute path',
      { send: { deadLetter: '/etc/cron.d/x' } },
      ['send'],
      'send.deadLetter: /etc/cron.d/x',
    ],
    ['a path that only looks inside', { record: 'a/../../x' }, ['mock'], 'record: a/../../x'],
    ['one of several', { format: ['pretty', 'junit:../x'] }, ['validate'], 'format[1]: ../x'],
    ['labels', { simulate: { labels: '../x' } }, ['simulate'], 'simulate.labels: ../x'],
    ['the log of changes', { convert: { fixLog: '../x' } }, ['convert'], 'convert.fixLog: ../x'],
    ['the folder itself', { record: '.' }, ['mock'], 'record: .'],
  ])('writes no file outside it: %s', async (_, config, args, message) => {
    await put(clone, config);
    const { code, text } = await told(args);
    expect(text).toContain(`error: ${CONFIG_NAME}: ${message} is outside the config file’s folder`);
    expect(text).toContain('on the command line');
    expect(code).toBe(2);
    expect(await readdir(home)).toEqual(['clone']);
  });

  it('writes none through a link, whether it leads to a file, to nothing or from a folder', async () => {
    await writeFile(join(home, 'precious'), 'x');
    await symlink(join(home, 'precious'), join(clone, 'to-a-file'));
    await symlink('../not-there', join(clone, 'to-nothing'));
    await symlink('..', join(clone, 'to-a-folder'));
    await symlink('round', join(clone, 'round'));
    for (const record of ['to-a-file', 'to-nothing', 'to-a-folder/new', 'round']) {
      await put(clone, { record });
      expect(await told(['mock', '--port', '0'])).toMatchObject({
        code: 2,
        text: expect.stringContaining(`record: ${record} is outside`),
      });
    }
    expect(await readFile(join(home, 'precious'), 'utf8')).toBe('x');
    expect((await readdir(home)).toSorted()).toEqual(['clone', 'precious']);
  });

  it('writes below it, where links lead there too', async () => {
    await mkdir(join(clone, 'out'));
    await symlink('out', join(clone, 'link'));
    await put(clone, { record: 'link/bodies.ndjson', ledger: 'new/folder/x' });
    expect(await flags(['mock'])).toMatchObject({ record: 'link/bodies.ndjson' });
    expect(await flags(['send'])).toMatchObject({ ledger: 'new/folder/x' });
  });

  it.each([
    'output',
    'ca',
    'onAmbiguous',
    'dryRun',
    'query',
    'known',
    'retryRefused',
    'wait',
    'skipUnmapped',
    'limit',
    'since',
    'until',
    'shard',
    'allowLong',
    'config',
    'force',
  ])('does not set %s, at the top or in a section', async (key) => {
    const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    for (const config of [{ [key]: 'x' }, { send: { [key]: 'x' } }]) {
      await put(clone, config);
      const { code, text } = await told(['validate']);
      expect([code, text]).toEqual([2, expect.stringContaining(key)]);
      expect(text).toMatch(
        new RegExp(`a config file cannot set ${flag}|${flag} can be set only on the command line`),
      );
    }
  });

  it('is bound so too where it is named by hand', async () => {
    await put(clone, { output: 'x' });
    const { code, text } = await told(['validate', '--config', join(clone, CONFIG_NAME)], { cwd: home });
    expect([code, text]).toEqual([
      2,
      expect.stringContaining('clone/omny-consume.config.json: output: a config'),
    ]);
  });
});

describe('which config file holds', () => {
  it('--no-config: none, not even a broken one', async () => {
    await writeFile(join(clone, CONFIG_NAME), '{');
    expect(await flags(['validate', '--no-config'])).not.toHaveProperty('maxWarnings');
  });

  it('--config FILE: that one instead of the one found, from the working folder', async () => {
    await put(clone, { maxWarnings: 1 });
    await mkdir(join(home, 'other'));
    await writeFile(join(home, 'other', 'mine.json'), JSON.stringify({ maxWarnings: 2, clips: 'clips.csv' }));
    for (const args of [['--config', '../other/mine.json'], ['--config=../other/mine.json']]) {
      expect(await flags(['validate', ...args])).toMatchObject({
        maxWarnings: 2,
        clips: '../other/clips.csv',
      });
    }
    expect(await told(['validate', '--config', 'none.json'])).toMatchObject({
      code: 2,
      text: expect.stringMatching(/^error: none\.json: cannot be read/),
    });
  });

  it('is checked against all commands where none is found', async () => {
    await writeFile(join(home, 'mine.json'), JSON.stringify({ batchBytes: 1000, rubbish: 1 }));
    const { code, text } = await told(['validate', '--config', '../mine.json']);
    expect([code, text]).toEqual([2, expect.stringContaining('rubbish: unknown setting')]);
  });

  it.each(['send', 'mock'])('is told by %s, and keeps silent only where -q says so', async (command) => {
    await put(clone, { quiet: true });
    expect((await flags([command])).told).toBe(`settings from ${CONFIG_NAME}\n`);
    expect((await flags([command, '-q'])).told).toBe('');
    expect((await flags(['validate'])).told).toBe('');
  });

  it('is told with its name escaped', async () => {
    const named = 'a\u001b[2J\u202e.json';
    await writeFile(join(clone, named), '{}');
    expect((await flags(['send', '--config', named])).told).toBe('settings from a\\u001b[2J\\u202e.json\n');
  });
});

const BOTH_WAYS =
  /If you trust it: --config \S*omny-consume\.config\.json. To run without it: --no-config\n$/;

describe('a config file that somebody else may have put there is not taken', () => {
  it('where others may write it', async () => {
    await put(clone, {});
    await chmod(join(clone, CONFIG_NAME), 0o646);
    const { code, text } = await told(['validate']);
    expect(text).toMatch(/^error: omny-consume\.config\.json: any user can write to it: /);
    expect([code, text]).toEqual([2, expect.stringMatching(BOTH_WAYS)]);
  });

  it.each([
    ['its folder', 0o777],
    ['its folder, sticky as that of TMPDIR', 0o1777],
  ])('where others may write %s', async (_, mode) => {
    await put(home, {});
    await chmod(home, mode);
    const { code, text } = await told(['validate']);
    expect(text).toMatch(/^error: \.\.\/omny-consume\.config\.json: any user can write to its folder: /);
    expect([code, text]).toEqual([2, expect.stringMatching(BOTH_WAYS)]);
    expect((await told(['validate'], { env: { CI: 'true' } })).code).toBe(2);
  });

  it('where others may write the folder that a link leads to it from', async () => {
    await writeFile(join(home, 'real.json'), '{}');
    await symlink(join(home, 'real.json'), join(clone, CONFIG_NAME));
    await chmod(clone, 0o777);
    expect((await told(['validate'])).text).toContain('any user can write to its folder');
    await chmod(clone, 0o755);
    await chmod(home, 0o1777);
    expect((await told(['validate'])).text).toContain('any user can write to its folder');
  });

  it('but is where a group may write it, or where it is named by hand', async () => {
    await put(clone, { maxWarnings: 3 });
    await chmod(clone, 0o775);
    await chmod(join(clone, CONFIG_NAME), 0o664);
    expect(await flags(['validate'])).toMatchObject({ maxWarnings: 3 });
    await chmod(clone, 0o777);
    expect(await flags(['validate', '--config', CONFIG_NAME])).toMatchObject({ maxWarnings: 3 });
  });

  it('is not waited for where it is a pipe', async () => {
    const { execFileSync } = await import('node:child_process');
    execFileSync('mkfifo', [join(clone, CONFIG_NAME)]);
    expect(await told(['validate'])).toMatchObject({
      code: 2,
      text: expect.stringContaining('is not a regular file'),
    });
  });
});

it('whose it is counts where the system has users', async () => {
  await put(clone, {});
  const found = { path: join(clone, CONFIG_NAME), name: CONFIG_NAME, file: { uid: OTHER, mode: 0o644 } };
  const { cli } = cliIn(clone);
  expect(() => refuseUntrusted(found, cli([]))).toThrow('it belongs to another user (uid 12345)');
  expect(() => refuseUntrusted(found, cli([]), null)).not.toThrow();
  expect(() => refuseUntrusted({ ...found, file: { uid: 0, mode: 0o644 } }, cli([]))).not.toThrow();
});

// As root a file can be given to another user.
describe.runIf(isRoot)('a config file of another owner is not taken', () => {
  it('in a cloned repository: the file or its folder', async () => {
    await put(clone, { maxWarnings: 3 });
    await chown(join(clone, CONFIG_NAME), OTHER, OTHER);
    const { code, text } = await told(['validate']);
    expect(text).toMatch(/^error: omny-consume\.config\.json: it belongs to another user \(uid 12345\): /);
    expect([code, text]).toEqual([2, expect.stringMatching(BOTH_WAYS)]);
    await chown(join(clone, CONFIG_NAME), 0, 0);
    await chown(clone, OTHER, OTHER);
    expect((await told(['validate'])).text).toContain('its folder belongs to another user (uid 12345)');
    expect(await flags(['validate', '--config', CONFIG_NAME])).toMatchObject({ maxWarnings: 3 });
    expect(await flags(['validate', '--no-config'])).not.toHaveProperty('maxWarnings');
  });

  it('above it', async () => {
    await put(home, {});
    await chown(join(home, CONFIG_NAME), OTHER, OTHER);
    for (const env of [{}, { CI: 'true' }]) {
      const { code, text } = await told(['validate'], { env });
      expect(text).toContain('../omny-consume.config.json: it belongs to another user');
      expect(code).toBe(2);
    }
  });

  it('as a link', async () => {
    await writeFile(join(home, 'real.json'), '{}');
    await symlink(join(home, 'real.json'), join(clone, CONFIG_NAME));
    await lchown(join(clone, CONFIG_NAME), OTHER, OTHER);
    expect((await told(['validate'])).text).toContain('the link to it belongs to another user');
  });

  it('but is in CI, in the tree of the working folder', async () => {
    await put(clone, { maxWarnings: 3 });
    await chown(join(clone, CONFIG_NAME), OTHER, OTHER);
    await chown(clone, OTHER, OTHER);
    const below = join(clone, 'packages', 'player');
    await mkdir(below, { recursive: true });
    for (const cwd of [clone, below]) {
      expect(await flags(['validate'], cwd, { CI: 'true' })).toMatchObject({ maxWarnings: 3 });
      for (const CI of ['', 'false'])
        await expect(flags(['validate'], cwd, { CI })).rejects.toThrow('another user');
    }
  });
});

it('a path is followed to where it leads, be nothing there yet', async () => {
  await symlink('clone/a/b', join(home, 'ahead'));
  expect(isBelow(clone, join(home, 'ahead', 'c'))).toBe(true);
  expect(isBelow(clone, clone)).toBe(false);
  expect(isBelow(clone, `${clone}-beside`)).toBe(false);
  expect(isBelow(clone, join(clone, '..beside'))).toBe(true);
});
