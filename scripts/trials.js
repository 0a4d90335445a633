// The long forms of the tests, one after the other: `npm run trials`, or `npm run trials -- NAME...`. Each has so many minutes, and is ended
// with all it started when they are over. Prints what each came to, and writes its row of the table in docs/trials.md.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const PAGE = join(ROOT, 'docs', 'trials.md');
const BEGIN = '<!-- npm run trials writes this table -->';
const END = '<!-- end of the table -->';
const VITEST = join('node_modules', 'vitest', 'vitest.mjs');

/** A trial whose figures are a line of the command's output. @returns {string | undefined} */
const lineWith = (pattern) => (output) =>
  output
    .split('\n')
    .findLast((line) => pattern.test(line))
    ?.trim();
const vitest = (...files) => [VITEST, 'run', ...files];

/**
 * What each runs in Node, with which environment, for how many minutes at most, and what it found out: the figures out of what it prints.
 * Without `figures` it is how many tests passed.
 */
const TRIALS = {
  kill: {
    what: '200 kills (`SIGKILL`) at random instants of `send`, to a mock with faults',
    command: vitest('test/cli/send/kill.test.ts'),
    env: { KILLS: '200' },
    minutes: 20,
    figures: lineWith(/^\d+ kills, \d+ repeats$/),
  },
  steps: {
    what: '`send` killed at every step of a delivery, then run again',
    command: vitest('test/cli/send/steps.test.ts'),
    env: { STEPS: 'every' },
    minutes: 15,
  },
  crash: {
    what: 'power lost at a random step, with any part of what was not synced: 2 × 3,000',
    command: vitest('test/send/crash.test.ts'),
    env: { CRASH_RUNS: '3000' },
    minutes: 15,
  },
  faults: {
    what: 'random scripts of the mock’s faults: 2 × 250',
    command: vitest('test/send/faults.test.ts'),
    env: { FAULT_RUNS: '250' },
    minutes: 30,
  },
  nights: {
    what: 'a ledger through 30 nights: 100,000 plays, exports that overlap, kills, faults, a full disk',
    command: [join('bench', 'nights.js'), '30', '100000'],
    minutes: 60,
    figures: lineWith(/^\d+ nights, /),
  },
  naive: {
    what: 'the rules beside a second implementation: 20,000 random inputs',
    command: vitest('test/rules/naive.test.ts'),
    env: { NAIVE_RUNS: '20000' },
    minutes: 15,
  },
  shrink: {
    what: 'every fixture of a rule or diagnosis, buried in 1,000 sessions: shrinks to at most its size',
    command: vitest('test/shrink/fixtures.test.ts'),
    env: { SHRINK_SESSIONS: '1000' },
    minutes: 30,
    figures: lineWith(/^\d+ fixtures shrunk, /),
  },
  tables: {
    what: '10,000 sessions as rows of each shape, CSV, NDJSON and Parquet, shuffled: the report of their events (pings: to within one of them), and no finding',
    command: vitest('test/table/report.test.ts', '--testTimeout=3600000'),
    env: { TABLE_SESSIONS: '10000', NODE_OPTIONS: '--max-old-space-size=4096' },
    minutes: 60,
  },
  diagnoses: {
    what: 'each bug in 100 %, 20 % and 3 % of 50, 500 and 5,000 sessions, and twenty valid players',
    command: vitest('test/diagnoses/matrix.test.ts'),
    env: { DIAGNOSES_PAGE: join(ROOT, 'docs', 'diagnoses.md') },
    minutes: 60,
  },
  fuzz: {
    what: 'damaged files of every format: 20,000 each',
    command: vitest('test/hostile/fuzz.test.ts', '--testTimeout=1800000'),
    env: { HOSTILE_RUNS: '20000' },
    minutes: 45,
  },
  streams: {
    what: 'hostile streams of 1 GiB each, in bounded memory',
    command: [join('scripts', 'hostile.js'), '1024'],
    minutes: 30,
    figures: (output) => {
      const peaks = [...output.matchAll(/exit \d +(\d+) MiB/g)].map(([, mib]) => Number(mib));
      return peaks.length > 0 ? `${peaks.length} streams, at most ${Math.max(...peaks)} MiB` : undefined;
    },
  },
  bounds: {
    what: 'a million clips, and sessions of a million events, through the commands',
    command: [join('scripts', 'bounds.js')],
    minutes: 45,
    figures: (output) => {
      const peaks = [...output.matchAll(/^(\S.*?) +exit \d +(\d+) MiB/gm)].map(
        ([, name, mib]) => `${name} ${mib} MiB`,
      );
      return peaks.length > 0 ? peaks.join('; ') : undefined;
    },
  },
  soak: {
    what: 'the mock: 200 requests a second of 50 new sessions for 150 s, then 11,000 connections',
    command: [join('scripts', 'mock-soak.js'), '--seconds', '150'],
    minutes: 10,
    figures: (output) =>
      [/^\d+ requests of .*/m, /^the mock counts .*/m, /^\d+ connections .*/m]
        .flatMap((pattern) => pattern.exec(output)?.[0] ?? [])
        .join('; ') || undefined,
  },
  delivery: {
    what: 'memory of `send` with a ledger: 1,000,000 sessions',
    command: [join('bench', 'delivery-memory.js'), '1000000'],
    minutes: 15,
    figures: lineWith(/^sent: /),
  },
  examples: {
    what: 'the examples, those of Jest and WebdriverIO (which needs `chromedriver`) too: they are installed, and run against a correct player and one with a bug',
    command: vitest('test/docs/examples.test.ts', '--testTimeout=600000'),
    env: { EXAMPLES: 'all' },
    minutes: 20,
  },
  recorder: {
    what: 'the recorder: 100,000 random scripts of gestures on a model of the media element and the browser',
    command: vitest('test/recorder/recorder.test.ts'),
    env: { RECORDER_RUNS: '100000' },
    minutes: 150,
    figures: lineWith(/^\d+ scripts of seed /),
  },
  'recorder-chromium': {
    what: 'the recorder in a real Chromium: 300 random scripts, with tabs killed by process id, offline and 503',
    command: vitest('test/recorder/recorder.browser.test.ts'),
    env: { RECORDER_BROWSER_RUNS: '300' },
    minutes: 60,
    figures: lineWith(/^\d+ scripts in Chromium, /),
  },
  'recorder-mutants': {
    what: 'recorders with one bug each, played to the mock: the tours and 12 random scripts each; the recorder itself in 1,000',
    command: vitest('test/recorder/mutants.test.ts'),
    env: { RECORDER_MUTANTS: 'all' },
    minutes: 90,
    figures: lineWith(/^\d+ mutants: /),
  },
  'recorder-certify': {
    what: 'a page of five lines with the recorder, in Chromium and in real time: `mock --certify --require all` ends with exit code 0',
    command: vitest('test/recorder/certify.browser.test.ts'),
    env: { RECORDER_CERTIFY: 'real' },
    minutes: 40,
    figures: lineWith(/^mock --certify --require all: /),
  },
  mutants: {
    what: 'changes to the logic of `src/rules` that the tests notice',
    command: [join('scripts', 'mutate.js')],
    minutes: 60,
    figures: lineWith(/^\d+ of \d+ noticed/),
  },
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(TRIALS, name));
if (unknown.length > 0) {
  console.error(`No trial is called ${unknown.join(', ')}: there are ${Object.keys(TRIALS).join(', ')}.`);
  process.exit(2);
}

const machine = `${process.version}, ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`;
console.log(`Node ${machine}`);
for (const name of names.length > 0 ? names : Object.keys(TRIALS)) {
  const { passed, result, seconds } = await carryOut(TRIALS[name]);
  if (!passed) process.exitCode = 1;
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${date}  ${name}: ${passed ? '' : 'FAILED: '}${result} (${seconds} s)`);
  record(name, [TRIALS[name].what, passed ? result : `**failed**: ${result}`, `${seconds} s`, date, machine]);
}

/** Runs a trial. Gives whether it passed, its figures, and how long it took. */
async function carryOut({ command, env, minutes, figures = lineWith(/^\s*Tests {2}/) }) {
  const begun = performance.now();
  // A process group of its own, so that what it started ends with it.
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-1_000_000);
    });
  }
  let late = false;
  const end = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  const interrupted = () => {
    end();
    process.exit(130);
  };
  const timer = setTimeout(() => {
    late = true;
    end();
  }, minutes * 60_000);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupted);
  const code = await new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  clearTimeout(timer);
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupted);
  const found = figures(output);
  const passed = code === 0 && !late && found !== undefined;
  if (!passed) console.error(output.slice(-3000));
  const why = late ? `not done after ${minutes} minutes` : `exit code ${code}`;
  return {
    passed,
    result: passed ? found.replace(/^Tests +/, 'tests: ') : why,
    seconds: Math.round((performance.now() - begun) / 1000),
  };
}

/** Puts a trial's row into the table, in place of its last one. */
function record(name, cells) {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(`${BEGIN}\n`);
  const [table, after] = rest?.split(END) ?? [];
  if (after === undefined) throw new Error(`docs/trials.md: no table between ${BEGIN} and ${END}`);
  const rows = new Map(
    table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => [/^\| `([^`]+)`/.exec(line)?.[1], line]),
  );
  rows.set(name, `| \`${name}\` | ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  const sorted = Object.keys(TRIALS).flatMap((each) => rows.get(each) ?? []);
  const head = ['| trial | what | result | time | date | Node and CPU |', '|---|---|---|---|---|---|'];
  writeFileSync(PAGE, `${before}${BEGIN}\n${[...head, ...sorted].join('\n')}\n${END}${after}`);
}
