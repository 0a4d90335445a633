import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JSONReport } from '@playwright/test/reporter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumFlags, chromiumPath, skipsBrowser } from '../browser.js';
import { PLAYER_BUGS, type PlayerBug, type PlayerSite, startPlayerSite } from '../mock/player-page.js';
import { EXAMPLES, FIXTURES, openProject, type Project } from './project.js';

/** What a test says of each player, by its name: null where it passes, else its failures. */
type Verdicts = ReadonlyMap<string, string | null>;

/** Of one example test and of a run of all: a busy machine takes longer than the runners' own limits allow. */
const LIMIT_MS = 60_000;
const RUN_LIMIT_MS = 180_000;

const PLAYERS = [null, ...PLAYER_BUGS];
const nameOf = (bug: PlayerBug | null): string => bug ?? 'correct';

/** Those of the examples that are tests, word for word, in a project each player of which has its own folder or origin. */
describe('the examples that test a player', () => {
  let project: Project;
  beforeAll(async () => {
    project = await openProject(['vitest', '@playwright']);
    for (const bug of PLAYERS) {
      const place = join(project.folder, nameOf(bug));
      for (const name of ['vitest.spec.js', 'node.test.js'])
        await cp(join(EXAMPLES, name), join(place, name));
      const player = await readFile(join(FIXTURES, 'ci', 'player.js'), 'utf8');
      const [from, to] = bug ? EDITS[bug] : ['', ''];
      expect(player).toContain(from);
      await writeFile(join(place, 'player.js'), player.replace(from, to));
    }
  });
  afterAll(() => project.close());

  describe('in vitest', () => {
    let verdicts: Verdicts;
    beforeAll(async () => {
      verdicts = await withVitest(project);
    }, RUN_LIMIT_MS);

    it.each<[string, RegExp | null]>([
      ['correct', null],
      // It looks at the body of one session: not at how it is sent, nor at the next one.
      ['string-beacon', null],
      ['stamps-at-flush', /error timestamps-at-flush/],
      ['id-kept', null],
      ['no-stop', /error start-without-stop/],
      ['fraction', /warning nothing-heard/],
    ])('%s', (player, said) => expectVerdict(verdicts.get(player), said));
  });

  describe('in node:test', () => {
    let verdicts: Verdicts;
    beforeAll(async () => {
      verdicts = await withNode(project);
    }, RUN_LIMIT_MS);

    it.each<[string, RegExp | null]>([
      ['correct', null],
      ['string-beacon', /'content-type'/],
      // Each session is over in a moment: too short to tell when an event was stamped, or seconds from a fraction.
      ['stamps-at-flush', null],
      ['id-kept', /Expected 2 sessions [\s\S]* session-split/],
      ['no-stop', /'session-open'/],
      ['fraction', null],
    ])('%s', (player, said) => expectVerdict(verdicts.get(player), said));
  });

  describe.skipIf(skipsBrowser)('in Playwright', () => {
    let site: PlayerSite;
    let verdicts: Verdicts;
    beforeAll(async () => {
      site = await startPlayerSite();
      verdicts = await withPlaywright(project, site);
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

async function withVitest({ bash }: Project): Promise<Verdicts> {
  const { printed } = await bash(`npx vitest run --reporter=verbose --testTimeout=${LIMIT_MS}`);
  const failures = printed.split(' FAIL ');
  return new Map(
    PLAYERS.map((bug) => {
      const file = `${nameOf(bug)}/vitest.spec.js`;
      expect(printed).toContain(`${file} > a pause is reported`);
      return [nameOf(bug), verdict(failures.filter((failure) => failure.trimStart().startsWith(file)))];
    }),
  );
}

async function withNode({ bash }: Project): Promise<Verdicts> {
  const runs = PLAYERS.map(nameOf).map(async (player) => {
    const { code, printed } = await bash(`cd ${player} && node --test`);
    expect(printed).toContain('each episode is a session');
    return [player, code === 0 ? null : printed] as const;
  });
  return new Map(await Promise.all(runs));
}

async function withPlaywright({ folder, bash }: Project, site: PlayerSite): Promise<Verdicts> {
  await cp(join(EXAMPLES, 'playwright.spec.js'), join(folder, 'playwright.spec.js'));
  const config = {
    testMatch: 'playwright.spec.js',
    timeout: LIMIT_MS,
    workers: PLAYERS.length,
    reporter: 'json',
    use: { launchOptions: { executablePath: chromiumPath, args: chromiumFlags } },
    projects: PLAYERS.map((bug) => ({ name: nameOf(bug), use: { baseURL: site.origin(bug) } })),
  };
  await writeFile(join(folder, 'playwright.config.js'), `export default ${JSON.stringify(config)};`);
  const { printed: text } = await bash('npx playwright test');
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
