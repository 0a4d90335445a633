import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, onTestFinished, test } from 'vitest';
import { folder, opened, SQLITES } from './libraries.js';

const ROUNDS = 8;

/** Waits for `{ path, at }`, opens the ledger at that time, and says whether it has it. The next message lets go of it. */
const ASKER = `
import { openLocked } from './open-file.mjs';
import { loadSqlite } from './sqlite.mjs';
const sqlite = await loadSqlite(process.argv[2]);
let held;
process.on('message', ({ path, at }) => {
  if (!path) {
    held?.database.close();
    held = undefined;
    return process.send('let go');
  }
  while (Date.now() < at);
  try {
    held = openLocked(path, sqlite);
  } catch (error) {
    if (error.constructor.name !== 'LedgerHeld') throw error;
  }
  process.send(held !== undefined);
});
process.send('ready');
`;

test.each(SQLITES)(
  'of two processes that open a ledger at one moment, one has it: $library',
  async ({ library, sqlite }) => {
    // Inside the project, from where better-sqlite3 is found.
    const home = mkdtempSync(join(resolve('node_modules'), '.one-holder-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const sources = ['open-file', 'sqlite'].map((name) => resolve(`src/send/ledger/${name}.ts`));
    const bundle = await rolldown({
      input: sources,
      platform: 'node',
      external: ['better-sqlite3'],
      resolve: { extensionAlias: { '.js': ['.ts'] } },
    });
    await bundle.write({
      dir: home,
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name].mjs',
    });
    writeFileSync(join(home, 'asker.mjs'), ASKER);

    const askers = [1, 2].map(() => fork(join(home, 'asker.mjs'), [library], { execArgv: [] }));
    onTestFinished(() => {
      for (const asker of askers) asker.kill();
    });
    await Promise.all(askers.map(answer));
    const path = join(folder(), 'a.ledger');
    opened(path, sqlite).close();
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = Date.now() + 10;
      const has = await Promise.all(askers.map((asker) => ask(asker, { path, at })));
      expect(has.filter(Boolean)).toHaveLength(1);
      await Promise.all(askers.map((asker) => ask(asker, {})));
    }
  },
);

async function answer(asker: ChildProcess): Promise<unknown> {
  return (await once(asker, 'message'))[0];
}

function ask(asker: ChildProcess, what: object): Promise<unknown> {
  const answered = answer(asker);
  asker.send(what);
  return answered;
}
