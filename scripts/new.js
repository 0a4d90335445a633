// Adds a rule, a diagnosis, a behaviour, a report format or a shape of tables with everything that belongs to one: `npm run new rule seq-gap session`.
// What it adds works, by a placeholder condition, so that types, lint and all tests but test/unfinished.test.ts pass:
// that one lists what is still to be written.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADDITIONS } from './additions.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const USAGE = `usage:
  npm run new rule ID [event|request|session] [error|warning|info] [REFERENCE, such as API-13]
  npm run new diagnosis ID
  npm run new behaviour ID
  npm run new format ID
  npm run new shape ID`;

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const [kind = '', id = '', level = 'session', severity = 'warning', reference = 'API-13'] = words;
const addition = Object.hasOwn(ADDITIONS, kind) ? ADDITIONS[kind] : null;
if (!addition || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) fail(USAGE);
if (!['event', 'request', 'session'].includes(level))
  fail(`A rule is of events, requests or sessions.\n${USAGE}`);
if (!['error', 'warning', 'info'].includes(severity))
  fail(`The severity of a rule is error, warning or info.\n${USAGE}`);

if (!/^(API|OBS)-\d+(\.\.\d+)?(, (API|OBS)-\d+(\.\.\d+)?)*$/.test(reference))
  fail(`The reference of a rule is one of the points in src/wire/contract.ts, such as API-13.\n${USAGE}`);

const { files, edits } = addition(id, { level, severity, reference, read, list });
for (const path of Object.keys(files)) if (existsSync(join(root, path))) fail(`${path} exists already.`);

// All is made before any of it is written: a place that is not found leaves everything as it was.
const texts = new Map(Object.entries(files));
for (const { path, before, after, text } of edits) {
  const now = texts.get(path) ?? read(path);
  const anchor = before ?? after;
  const at = now.indexOf(anchor);
  if (at < 0)
    fail(`${path}: expected a place with ${JSON.stringify(anchor)}; scripts/additions.js no longer fits.`);
  const place = before === undefined ? at + anchor.length : at;
  texts.set(path, now.slice(0, place) + text + now.slice(place));
}
for (const [path, text] of texts) {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const code = [...texts.keys()].filter((path) => path.endsWith('.ts'));
run('@biomejs/biome/bin/biome', 'check', '--write', ...code);

if (!process.argv.includes('--files-only')) {
  process.stdout.write(
    'Recording what tests expect now, which takes about 2 minutes. --files-only leaves this out.\n',
  );
  run('../scripts/record.js', '--without-console-blocks');
}
process.stdout.write(
  `${[...texts.keys()].join('\n')}\n\nWhat is left to write: npx vitest run test/unfinished.test.ts\n`,
);

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

/** The names in a folder. */
function list(path) {
  return readdirSync(join(root, path));
}

/** Runs a script of a package, or of this repository; ends where it fails, with what it printed. */
function run(script, ...args) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', script), ...args],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (status !== 0) fail(`${stdout}${stderr}\n${[script, ...args].join(' ')} failed.`, 1);
}

function fail(message, exitCode = 2) {
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
}
