import { findings } from './judge.js';
import type { RecorderSource } from './page.js';
import { type Outcome, runScript, type Script } from './script.js';

/** Scripts that were run one after the other, at places of their own. */
export interface Member extends Pick<Outcome, 'exchanges' | 'now'> {
  readonly script: Script;
}

/** More pages than a script opens. */
const PAGES = 100;

/**
 * What the rules find in what these scripts sent, judged as one player's data, in which a diagnosis would show. What one script shows alone is
 * followed by the smallest such script, as JSON: put it into `found-scripts.ts`, and it is run again.
 */
export async function findingsTogether(
  recorder: RecorderSource,
  members: readonly Member[],
): Promise<readonly string[]> {
  const exchanges = members.flatMap((member, i) =>
    member.exchanges.map((each) => ({ ...each, page: each.page + i * PAGES })),
  );
  if (exchanges.length === 0) return [];
  const together = await findings(exchanges, Math.max(...members.map(({ now }) => now)));
  if (together.length === 0) return [];
  const alone: string[] = [];
  const explained = new Set<string>();
  for (const { script } of members) {
    const its = await findingsOf(recorder, script);
    if (its.length === 0) continue;
    for (const finding of its) explained.add(nameOf(finding));
    const smallest = await smallestWith(recorder, script, nameOf(its[0]!));
    alone.push(`${its.join(', ')} in the script ${JSON.stringify(smallest)}`);
  }
  const rest = together.filter((finding) => !explained.has(nameOf(finding)));
  return [...alone, ...rest.map((finding) => `${finding} in all of them together`)];
}

async function findingsOf(recorder: RecorderSource, script: Script): Promise<readonly string[]> {
  const { exchanges, now } = await runScript(recorder, script);
  return exchanges.length > 0 ? await findings(exchanges, now) : [];
}

/** Leaves out one step after the other, as long as the rule or diagnosis is found. */
async function smallestWith(recorder: RecorderSource, script: Script, name: string): Promise<Script> {
  for (let i = script.steps.length - 1; i >= 0; i -= 1) {
    const less = { ...script, steps: script.steps.toSpliced(i, 1) };
    if ((await findingsOf(recorder, less)).some((finding) => nameOf(finding) === name))
      return smallestWith(recorder, less, name);
  }
  return script;
}

/** `seq-gap (3)` without its number. */
function nameOf(finding: string): string {
  return finding.replace(/ \(\d+\)$/, '');
}
