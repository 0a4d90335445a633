// Sends many simulated sessions to a small server on this machine with a journal, then goes on with that journal, and tells the most
// memory it took: node bench/delivery-memory.js [sessions, 100,000 if not told]
// The sessions are made as they are sent: what is measured is the second pass, with the journal and the set of what was delivered.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The parts of the program that are measured. */
const PARTS = {
  send: 'src/send/send.ts',
  clock: 'src/send/clock.ts',
  journal: 'src/send/journal/journal.ts',
  read: 'src/send/journal/read.ts',
  selection: 'src/send/selection.ts',
  simulation: 'src/simulate/simulate.ts',
  batching: 'src/write/batches.ts',
};

const [, self, role, ...words] = process.argv;
if (role === 'serve') serve();
else if (role === 'deliver') await measure(Number(words[0]), words[1], words[2]);
else await run(Number(role ?? 100_000));

/** The server, the build and the delivery each have a process: the memory told is the delivery's alone. */
async function run(sessions) {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-'));
  const server = fork(self, ['serve']);
  try {
    const port = await new Promise((done) => server.once('message', done));
    await build(folder);
    const child = fork(self, ['deliver', String(sessions), folder, String(port)]);
    await new Promise((done) => child.once('close', done));
  } finally {
    server.kill();
    rmSync(folder, { recursive: true });
  }
}

function serve() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{"Enabled":true}'));
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

async function measure(sessions, folder, port) {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 50);
  const parts = await built(folder);
  const journal = join(folder, 'journal');
  for (const what of ['sent', 'gone on with']) {
    const began = performance.now();
    const { delivered, alreadyDelivered } = await deliverAll(
      sessions,
      `http://127.0.0.1:${port}`,
      journal,
      parts,
    );
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const size = (statSync(journal).size / 2 ** 20).toFixed(0);
    console.log(
      `${what}: ${delivered} delivered, ${alreadyDelivered} delivered before, ${seconds} s, at most ${(most / 2 ** 20).toFixed(0)} MiB, journal ${size} MiB`,
    );
  }
  clearInterval(timer);
  process.disconnect();
}

async function deliverAll(
  sessions,
  endpoint,
  path,
  { send, journal, read, selection, simulation, batching },
) {
  const content = await read.readJournal(path).catch(() => read.readJournalBytes([], path));
  const open = await journal.openJournal(path, content, {
    clock: send.systemClock,
    now: () => Date.now() / 1000,
  });
  const header = { version: 2, endpoint, organizations: [], input: '', settings: {}, shiftedTo: null };
  await open.begin(content.header === null ? header : null, sessions);
  const counts = selection.noCounts();
  const settings = { ...send.BATCH_DEFAULTS };
  const chosen = selection.select(
    simulation.simulate({ seed: 1, sessions }),
    {
      shard: { index: 1, count: 1 },
      rewriting: { newSessionIds: false },
      defaultSource: settings.defaultSource,
      states: content.states,
      onAmbiguous: 'resend',
      limit: Number.POSITIVE_INFINITY,
    },
    counts,
  );
  const { delivery } = await send.dispatch(batching.batches(chosen, settings), { endpoint, ledger: open });
  await open.end('finished');
  return { delivered: delivery.sessions.delivered, alreadyDelivered: counts.alreadyDelivered };
}

async function build(folder) {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    cwd: resolve(fileURLToPath(import.meta.url), '../..'),
    input: PARTS,
    platform: 'node',
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] }, mainFields: ['module', 'main'] },
  });
  await bundle.write({
    dir: join(folder, 'built'),
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'chunks/[name]-[hash].mjs',
  });
  await bundle.close();
}

async function built(folder) {
  const parts = {};
  for (const name of Object.keys(PARTS))
    parts[name] = await import(pathToFileURL(join(folder, 'built', `${name}.mjs`)));
  return { ...parts, send: { ...parts.send, systemClock: parts.clock.systemClock } };
}
