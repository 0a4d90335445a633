// Gives the built program inputs of which much would have to be remembered: node scripts/bounds.js [how many, 1,000,000 if not told] [words of
// their names]. Prints the most memory and the processor time that each took, and fails where that is more than it may be.
import { BOUNDS, runBound } from './bounds-inputs.js';

const [many = '1000000', ...words] = process.argv.slice(2);
for (const [name, bound] of Object.entries(BOUNDS)) {
  if (!words.every((word) => name.includes(word))) continue;
  const { code, mib: most } = bound;
  const run = await runBound(bound, Number(many));
  const sound = run.code === code && run.mib <= most;
  if (!sound) process.exitCode = 1;
  const told = `${name.padEnd(42)} exit ${run.code}  ${run.mib.toFixed(0).padStart(5)} MiB  ${run.seconds.toFixed(1).padStart(6)} s`;
  console.log(`${told}${sound ? '' : `  FAILED (exit ${code}, at most ${most} MiB)`}`);
  if (!sound) console.log(run.stderr.slice(-500));
}
