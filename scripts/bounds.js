// Gives the built program inputs of which much would have to be remembered: node scripts/bounds.js [how many, 1,000,000 if not told] [words of
// their names]. Prints the most memory and the processor time that each took, and fails where that is more than it may be.
import { BOUNDS } from './bounds-inputs.js';
import { MOCK_BOUNDS, runBound, runMockBound } from './bounds-runs.js';

const [many = '1000000', ...words] = process.argv.slice(2);
const trials = [
  ...Object.entries(BOUNDS).map(([name, bound]) => ({
    name,
    mib: bound.mib,
    run: () => runBound(bound, Number(many)),
    isRight: ({ code }) => code === bound.code,
  })),
  ...Object.entries(MOCK_BOUNDS).map(([name, bound]) => ({
    name,
    mib: bound.mib,
    run: () => runMockBound(bound, bound.many),
    isRight: ({ answers }) => answers,
  })),
];
for (const { name, mib, run, isRight } of trials) {
  if (!words.every((word) => name.includes(word))) continue;
  const result = await run();
  const sound = isRight(result) && result.mib <= mib;
  if (!sound) process.exitCode = 1;
  const told = `${name.padEnd(42)} exit ${result.code}  ${result.mib.toFixed(0).padStart(5)} MiB  ${result.seconds.toFixed(1).padStart(6)} s`;
  console.log(`${told}${sound ? '' : `  FAILED (at most ${mib} MiB)`}`);
  if (!sound) console.log(result.stderr.slice(-500));
}
