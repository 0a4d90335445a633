import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { blocksOf } from '../../scripts/doc-blocks.js';
import { type MockEndpoint, startMockEndpoint } from '../../src/mock/start.js';
import { chromiumFlags, chromiumPath } from '../browser.js';
import { startPlayerSite } from '../mock/player-page.js';
import { EXAMPLES, FIXTURES, MODULES, openProject, type Project } from './project.js';

const PAGE = await readFile(join(EXAMPLES, 'README.md'), 'utf8');
/** The rows of the README's table: the file of a place, its command, and where it is run. */
const PLACES = [...PAGE.matchAll(/^\| \[[^\]]+\]\(([^)]+)\) \| `([^`]+)` \| (.+) \|$/gm)].map(
  ([, file = '', command = '', run = '']) => ({ file, command, run }),
);
const commandOf = (file: string) => PLACES.find((place) => place.file === file)?.command ?? '';

/** With EXAMPLES=all, those too whose tools have to be installed from the network. */
const ALL = process.env.EXAMPLES === 'all';

describe('the examples', () => {
  it('are the files of the README, each for one place', async () => {
    const files = (await readdir(EXAMPLES)).filter((name) => name !== 'README.md');
    expect(PLACES.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
    expect(PLACES).toHaveLength(12);
  });

  it.each(PLACES)(
    '$file has at most 12 lines, and says where it is run or why it is not',
    async ({ file, run }) => {
      const lines = (await readFile(join(EXAMPLES, file), 'utf8'))
        .split('\n')
        .filter((line) => !/^\s*(?:$|\/\/|#|import |from )/.test(line));
      expect(lines.length).toBeLessThanOrEqual(12);
      expect(run).toMatch(/^(?:in CI\b|by `npm run trials -- examples`: |no: )/);
    },
  );

  it('are what docs/player.md shows', async () => {
    const page = await readFile(join(EXAMPLES, '..', 'docs', 'player.md'), 'utf8');
    const shown = blocksOf(page).filter(({ file }: { file: string | null }) => file?.endsWith('.spec.js'));
    expect(shown).toHaveLength(2);
    for (const { file, code } of shown) expect(code).toBe(await readFile(join(EXAMPLES, file ?? ''), 'utf8'));
  });
});

/** A project with that example and these files of `fixtures`. */
async function projectWith(
  file: string,
  inputs: readonly string[],
  packages?: readonly string[],
): Promise<Project> {
  const project = await openProject(packages);
  onTestFinished(() => project.close());
  await cp(join(EXAMPLES, file), join(project.folder, file));
  for (const input of inputs) {
    const name = input.slice(input.lastIndexOf('/') + 1);
    await cp(join(FIXTURES, input), join(project.folder, name), { recursive: true });
  }
  return project;
}

/** Puts another text into a file in place of one that is there. */
async function edit({ folder }: Project, file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(folder, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(folder, file), text.replace(from, to));
}

/** An example that passes, and then fails once its player is not done when it posts. */
async function passesThenFails(
  project: Project,
  line: string,
  file: string,
  edits: readonly [string, string],
) {
  const sound = await project.bash(line);
  expect(sound, sound.printed).toMatchObject({ code: 0 });
  await edit(project, file, ...edits);
  const wrong = await project.bash(line);
  expect(wrong, wrong.printed).toMatchObject({ code: 1 });
  return wrong.printed;
}

test('curl and sh', async () => {
  const project = await projectWith('curl.sh', ['../docs/examples/body.json']);
  const printed = await passesThenFails(project, commandOf('curl.sh'), 'body.json', [
    '"Completed": true',
    '"Completed": false',
  ]);
  expect(printed).toMatch(/"rule": ?"not-completed"/);
});

test('pytest', async ({ skip }) => {
  const project = await projectWith('test_pytest.py', ['examples/player.py']);
  const { code } = await project.bash('python3 -m pytest --version');
  skip(code !== 0, 'Python has no pytest here');
  await passesThenFails(project, commandOf('test_pytest.py'), 'player.py', [
    '"Completed": True',
    '"Completed": False',
  ]);
});

test('DuckDB', async () => {
  const project = await projectWith('duckdb.sh', [], ['@duckdb']);
  // DuckDB's own library, which writes the CSV as its program does.
  await project.command(
    'duckdb',
    `/bin/sh
exec node --input-type=module -e "import { DuckDBInstance } from '@duckdb/node-api';
await (await (await DuckDBInstance.create()).connect()).run(process.argv[1])" -- "$2"`,
  );
  const listening = (start: number) =>
    project.bash(`duckdb -c "copy (select 'a039f83d-1916-436b-a090-efbc08698506' as session_id,
      '9b5c82f7-74cf-4841-a870-a470017cc8eb' as clip_id, timestamp '2026-03-02 09:00:00' as started_at,
      ${start} as start_s, 61 as end_s) to 'listening.parquet'"`);
  expect(await listening(30.5)).toMatchObject({ code: 0 });
  const sound = await project.bash(commandOf('duckdb.sh'));
  expect(sound, sound.printed).toMatchObject({ code: 0 });
  expect(sound.printed).toContain('No errors, no warnings in 1 session');
  await listening(-1);
  expect(await project.bash(commandOf('duckdb.sh'))).toMatchObject({ code: 1 });
});

test('cron, with a ledger: two nights whose exports overlap', async () => {
  const project = await projectWith('nightly.crontab', [], ['better-sqlite3']);
  const table = await readFile(join(project.folder, 'nightly.crontab'), 'utf8');
  const [, line = ''] = /^(?:[\d*]+ ){5}(.*)$/m.exec(table) ?? [];
  const mock = await mockForTest();
  const night = toMock(line.replace('/srv/plays', project.folder), mock);
  await mkdir(join(project.folder, 'exports'));
  await cp(
    join(EXAMPLES, '..', 'docs', 'examples', 'plays.csv'),
    join(project.folder, 'exports', 'monday.csv'),
  );
  const first = await project.bash(night);
  expect(first, first.printed).toMatchObject({ code: 0 });
  const { sessions } = mock.summary();
  expect(sessions).toBeGreaterThan(5);
  await project.bash('omny-consume simulate --seed 1 --sessions 3 -o exports/tuesday.ndjson');
  const second = await project.bash(night);
  expect(second, second.printed).toMatchObject({ code: 0 });
  expect(mock.summary()).toMatchObject({ sessions: sessions + 3, errors: 0 });
});

test('Slurm: an array of four tasks, run twice', async () => {
  const project = await projectWith('slurm.sh', ['../docs/examples/plays.csv'], ['better-sqlite3']);
  const mock = await mockForTest();
  const script = await readFile(join(project.folder, 'slurm.sh'), 'utf8');
  await writeFile(join(project.folder, 'slurm.sh'), toMock(script, mock));
  // As Slurm starts a script: once for each task of its array.
  await project.command(
    'sbatch',
    `/bin/bash
array=$(sed -n 's/^#SBATCH --array=//p' "$1")
export SLURM_ARRAY_TASK_MIN=\${array%-*} SLURM_ARRAY_TASK_MAX=\${array#*-}
export SLURM_ARRAY_TASK_COUNT=$((SLURM_ARRAY_TASK_MAX - SLURM_ARRAY_TASK_MIN + 1))
for task in $(seq $SLURM_ARRAY_TASK_MIN $SLURM_ARRAY_TASK_MAX); do SLURM_ARRAY_TASK_ID=$task sh "$1" & pids+=($!); done
for pid in "\${pids[@]}"; do wait $pid || exit; done`,
  );
  const sessions = (await readFile(join(project.folder, 'plays.csv'), 'utf8')).trim().split('\n').length - 1;
  for (let run = 0; run < 2; run += 1) {
    const array = await project.bash(commandOf('slurm.sh'));
    expect(array, array.printed).toMatchObject({ code: 0 });
    expect(mock.summary()).toMatchObject({ sessions, errors: 0 });
  }
});

test('the GitHub Action: its steps', async () => {
  const project = await projectWith('action.yml', [
    'ci/player.js',
    'ci/test',
    'ci/recorded',
    'ci/package.json',
  ]);
  const { inputs, runs } = parse(await readFile(join(EXAMPLES, 'action.yml'), 'utf8')) as Action;
  const filled = (text: string) =>
    text.replaceAll(/\$\{\{ inputs\.(\w+) \}\}/g, (_, name: string) => inputs[name]?.default ?? '');
  const step = ({ run, env = {} }: Action['runs']['steps'][number]) =>
    project.bash(filled(run), {
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)])),
      GITHUB_STEP_SUMMARY: join(project.folder, 'summary.md'),
    });
  const codes = async () => {
    const ended = [];
    for (const each of runs.steps) ended.push((await step(each)).code);
    return ended;
  };
  expect(await codes()).toEqual([0, 0]);
  await edit(project, 'player.js', 'Completed: true', 'Completed: false');
  expect(await codes()).toEqual([0, 1]);
  await edit(project, 'recorded/sessions.ndjson', '"Completed":true', '"Completed":false');
  expect(await codes()).toEqual([1, 1]);
});

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly run: string; readonly env?: Readonly<Record<string, string>> }[];
  };
}

describe.runIf(ALL)('from the network', { timeout: 600_000 }, () => {
  const install = 'npm_config_offline=false npm install --no-audit --no-fund --no-save';

  test('Jest', async () => {
    const project = await projectWith('jest.test.js', ['ci/player.js']);
    expect(await project.bash(`${install} jest`)).toMatchObject({ code: 0 });
    await reinstall(project);
    await passesThenFails(project, commandOf('jest.test.js'), 'player.js', [
      'Completed: true',
      'Completed: false',
    ]);
  });

  test('WebdriverIO', async () => {
    const project = await projectWith('webdriverio.e2e.js', []);
    const packages = '@wdio/cli @wdio/local-runner @wdio/mocha-framework @wdio/spec-reporter';
    expect(await project.bash(`${install} ${packages}`)).toMatchObject({ code: 0 });
    await reinstall(project);
    const site = await startPlayerSite();
    onTestFinished(() => site.close());
    const settings = (bug: 'string-beacon' | null) => ({
      specs: ['./webdriverio.e2e.js'],
      baseUrl: site.origin(bug),
      framework: 'mocha',
      mochaOpts: { timeout: 60_000 },
      reporters: ['spec'],
      logLevel: 'error',
      capabilities: [
        {
          browserName: 'chrome',
          'goog:chromeOptions': { binary: chromiumPath, args: [...chromiumFlags, '--headless'] },
          'wdio:chromedriverOptions': { binary: '/usr/bin/chromedriver' },
        },
      ],
    });
    for (const bug of [null, 'string-beacon'] as const) {
      const config = `export const config = ${JSON.stringify(settings(bug))};`;
      await writeFile(join(project.folder, 'wdio.conf.js'), config);
      const { code, printed } = await project.bash(commandOf('webdriverio.e2e.js'));
      expect(code, printed).toBe(bug === null ? 0 : 1);
      expect(printed).toContain('1 passing');
    }
  });
});

/** What `npm install` takes away, since it did not put it there. */
async function reinstall({ folder }: Project): Promise<void> {
  for (const name of ['bin', 'dist', 'package.json'])
    await cp(join(MODULES, '..', name), join(folder, 'node_modules', 'omny-consume', name), {
      recursive: true,
    });
}

async function mockForTest(): Promise<MockEndpoint> {
  const mock = await startMockEndpoint({ port: 0 });
  onTestFinished(() => mock.close());
  return mock;
}

/** A command for the real endpoint, led to the mock. */
function toMock(text: string, mock: MockEndpoint): string {
  expect(text).toContain(' --endpoint omny ');
  return text.replaceAll(' --endpoint omny ', ` --endpoint ${mock.url} `);
}
