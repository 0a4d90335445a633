import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JSONReport } from '@playwright/test/reporter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf } from '../../scripts/doc-blocks.js';
import { chromiumFlags, chromiumPath, skipsBrowser } from '../browser.js';
import { PLAYER_BUGS, type PlayerBug, type PlayerSite, startPlayerSite } from '../mock/player-page.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');

/** What a test says of each player, by its name: null where it passes, else its failures. */
type Verdicts = ReadonlyMap<string, string | null>;

/** Of one example test and of a run of all: a busy machine takes longer than the runners' own limits allow. */
const LIMIT_MS = 60_000;
const RUN_LIMIT_MS = 180_000;

const PLAYERS = [null, ...PLAYER_BUGS];
const nameOf = (bug: PlayerBug | null): string => bug ?? 'correct';

/** The page's example tests, word for word, in a project each player of which has its own folder or origin. */
describe('the tests that docs/player.md shows', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'omny-consume-tests-')));
    await mkdir(join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    const installed = join(folder, 'node_modules', 'omny-consume');
    for (const name of ['dist', 'package.json'])
      await cp(join(ROOT, name), join(installed, name), { recursive: true });
    await symlink(MODULES, join(installed, 'node_modules'));
    for (const name of ['vitest', '@playwright'])
      await symlink(join(MODULES, name), join(folder, 'node_modules', name));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  describe('in vitest', () => {
    let verdicts: Verdicts;
    beforeAll(async () => {
      verdicts = await withVitest(folder);
    }, RUN_LIMIT_MS);

    it.each<[string, RegExp | null]>([
      ['correct', null],
      ['string-beacon', /"content-type"/],
      ['stamps-at-flush', /error timestamps-at-flush[\s\S]*"timestamps-at-send"/],
      ['id-kept', /Expected 2 sessions [\s\S]* session-split/],
      ['no-stop', /error start-without-stop[\s\S]*"session-open"/],
      ['fraction', /warning nothing-heard/],
    ])('%s', (player, said) => expectVerdict(verdicts.get(player), said));
  });

  describe.skipIf(skipsBrowser)('in Playwright', () => {
    let site: PlayerSite;
    let verdicts: Verdicts;
    beforeAll(async () => {
      site = await startPlayerSite();
      verdicts = await withPlaywright(folder, site);
    }, RUN_LIMIT_MS);
    afterAll(() => site?.close());

    it.each<[string, RegExp | null]>([
      ['correct', null],
      ['string-beacon', /"content-type"/],
      ['stamps-at-flush', /"timestamps-at-send"/],
      ['id-kept', /Expected 2 sessions [\s\S]* clip-changed/],
      ['no-stop', /"session-open"/],
      ['fraction', /Position is in seconds/],
    ])('%s', (player, said) => expectVerdict(verdicts.get(player), said));
  });
});

function expectVerdict(verdict: string | null | undefined, said: RegExp | null): void {
  if (said === null) expect(verdict).toBeNull();
  else expect(verdict).toMatch(said);
}

/** The block of docs/player.md that is that file. */
async function example(file: string): Promise<string> {
  const page = await readFile(join(ROOT, 'docs', 'player.md'), 'utf8');
  const block = blocksOf(page).find((each: { file: string | null }) => each.file === file);
  if (!block) throw new Error(`docs/player.md has no block for the file ${file}`);
  return block.code;
}

/** What makes the player of fixtures/ci have a bug: a text in it, and what stands there instead. */
const EDITS: Readonly<Record<PlayerBug, readonly [string, string]>> = {
  'string-beacon': ["      headers: { 'Content-Type': 'application/json' },\n", ''],
  'stamps-at-flush': [
    'Events: this.#events,',
    'Events: this.#events.map((event) => ({ ...event, Timestamp: Math.floor(this.#clock()) })),',
  ],
  'id-kept': ['#session = randomUUID();', 'static kept = randomUUID();\n  #session = Player.kept;'],
  'no-stop': ["    this.#note('Stop', position);\n", ''],
  fraction: ['      Position,\n', '      Position: Position / 1800,\n'],
};

async function withVitest(folder: string): Promise<Verdicts> {
  const spec = await example('player.spec.js');
  for (const bug of PLAYERS) {
    const place = join(folder, nameOf(bug));
    await cp(join(ROOT, 'fixtures', 'ci', 'player.js'), join(place, 'player.js'));
    await writeFile(join(place, 'player.spec.js'), spec);
    if (bug === null) continue;
    const player = await readFile(join(place, 'player.js'), 'utf8');
    expect(player).toContain(EDITS[bug][0]);
    await writeFile(join(place, 'player.js'), player.replace(...EDITS[bug]));
  }
  const options = ['--reporter=verbose', `--testTimeout=${LIMIT_MS}`];
  const text = await run(folder, [join(MODULES, 'vitest', 'vitest.mjs'), 'run', ...options]);
  const failures = text.split(' FAIL ');
  return new Map(
    PLAYERS.map((bug) => {
      const file = `${nameOf(bug)}/player.spec.js`;
      expect(text).toContain(`${file} > each episode is a session`);
      return [nameOf(bug), verdict(failures.filter((failure) => failure.trimStart().startsWith(file)))];
    }),
  );
}

async function withPlaywright(folder: string, site: PlayerSite): Promise<Verdicts> {
  await writeFile(join(folder, 'episode.spec.js'), await example('episode.spec.js'));
  const config = {
    testMatch: 'episode.spec.js',
    timeout: LIMIT_MS,
    workers: PLAYERS.length,
    reporter: 'json',
    use: { launchOptions: { executablePath: chromiumPath, args: chromiumFlags } },
    projects: PLAYERS.map((bug) => ({ name: nameOf(bug), use: { baseURL: site.origin(bug) } })),
  };
  await writeFile(join(folder, 'playwright.config.js'), `export default ${JSON.stringify(config)};`);
  const text = await run(folder, [join(MODULES, '@playwright', 'test', 'cli.js'), 'test']);
  expect(text).toMatch(/^\{/);
  const { suites } = JSON.parse(text) as JSONReport;
  const tests = suites.flatMap(({ specs }) => specs).flatMap((spec) => spec.tests);
  return new Map(
    PLAYERS.map((bug) => {
      const results = tests
        .filter(({ projectName }) => projectName === nameOf(bug))
        .flatMap((test) => test.results);
      expect(results, text).toHaveLength(1);
      return [nameOf(bug), verdict(results.flatMap(({ errors }) => errors).map(({ message }) => message))];
    }),
  );
}

function verdict(failures: readonly string[]): string | null {
  return failures.length === 0 ? null : failures.join('\n');
}

/** Runs Node there, and gives what it printed, however it ended. */
function run(cwd: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: cwd, TMPDIR: cwd, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env, maxBuffer: 1 << 26 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}
