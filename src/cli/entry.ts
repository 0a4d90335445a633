import * as nodeModule from 'node:module';
import { VERSION } from '../domain/errors.js';

// Prints the version without loading anything else. Otherwise turns on the compile cache (Node.js 22.1 and later)
// before it loads the rest of the program.
const [, , word, ...more] = process.argv;
if ((word === '--version' || word === '-V') && more.length === 0) {
  process.stdout.on('error', () => {});
  process.stdout.write(`${VERSION}\n`);
} else {
  (nodeModule as { enableCompileCache?: () => void }).enableCompileCache?.();
  const { main } = await import('./main.js');
  await main();
}
