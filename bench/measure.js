// Runs whole processes in turn and takes their time, processor time and peak memory.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const GNU_TIME = '/usr/bin/time';
/** Whatever takes longer is ended, and the run of benchmarks with it. */
const PATIENCE_MS = 15 * 60_000;

/** Runs a command line of words; gives its wall time and processor time in seconds and its peak RSS in MiB (the last two null without GNU time). */
export function runOnce(words, input) {
  const measured = existsSync(GNU_TIME);
  const [command, ...args] = measured ? [GNU_TIME, '-f', '%U %S %M', ...words] : words;
  return new Promise((done, fail) => {
    const begun = process.hrtime.bigint();
    const child = spawn(command, args, {
      stdio: [input ?? 'ignore', 'ignore', 'pipe'],
      timeout: PATIENCE_MS,
    });
    let told = '';
    child.stderr.on('data', (text) => {
      told = (told + text).slice(-200);
    });
    child.on('error', fail);
    child.on('close', (code) => {
      const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
      const [, user, system, kilobytes] = /([\d.]+) ([\d.]+) (\d+)\s*$/.exec(told) ?? [];
      if (code !== 0 && code !== 1) fail(new Error(`${words.join(' ')}: exit code ${code}: ${told}`));
      done({
        seconds,
        processor: user === undefined ? null : Number(user) + Number(system),
        mebibytes: kilobytes === undefined ? null : Number(kilobytes) / 1024,
      });
    });
  });
}

/** Runs every command line `rounds` times, in turn, and `after` each run; gives the medians in their order. */
export async function alternate(candidates, rounds, after) {
  const runs = candidates.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, words] of candidates.entries()) {
      runs[i].push(await runOnce(words));
      await after(words);
    }
  }
  return runs.map((its) => ({
    seconds: median(its.map(({ seconds }) => seconds)),
    processor: its[0].processor === null ? null : median(its.map(({ processor }) => processor)),
    mebibytes: its[0].mebibytes === null ? null : Math.max(...its.map(({ mebibytes }) => mebibytes)),
  }));
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
