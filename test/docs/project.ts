import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const MODULES = join(ROOT, 'node_modules');
export const EXAMPLES = join(ROOT, 'examples');
export const FIXTURES = join(ROOT, 'fixtures');

/** How a command ended, and all that it printed. */
export interface Ended {
  readonly code: number;
  readonly printed: string;
}

/** A project of somebody else: a folder with nothing but the package that `npm pack` makes, and packages that it uses besides. */
export interface Project {
  readonly folder: string;
  /** Makes a command of it: what stands after `#!`. */
  readonly command: (name: string, script: string) => Promise<void>;
  /** Runs a line of bash there. It may need no network, unless told. */
  readonly bash: (line: string, env?: Readonly<Record<string, string>>) => Promise<Ended>;
  readonly close: () => Promise<void>;
}

/** @param packages Of those that this repository has installed. */
export async function openProject(packages: readonly string[] = []): Promise<Project> {
  const place = await realpath(await mkdtemp(join(tmpdir(), 'omny-consume-project-')));
  const [folder, bin] = [join(place, 'project'), join(place, 'bin')];
  const modules = join(folder, 'node_modules');
  for (const name of ['bin', 'dist', 'package.json'])
    await cp(join(ROOT, name), join(modules, 'omny-consume', name), { recursive: true });
  for (const name of packages) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(MODULES, name), join(modules, name));
  }
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await mkdir(bin);
  const command = async (name: string, script: string) => {
    await writeFile(join(bin, name), `#!${script}\n`);
    await chmod(join(bin, name), 0o755);
  };
  await command('omny-consume', `/bin/sh\nexec node '${modules}/omny-consume/bin/omny-consume.js' "$@"`);
  await command('npx', '/bin/sh\nexec "$@"');
  await symlink(process.execPath, join(bin, 'node'));
  const found = [join(modules, '.bin'), bin, join(MODULES, '.bin'), process.env.PATH];
  const own = {
    PATH: found.join(':'),
    HOME: place,
    TMPDIR: place,
    NO_COLOR: '1',
    npm_config_offline: 'true',
  };
  return {
    folder,
    command,
    bash: (line, env = {}) =>
      new Promise((resolve) => {
        const options = { cwd: folder, env: { ...own, ...env }, maxBuffer: 1 << 26 };
        const child = execFile(
          'bash',
          ['--norc', '-euo', 'pipefail', '-c', line],
          options,
          (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, printed: stdout + stderr }),
        );
      }),
    close: () => rm(place, { recursive: true, force: true }),
  };
}
