// Sends many simulated sessions as a user does, both passes, with a ledger, and tells time and peak memory (GNU time):
// node bench/delivery-memory.js [sessions, 100,000 if not told]
// First to the built-in mock; then the same command again, which finds all of them delivered; then to a mock in a process of its own, where
// the peak is that of the larger of the two.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulatedFile } from './data.js';
import { runOnce } from './measure.js';

const BIN = fileURLToPath(new URL('../bin/omny-consume.js', import.meta.url));
const sessions = Number(process.argv[2] ?? 100_000);

const input = simulatedFile(sessions);
const folder = mkdtempSync(join(tmpdir(), 'delivery-'));
const program = [process.execPath, BIN];
const send = (ledger) => [...program, 'send', '-q', '--ledger', join(folder, ledger), input];
try {
  await tell('sent', [...send('one'), '--endpoint', 'mock']);
  await tell('gone on with', [...send('one'), '--endpoint', 'mock']);
  console.log(`the ledger: ${(statSync(join(folder, 'one')).size / 2 ** 20).toFixed(0)} MiB`);
  await tell('sent to a mock beside it', [...program, 'mock', '-q', '--port', '0', '--', ...send('two')]);
} finally {
  rmSync(folder, { recursive: true });
}

async function tell(what, words) {
  const { seconds, mebibytes } = await runOnce(words);
  const peak =
    mebibytes === null ? 'peak memory not known (GNU time)' : `at most ${mebibytes.toFixed(0)} MiB`;
  console.log(`${what}: ${sessions} sessions in ${seconds.toFixed(1)} s, ${peak}`);
}
