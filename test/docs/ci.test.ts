import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const BIN = join(ROOT, 'bin', 'omny-consume.js');

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

interface Pipeline {
  readonly consumption: { readonly script: readonly string[] };
}

/** The CI jobs of a page: its YAML blocks for GitHub and for GitLab, each as a list of commands. */
async function jobsOf(page: string): Promise<[string, readonly string[]][]> {
  const text = await readFile(join(ROOT, page), 'utf8');
  return [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(
    ([, block = '']): [string, readonly string[]][] => {
      const job = parse(block) as Partial<Workflow & Pipeline>;
      if (job.consumption) return [[`${page}, GitLab`, job.consumption.script]];
      if (!job.jobs) return [];
      return [
        [
          `${page}, GitHub`,
          Object.values(job.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? [])),
        ],
      ];
    },
  );
}

/** A player's project in a folder of its own, and an `npx` that finds this program without a network. */
async function checkout(): Promise<{ readonly folder: string; readonly prefix: string }> {
  const place = await mkdtemp(join(tmpdir(), 'omny-consume-ci-'));
  const folder = join(place, 'player');
  const prefix = join(place, 'global');
  await cp(join(ROOT, 'fixtures', 'ci'), folder, { recursive: true });
  await mkdir(join(prefix, 'bin'), { recursive: true });
  await symlink(BIN, join(prefix, 'bin', 'omny-consume'));
  return { folder, prefix };
}

describe('the commands for CI', async () => {
  const systems = [...(await jobsOf('README.md')), ...(await jobsOf('docs/ci.md'))];

  it('are there for both systems', () => {
    expect(systems.map(([name]) => name)).toEqual([
      'README.md, GitHub',
      'docs/ci.md, GitHub',
      'docs/ci.md, GitLab',
    ]);
  });

  describe.each(systems)('of %s', (_name, commands) => {
    let place: Awaited<ReturnType<typeof checkout>>;
    beforeAll(async () => {
      place = await checkout();
    });
    afterAll(() => rm(dirname(place.folder), { recursive: true, force: true }));

    const shell = (command: string) =>
      promisify(execFile)('bash', ['-e', '-c', command], {
        cwd: place.folder,
        env: {
          PATH: process.env.PATH,
          HOME: dirname(place.folder),
          CI: 'true',
          npm_config_prefix: place.prefix,
          npm_config_offline: 'true',
          GITHUB_STEP_SUMMARY: join(place.prefix, 'summary.md'),
        },
      });

    it('pass for a sound player, and leave their reports', async () => {
      expect(commands.length).toBeGreaterThanOrEqual(3);
      for (const command of commands) await shell(command);
      const left = await readdir(place.folder);
      expect(left.filter((name) => name.startsWith('consumption.'))).toHaveLength(1);
    });

    it('fail for a player that posts before it is done', async () => {
      const player = join(place.folder, 'player.js');
      const text = await readFile(player, 'utf8');
      await writeFile(player, text.replace('Completed: true', 'Completed: false'));
      const tests = commands.find((command) => command.includes('omny-consume mock')) ?? '';
      await expect(shell(tests)).rejects.toMatchObject({ code: 1 });
    });
  });
});
