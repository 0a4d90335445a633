import * as nodeModule from 'node:module';
import { VERSION } from '../domain/errors.js';

// The version is told, and the compile cache switched on (Node 22.1 and later), before anything else is loaded.
const [, , word, ...more] = process.argv;
if ((word === '--version' || word === '-V') && more.length === 0) {
  process.stdout.on('error', () => {});
  process.stdout.write(`${VERSION}\n`);
} else {
  (nodeModule as { enableCompileCache?: () => void }).enableCompileCache?.();
  const { main } = await import('./main.js');
  await main();
}
