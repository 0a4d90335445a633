// Nights of one ledger, as a data warehouse has them: each night exports the listening of the last three days, in other forms and another
// order, and `send` delivers it among kills, faults and mistakes. At the end the mock must hold each listening once, as first delivered.
// `node bench/nights.js [nights, 30 if not told] [plays, 100,000]`; test/send/nights.test.ts is the short form.
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMockEndpoint } from '../dist/index.js';
import { mulberry32 } from './data.js';
import {
  BEGIN,
  DAY,
  hashOf,
  isExported,
  oneOf,
  playsOf,
  run,
  SHAPES,
  sessionsIn,
  versionOf,
  writeExports,
} from './night-exports.js';

const FAULTS = ['reset-after@p0.01', '503@p0.03', 'html@p0.01', 'cut@p0.01', 'delay=2ms'];
/** With --until, what ends in the last hour before midnight waits for the next night. */
const STILL_OPEN = 3600;

/** Carries out so many nights, and throws where one goes wrong. @returns what they came to */
export async function carryOutNights({ nights, plays, seed = 1, lateDays = 9, log = () => {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'nights-'));
  const mock = await startMockEndpoint({ port: 0, seed, record: async (body) => arrived(body) });
  const world = {
    folder,
    mock,
    random: mulberry32(seed),
    ledger: join(folder, 'plays.ledger'),
    /** Some 60 requests a night, at most 50 sessions each. */
    batch: Math.min(50, Math.max(2, Math.ceil(plays / nights / 60))),
    held: join(folder, 'held.ndjson'),
    night: 0,
    disabled: false,
    /** By SessionId: how often it was counted, and the events with which it was first. */
    arrivals: new Map(),
    /** SessionIds that a ledger said may have been counted. */
    doubted: new Set(),
    requests: 0,
    onRequest: () => {},
    counts: { kills: 0, settled: 0, resent: 0, exported: 0, changed: 0, repeated: 0, second: 0, queries: 0 },
  };
  function arrived(body) {
    world.requests += 1;
    world.onRequest();
    // What is answered `Enabled: false` is not taken.
    if (!world.disabled) count(world, JSON.parse(body).Events);
  }
  writeFileSync(world.held, '');
  try {
    const all = await playsOf(world, { nights, plays, lateDays });
    const changed = new Set();
    for (world.night = 0; world.night < nights; world.night += 1) {
      const began = performance.now();
      const plan = planOf(world, nights);
      await carryOutNight(world, all, plan, changed);
      log(`night ${world.night + 1}: ${plan.trouble} ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
    await checkEnd(world, all, changed);
    return { ...world.counts, changed: changed.size, requests: world.requests, delivered: all.length };
  } finally {
    await mock.close();
    rmSync(folder, { recursive: true });
  }
}

const NO_TROUBLE = { trouble: 'none', kills: 0 };

/** What is done to one part of a night: a load and a shard. Each trouble has its turn; the last night leaves nothing back. */
function planOf({ night, random }, nights) {
  const last = night === nights - 1;
  const troubles = ['kills', 'full disk', 'second process', 'kills', 'disabled', 'none'];
  const trouble = last
    ? 'kills'
    : troubles[nights < troubles.length ? night * 2 + 1 : night % troubles.length];
  return {
    trouble,
    until: !last && night % 2 === 1,
    shards: trouble === 'second process' ? 1 : 1 + Math.floor(random() * Math.min(3, nights / 2)),
    kills: trouble === 'kills' ? 1 + Math.floor(random() * 3) : 0,
    settles: random() < 0.5,
  };
}

async function carryOutNight(world, all, plan, changed) {
  const { mock, night, counts } = world;
  const exported = all.filter((one) => isExported(one, night));
  const loads = await writeExports(world, exported);
  const until = plan.until ? BEGIN + (night + 1) * DAY - STILL_OPEN : Number.POSITIVE_INFINITY;
  const due = exported.filter((one) => versionOf(one, night).last <= until);
  const known = due.filter(({ id }) => world.arrivals.has(id));
  const changedNow = known.filter((one) => world.arrivals.get(one.id).hash !== versionOf(one, night).hash);
  for (const { id } of changedNow) changed.add(id);
  counts.exported += exported.length;

  world.disabled = plan.trouble === 'disabled';
  mock.setEnabled(!world.disabled);
  mock.setFaults(FAULTS);
  const sums = { delivered: 0, alreadyDelivered: 0, changed: 0 };
  let part = 0;
  const troubled = Math.floor(world.random() * loads.length * plan.shards);
  for (const { inputs, shapes } of loads) {
    if (inputs[0] === '--query') counts.queries += 1;
    const read = due.filter(({ shape }) => shapes.includes(shape)).length;
    for (let index = 1; index <= plan.shards; index += 1) {
      const its = part === troubled ? plan : { ...plan, ...NO_TROUBLE };
      const { sessions } = await deliver(world, wordsOf(world, { plan, index, until, inputs }), its);
      part += 1;
      for (const name of Object.keys(sums)) sums[name] += sessions[name];
      equal(`night ${night + 1}: read`, sessions.read, read);
    }
  }
  world.disabled = false;
  mock.reset();
  rmSync(join(world.folder, 'exports'), { recursive: true });
  if (plan.trouble === 'disabled') return;
  equal(`night ${night + 1}: changed`, sums.changed, changedNow.length);
  equal(`night ${night + 1}: delivered`, sums.delivered + sums.alreadyDelivered + sums.changed, due.length);
}

function wordsOf({ folder, mock, ledger, batch }, { plan, index, until, inputs }) {
  return [
    'send',
    `--endpoint=${mock.url}`,
    `--ledger=${ledger}`,
    `--dead-letter=${join(folder, 'plays.refused')}`,
    '--format=json',
    '--retries=50',
    `--batch-sessions=${batch}`,
    ...(plan.shards > 1 ? ['--shard', `${index}/${plan.shards}`] : []),
    ...(plan.until ? ['--until', String(until)] : []),
    ...inputs,
  ];
}

/** Runs a command as an operator does: until it has delivered everything, by what its messages say. @returns its last result */
async function deliver(world, words, plan) {
  const { counts, doubted, folder, ledger } = world;
  const hold = [...words, '--on-ambiguous', 'hold'];
  for (let kill = 0; kill < plan.kills; kill += 1) {
    const { code } = await run(hold, { cwd: folder, killAt: Math.floor(world.random() * 20), world });
    if (code === null) counts.kills += 1;
  }
  if (plan.trouble === 'full disk') {
    const size = existsSync(ledger) ? statSync(ledger).size : 0;
    const { code } = await run([...hold, '--memory', '2000'], {
      cwd: folder,
      blocks: Math.ceil(size / 512) + 40,
    });
    oneOf('a full disk', code, [0, 2, 3, 5]);
  }
  if (plan.trouble === 'second process') {
    const both = await Promise.all([run(hold, { cwd: folder }), run(hold, { cwd: folder })]);
    for (const { code } of both) oneOf('one of two processes', code, [0, 2, 3, 5]);
    if (both.some(({ code }) => code === 2)) counts.second += 1;
  }
  let next = hold;
  for (let tries = 0; tries < 20; tries += 1) {
    const { code, stdout, stderr } = await run(next, { cwd: folder });
    if (world.disabled && code === 4) return JSON.parse(stdout);
    oneOf(`${stderr}\n${stdout}`, code, [0, 3, 5]);
    const result = JSON.parse(stdout);
    if (code !== 3) return result;
    next = hold;
    if (result.sessions.ambiguous === 0) continue;
    const open = await ambiguousIn(world);
    if (plan.settles && (await settle(world, open))) continue;
    for (const { id } of open) doubted.add(id);
    counts.resent += open.length;
    next = [...words, '--on-ambiguous', 'resend'];
  }
  throw new Error('20 runs of the same command did not deliver everything');
}

/** What ledgers hold as perhaps counted, each with its ledger. */
async function ambiguousIn({ folder }) {
  const ledgers = readdirSync(folder).filter((name) => /^plays\.ledger(\.\d+-of-\d+)?$/.test(name));
  const found = [];
  for (const name of ledgers) {
    const path = join(folder, name);
    const { stdout } = await run(['ledger', path, '--state', 'ambiguous', '--format', 'ndjson']);
    for (const line of stdout.split('\n').filter(Boolean))
      found.push({ id: JSON.parse(line).sessionId, ledger: path });
  }
  return found;
}

/** Says of each what the portal shows, where that takes few commands; whether it did. */
async function settle(world, open) {
  const isThere = ({ id }) => world.arrivals.has(id);
  const missing = open.filter((one) => !isThere(one));
  if (missing.length > 5) return false;
  const say = (path, verdict, more) =>
    run(['ledger', path, '--settle', verdict, '--state', 'ambiguous', '--yes', ...more]);
  for (const { id, ledger } of missing)
    oneOf('settle', (await say(ledger, 'not-sent', ['--session', id])).code, [0]);
  for (const path of new Set(open.filter(isThere).map(({ ledger }) => ledger)))
    oneOf('settle', (await say(path, 'delivered', [])).code, [0]);
  world.counts.settled += open.length;
  return true;
}

function count({ arrivals, held, night }, events) {
  for (const [id, its] of bySession(events)) {
    const before = arrivals.get(id);
    if (before) {
      before.times += 1;
      continue;
    }
    arrivals.set(id, { times: 1, hash: hashOf(its), night });
    appendFileSync(held, linesOf(its));
  }
}

function linesOf(events) {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

function bySession(events) {
  const sessions = new Map();
  for (const event of events) {
    const id = event.SessionId.toLowerCase();
    if (!sessions.has(id)) sessions.set(id, []);
    sessions.get(id).push(event);
  }
  return sessions;
}

/** The mock holds each listening once, as it was first delivered; its report is that of the truth, bin for bin. */
async function checkEnd(world, all, changed) {
  const { arrivals, doubted, folder, held, counts } = world;
  const lost = all.filter(({ id }) => !arrivals.has(id));
  equal('plays lost', lost.length, 0);
  equal('plays at the mock', arrivals.size, all.length);
  for (const [id, { times }] of arrivals) {
    if (times === 1) continue;
    counts.repeated += 1;
    if (!doubted.has(id)) throw new Error(`${id} was delivered ${times} times, and no ledger doubted it`);
  }
  const truth = join(folder, 'truth.ndjson');
  await writeTruth(world, all, truth);
  const reports = [];
  for (const path of [truth, held]) {
    const { code, stdout, stderr } = await run(['report', '--format', 'json', path]);
    oneOf(stderr, code, [0]);
    reports.push(stdout.replaceAll(path, ''));
  }
  equal('the reports', reports[1], reports[0]);
  const letters = new Set();
  for (const name of readdirSync(folder).filter((name) => name.includes('.refused')))
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
      for (const { SessionId } of JSON.parse(line).Events) letters.add(SessionId.toLowerCase());
  equal('changed sessions in the dead letters', listed(letters), listed(changed));
}

/** The events of the version of each listening that stood in the export of the night on which it was delivered. */
async function writeTruth({ arrivals, folder }, all, path) {
  const byId = new Map(all.map((one) => [one.id, one]));
  writeFileSync(path, '');
  for (const shape of Object.keys(SHAPES)) {
    for (const version of ['full', 'first']) {
      for await (const [id, events] of sessionsIn(join(folder, `${shape}-${version}.ndjson`))) {
        const one = byId.get(id);
        const { night, hash } = arrivals.get(id);
        if (!isExported(one, night))
          throw new Error(`${id} was delivered in night ${night + 1}, which did not export it`);
        const expected = versionOf(one, night);
        equal(`the events of ${id}`, hash, expected.hash);
        if (expected === one[version]) appendFileSync(path, linesOf(events));
      }
    }
  }
}

function listed(ids) {
  return [...ids].toSorted((a, b) => (a < b ? -1 : 1)).join();
}

function equal(what, received, expected) {
  if (received !== expected)
    throw new Error(
      `${what}: expected ${String(expected).slice(0, 300)}, received ${String(received).slice(0, 300)}`,
    );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [nights = 30, plays = 100_000] = process.argv.slice(2).map(Number);
  const its = await carryOutNights({ nights, plays, log: console.log });
  console.log(
    `${nights} nights, ${its.delivered} plays, exported ${its.exported} times: ${its.requests} requests, ${its.queries} Parquet files by --query, ${its.kills} kills, ${its.second} second processes refused; 0 lost, ${its.repeated} arrived more than once (all after a ledger had them as perhaps counted), ${its.settled} settled by hand, ${its.changed} changed; reports equal`,
  );
}
