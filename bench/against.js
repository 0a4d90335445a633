// `node bench/against.js [COMMIT]`: this build beside that of a commit (80b85c9 unless told), pair by pair, on the same files.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arrayFile, bodyLinesFile, eventsFile, FOLDER } from './data.js';
import { alternate } from './measure.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const EVENTS = 1_000_000;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const [commit = '80b85c9'] = process.argv.slice(2);

const other = build(commit);
const binOf = (folder) => join(folder, 'bin', 'omny-consume.js');

/** What is compared, and the most that ours may take of the other's time. */
const COMPARED = [
  ['valid NDJSON', 1.15, () => ['validate', '-q', eventsFile('ndjson', EVENTS)]],
  ['every session with a finding', 1 / 3, () => ['validate', '-q', brokenFile()]],
  ['request bodies', 1, () => ['validate', '-q', bodyLinesFile(EVENTS)]],
  ['JSON array', 1, () => ['validate', '-q', arrayFile(EVENTS)]],
  ['CSV', null, () => ['validate', '-q', eventsFile('csv', EVENTS)]],
  ['convert', 1, () => ['convert', '-q', '-o', '/dev/null', eventsFile('ndjson', EVENTS)]],
  ['report', null, () => ['report', '-q', '--format', 'json', eventsFile('ndjson', EVENTS)]],
  [
    '5 M interleaved',
    null,
    () => ['validate', '-q', eventsFile('ndjson', 5 * EVENTS, { interleaved: true })],
  ],
];

console.log(`Node ${process.version}; this build against ${commit}; median of ${ROUNDS}\n`);
console.log('| what | ours / theirs | by processor time | at most | ours | theirs | peak RSS | theirs |');
console.log('|---|---|---|---|---|---|---|---|');
for (const [name, most, words] of COMPARED) {
  const args = words();
  const candidates = [ROOT, other].map((folder) => [process.execPath, binOf(folder), ...args]);
  const [ours, theirs] = await alternate(candidates, ROUNDS, () => {});
  const cells = [
    name,
    (ours.seconds / theirs.seconds).toFixed(2),
    ours.processor === null ? '' : (ours.processor / theirs.processor).toFixed(2),
    most?.toFixed(2) ?? '',
    `${ours.seconds.toFixed(2)} s`,
    `${theirs.seconds.toFixed(2)} s`,
    `${Math.round(ours.mebibytes ?? 0)} MiB`,
    `${Math.round(theirs.mebibytes ?? 0)} MiB`,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

/** The folder of a build of a commit, made where it is not there yet. */
function build(of) {
  const folder = join(FOLDER, `build-${of}`);
  if (existsSync(join(folder, 'dist', 'cli.js'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const clone = mkdtempSync(join(tmpdir(), 'omny-consume-against-'));
  const run = (command, args, cwd) =>
    execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  run('git', ['clone', '--quiet', '--no-checkout', ROOT, clone], ROOT);
  run('git', ['checkout', '--quiet', of], clone);
  run('npm', ['ci', '--no-audit', '--no-fund'], clone);
  run('cp', ['-r', clone, folder], ROOT);
  rmSync(clone, { recursive: true });
  return folder;
}

/** The path of the same events, one SeqNumber left out before the last of each session: each has a `seq-gap`. */
function brokenFile() {
  const path = join(FOLDER, `gap-${EVENTS}.ndjson`);
  if (existsSync(path)) return path;
  const lines = readFileSync(eventsFile('ndjson', EVENTS), 'utf8').trimEnd().split('\n');
  const sessionOf = (line) => line?.slice(line.indexOf('"SessionId"'), line.indexOf('"Type"'));
  const broken = lines.map((line, i) =>
    sessionOf(line) === sessionOf(lines[i + 1])
      ? line
      : line.replace(/"SeqNumber":(\d+)/, (_, number) => `"SeqNumber":${Number(number) + 1}`),
  );
  writeFileSync(path, `${broken.join('\n')}\n`);
  return path;
}
