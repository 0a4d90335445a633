// Gives the built program inputs made to hurt, by hand: node scripts/hostile.js [MiB of each, 1024 if not told] [words of their names]
// Prints of each what the program ended with, the most memory and the processor time it took, and fails where that is more than it may be.
import { HOSTILE, runHostile } from './hostile-inputs.js';

const [size = '1024', ...words] = process.argv.slice(2);
for (const [name, make] of Object.entries(HOSTILE)) {
  if (!words.every((word) => name.includes(word))) continue;
  const input = make(Number(size) * 2 ** 20);
  const { code, stdout, stderr, mib, seconds } = await runHostile(input);
  const sound = (code === 0 || code === 1 || code === 2) && mib <= input.mib;
  if (!sound) process.exitCode = 1;
  const told = `${name.padEnd(38)} exit ${code}  ${mib.toFixed(0).padStart(5)} MiB  ${seconds.toFixed(1).padStart(6)} s`;
  console.log(`${told}${sound ? '' : `  FAILED (at most ${input.mib} MiB)`}`);
  if (!sound) console.log(`${stderr.slice(0, 500)}${stdout.slice(-500)}`);
}
