// `npm run bench`, or `npm run bench -- NAME...`: medians of runs in turn, as ratios, against the goals.
import { execSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { BENCHMARKS } from './benchmarks.js';
import { startEndpoint } from './endpoint.js';
import { alternate } from './measure.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  console.error(
    `no benchmark is called ${unknown.join(', ')}: there are ${Object.keys(BENCHMARKS).join(', ')}`,
  );
  process.exit(2);
}

console.log(
  `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model}), ${Math.round(totalmem() / 2 ** 30)} GiB; median of ${ROUNDS}\n`,
);
console.log(
  '| benchmark | yardstick | ours | ratio | by processor time | goal | events/s | peak RSS | met |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
const missing = [];
const endpoint = await startEndpoint();
for (const name of asked.length > 0 ? asked : Object.keys(BENCHMARKS)) {
  const benchmark = await BENCHMARKS[name](endpoint.url);
  if (benchmark.needs !== undefined && !isThere(benchmark.needs)) {
    missing.push(`${name} was left out: ${benchmark.install}`);
    continue;
  }
  const { posts } = benchmark;
  const [theirs, our] = await alternate([benchmark.yardstick, benchmark.ours], ROUNDS, async (words) => {
    if (posts === undefined) return;
    const { requests } = await endpoint.count();
    if (requests !== posts) throw new Error(`${words.join(' ')}: ${requests} requests arrived, not ${posts}`);
  });
  console.log(row(benchmark, theirs, our));
}
endpoint.stop();
for (const line of missing) console.log(`\n${line}`);

function isThere(command) {
  try {
    execSync(command.includes(' ') ? command : `command -v ${command}`, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function row({ title, events, goal }, theirs, our) {
  const faster = goal.least !== undefined;
  const ratio = ratioOf(theirs.seconds, our.seconds, faster);
  const met = [
    goal.most === undefined || ratio <= goal.most,
    goal.least === undefined || ratio >= goal.least,
    goal.rate === undefined || events / our.seconds >= goal.rate,
    goal.memory === undefined || our.mebibytes === null || our.mebibytes <= goal.memory,
  ];
  const wanted = [
    goal.most !== undefined && `<= ${goal.most}`,
    goal.least !== undefined && `>= ${goal.least}x`,
    goal.rate !== undefined && `>= ${goal.rate.toLocaleString('en-US')} events/s`,
    goal.memory !== undefined && `<= ${goal.memory} MiB`,
  ].filter(Boolean);
  const cells = [
    title,
    `${theirs.seconds.toFixed(2)} s`,
    `${our.seconds.toFixed(2)} s`,
    `${ratio.toFixed(2)}${faster ? 'x' : ''}`,
    our.processor === null
      ? '-'
      : `${ratioOf(theirs.processor, our.processor, faster).toFixed(2)}${faster ? 'x' : ''}`,
    wanted.join(', ') || '-',
    events === undefined ? '-' : Math.round(events / our.seconds).toLocaleString('en-US'),
    our.mebibytes === null ? '-' : `${Math.round(our.mebibytes)} MiB`,
    wanted.length === 0 ? '-' : met.every(Boolean) ? 'yes' : 'no',
  ];
  return `| ${cells.join(' | ')} |`;
}

/** How many times as fast ours is, or our time as a share of the yardstick's. */
function ratioOf(theirs, ours, faster) {
  return faster ? theirs / ours : ours / theirs;
}
