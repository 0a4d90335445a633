// A mutation run: changes the rules' logic in one place after the other and looks whether the tests' evidence notices. Not part of CI:
//   node scripts/mutate.js [folder or file...]      (default: src/rules)
// The evidence is that of test/rules: every fixture's complete findings with their words, and the naive reading of the catalogue on
// random input. All mutants are in one bundle; a run of its own for each would take hours.
import { fork } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { withMutants } from './mutants.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** Two folders deep, as test/rules is, so that the fixtures are found from there. */
const FOLDER = join(ROOT, 'node_modules', '.mutation');
/** A mutant that says nothing for so long goes round for ever, which a test would notice. */
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 120_000);
const CASES = Number(process.env.NAIVE_RUNS ?? 1500);

const ENTRY = `
export { readInputs } from './src/read/read.js';
export { validate } from './src/validate/validate.js';
export { inspect } from './src/validate/inspect.js';
export { guidKey } from './src/domain/guid.js';
export { allFixtures, inputOfFixture, NOW } from './test/rules/fixtures.js';
export { naive } from './test/rules/naive.js';
export { scenario } from './test/rules/scenario.js';
export * from './test/rules/run.js';
`;

if (process.send) await work(Number(process.argv[2]));
else await main(process.argv.slice(2));

async function main(named) {
  const files = (named.length === 0 ? ['src/rules'] : named).flatMap((name) => sources(join(ROOT, name)));
  const mutants = [];
  const texts = new Map();
  for (const file of files) {
    const made = withMutants(readFileSync(file, 'utf8'), relative(ROOT, file), mutants.length + 1);
    mutants.push(...made.mutants);
    texts.set(file, made.code);
  }
  mkdirSync(FOLDER, { recursive: true });
  await bundle(texts);
  writeFileSync(join(FOLDER, 'mutants.json'), JSON.stringify(mutants));
  const fates = new Map();
  for (let next = 1; next <= mutants.length; ) next = await batch(next, fates);
  rmSync(FOLDER, { recursive: true });
  const survivors = mutants.filter(({ id }) => fates.get(id) === 'survived');
  for (const { file, line, from, to } of survivors) {
    console.log(`${file}:${line}  ${from.replaceAll(/\s+/g, ' ').slice(0, 90)}  →  ${to.slice(0, 90)}`);
  }
  const killed = mutants.length - survivors.length;
  console.log(`${killed} of ${mutants.length} noticed: ${((100 * killed) / mutants.length).toFixed(1)} %`);
}

function sources(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(path, name))
    .toSorted();
}

async function bundle(texts) {
  const build = await rolldown({
    cwd: ROOT,
    input: 'mutation-entry',
    platform: 'node',
    external: (id) => !/^[./\\]|^mutation-entry$/.test(id) && !id.startsWith(ROOT),
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    plugins: [
      {
        name: 'mutants',
        resolveId: (id) => (id === 'mutation-entry' ? join(ROOT, 'mutation-entry.ts') : null),
        load(id) {
          if (id === join(ROOT, 'mutation-entry.ts')) return ENTRY;
          const code = texts.get(id);
          return code === undefined ? null : { code, moduleType: 'ts' };
        },
      },
    ],
    transform: { define: { __VERSION__: '"0"' } },
  });
  await build.write({ file: join(FOLDER, 'bundle.mjs'), format: 'esm', codeSplitting: false });
  await build.close();
}

/** Judges mutants from one on, until a process has judged all or one of them does not come back. */
function batch(from, fates) {
  return new Promise((done) => {
    const child = fork(fileURLToPath(import.meta.url), [String(from)]);
    let next = from;
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        fates.set(next, 'endless');
        next += 1;
        child.kill('SIGKILL');
      }, PATIENCE_MS);
    };
    wait();
    child.on('message', ({ id, fate }) => {
      fates.set(id, fate);
      next = id + 1;
      wait();
      if (id % 50 === 0) console.error(`${id} judged`);
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      if (code !== 0 && code !== null) {
        fates.set(next, 'crashed');
        next += 1;
      }
      done(next);
    });
  });
}

async function work(from) {
  const mutants = JSON.parse(readFileSync(join(FOLDER, 'mutants.json'), 'utf8'));
  const load = (mark) => import(`${join(FOLDER, 'bundle.mjs')}?${mark}`);
  globalThis.activeMutant = 0;
  const sound = await load('sound');
  const { default: fc } = await import('fast-check');
  const fixtures = sound.allFixtures();
  const wanted = [];
  for (const fixture of fixtures) wanted.push(await findingsOf(sound, fixture));
  const cases = fc.sample(sound.scenario, { seed: sound.SEED, numRuns: CASES }).map((inputs) => ({
    inputs,
    wanted: reading(sound.naive(inputs, { ...sound.SETTINGS, clips: sound.CLIP_SECONDS })),
  }));
  let order = fixtures.map((_, i) => i);

  for (const { id, early, file } of mutants.slice(from - 1)) {
    globalThis.activeMutant = id;
    const killer = await notices(early, id, file);
    process.send({ id, fate: killer ? 'killed' : 'survived' });
  }
  process.exit(0);

  async function notices(early, id, file) {
    try {
      // What looks like the inside of a function may run when the module is loaded: who survives is loaded anew.
      if (!early && (await differs(sound, file))) return true;
      return await differs(await load(id), file);
    } catch {
      return true;
    }
  }

  async function differs(subject, file) {
    const folder = file.split('/').at(-1).replace('.ts', '');
    const near = order.filter((i) => fixtures[i].rule === folder);
    for (const i of new Set([...near, ...order])) {
      if ((await findingsOf(subject, fixtures[i])) === wanted[i]) continue;
      order = [i, ...order.filter((other) => other !== i)];
      return true;
    }
    const { SETTINGS, validate, asRecords } = subject;
    for (const { inputs, wanted: findings } of cases) {
      if (real((await validate(asRecords(inputs), SETTINGS)).findings) !== findings) return true;
    }
    return false;
  }
}

async function findingsOf({ validate, inspect, readInputs, inputOfFixture, guidKey, NOW }, fixture) {
  const clipDurations = new Map(
    Object.entries(fixture.clips).map(([clip, seconds]) => [guidKey(clip), seconds]),
  );
  const settings = {
    now: NOW,
    clipDurations,
    minDuration: 10,
    maxSpeed: 4,
    severities: new Map(),
    maxFindings: 0,
  };
  const left = [];
  for await (const chunk of inspect(readInputs([inputOfFixture(fixture)]), settings)) {
    for (const { kind, invalid, session } of chunk) if (kind === 'session' && invalid) left.push(session.key);
  }
  return JSON.stringify([await validate(readInputs([inputOfFixture(fixture)]), settings), left]);
}

function reading({ findings }) {
  return keys(
    findings.map((it) => [it.rule, it.sessionId, String(it.seqNumber), it.request, it.input, it.path]),
  );
}

function real(findings) {
  return keys(
    findings.map(({ rule, sessionId, seqNumber, place }) => [
      rule,
      sessionId,
      String(seqNumber),
      place.request,
      place.line - 1,
      place.pointer,
    ]),
  );
}

function keys(of) {
  return of
    .map((key) => JSON.stringify(key))
    .toSorted()
    .join('\n');
}
