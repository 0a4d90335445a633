// The code blocks of README.md and docs/*.md, and how to run them. CONTRIBUTING.md says how to mark them.
import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const BLOCK = /(?:^<!-- ([\w-]+): (.+?) -->\n+)?^```(\w+)(?: (no-run))?\n([\s\S]*?)^```$/gm;

/** The pages with commands, named from the repository's root. */
export async function pagesWithBlocks() {
  const docs = await readdir(join(ROOT, 'docs'));
  return [
    'README.md',
    ...docs
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`)
      .sort(),
  ];
}

/** The code blocks of a page in their order. */
export function blocksOf(page) {
  return [...page.matchAll(BLOCK)].map(({ index, ...match }) => {
    const [all, note, value, language, noRun, code] = Object.values(match);
    return {
      language,
      code,
      line: page.slice(0, index + all.indexOf('```')).split('\n').length,
      runs: noRun === undefined,
      reason: note === 'no-run' ? value : null,
      file: note === 'file' ? value : null,
    };
  });
}

/** The examples of a `console` block: each a command, and the output that is shown for it. */
export function examplesOf(code) {
  return code
    .split(/^\$ /m)
    .filter((example) => example.trim() !== '')
    .map((example) => {
      const [command, ...shown] = example.split('\n');
      return { command, shown: shown.join('\n').trimEnd() };
    });
}

/** Output without what differs from run to run: how long something took. */
export function masked(text) {
  return text.replaceAll(/(\d+(?:\.\d+)? (?:B|KiB|MiB|checks)), [\d.]+ s\)/g, '$1, TIME)');
}

/** The exit code that a `sh` block announces in a comment; 0 where it has none. */
export function exitCodeOf(code) {
  return Number(/# exit code (\d+)/.exec(code)?.[1] ?? 0);
}

/**
 * A temporary folder with the files of docs/examples and the player's project of fixtures/ci, in which `omny-consume` and `npx
 * omny-consume` are this repository's build. No command may need the network.
 */
export async function openDocsFolder() {
  const place = await realpath(await mkdtemp(join(tmpdir(), 'omny-consume-docs-')));
  const folder = join(place, 'work');
  const bin = join(place, 'bin');
  await cp(join(ROOT, 'fixtures', 'ci'), folder, { recursive: true });
  await cp(join(ROOT, 'docs', 'examples'), folder, { recursive: true });
  await mkdir(bin);
  await executable(
    join(bin, 'omny-consume'),
    `exec '${process.execPath}' '${ROOT}/bin/omny-consume.js' "$@"`,
  );
  await executable(join(bin, 'npx'), 'exec "$@"');
  await mkdir(join(folder, 'node_modules'));
  await symlink(ROOT, join(folder, 'node_modules', 'omny-consume'));
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: place,
    TMPDIR: place,
    TZ: 'UTC',
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    GITHUB_STEP_SUMMARY: join(place, 'summary.md'),
  };
  return {
    folder,
    write: (name, text) => writeFile(join(folder, name), text),
    /** Runs a script in bash, or with `js` as a module. Gives its exit code and all that it printed. */
    run: (language, code) =>
      language === 'js'
        ? output(process.execPath, ['--input-type=module', '-e', code], folder, env)
        : output('bash', ['-euo', 'pipefail', '-c', code], folder, env),
    close: () => rm(place, { recursive: true, force: true }),
  };
}

async function executable(path, command) {
  await writeFile(path, `#!/bin/sh\n${command}\n`);
  await chmod(path, 0o755);
}

function output(command, args, cwd, env) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const take = (chunk) => {
      text += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', fail);
    child.on('close', (exitCode) => done({ exitCode, text: text.trimEnd() }));
  });
}
