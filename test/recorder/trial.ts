import { atMock, idsOf, wrongs } from './at-mock.js';
import type { RecorderSource } from './page.js';
import { type Outcome, type RunOptions, runScript, type Script, type Step } from './script.js';
import { firstClipOf, tourClips, tours } from './tours.js';
import { BEGAN } from './world.js';

const DAY_MS = 86_400_000;
/** What else a site has in its storage. */
const STORAGE = { theme: '{"dark":true}', 'player-volume': '0.8' };
const CLIPS = tourClips();

/** What a mock says of a recorder, and nothing that it cannot know. */
export interface Trial {
  /** Behaviours, rules and diagnoses that say that it is wrong. */
  readonly wrong: readonly string[];
  /** Behaviours that are seen right, each with the tour that shows it. */
  readonly right: readonly string[];
  readonly outcomes: readonly Outcome[];
}

/** Plays the tours, each to a place of its own at a mock. What is wrong is taken from each, and from all together. */
export async function playTours(recorder: RecorderSource): Promise<Trial> {
  const outcomes = await playAll(recorder, tours);
  const each = outcomes.map((outcome) => atMock([outcome], CLIPS));
  const wrong = [...each, atMock(outcomes, CLIPS)].flatMap(wrongs);
  const right = each.flatMap(({ lines }, i) => idsOf(lines, 'right').map((id) => `${id} (tour ${i + 1})`));
  return { wrong: [...new Set(wrong)], right, outcomes };
}

/** Plays one of the tours. */
export async function playTour(recorder: RecorderSource, number: number): Promise<Trial> {
  const outcomes = await playAll(recorder, [tours[number]!], number);
  const { lines, ...found } = atMock(outcomes, CLIPS);
  return { wrong: wrongs({ lines, ...found }), right: idsOf(lines, 'right'), outcomes };
}

/** Plays scripts, each to a place of its own at a mock. Diagnoses are made of all together. */
export async function playScripts(recorder: RecorderSource, scripts: readonly Script[]): Promise<Trial> {
  const outcomes = await playAll(recorder, scripts);
  const each = outcomes.map((outcome) => atMock([outcome]));
  const { diagnoses } = atMock(outcomes);
  const wrong = [...each.flatMap(wrongs), ...diagnoses.map((id) => `diagnosis ${id}`)];
  return { wrong: [...new Set(wrong)], right: [], outcomes };
}

async function playAll(
  recorder: RecorderSource,
  scripts: readonly (Script & Pick<RunOptions, 'openedAgain'>)[],
  first = 0,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [n, script] of scripts.entries()) {
    const i = first + n;
    const { openedAgain = 1000 } = script;
    const place = { began: BEGAN + i * DAY_MS, firstClip: firstClipOf(i), storage: STORAGE, openedAgain };
    outcomes.push(await runScript(recorder, script, place));
  }
  return outcomes;
}

/** Gestures with which a page is left, or another one is opened. */
const LEAVING: readonly string[] = ['leave', 'kill', 'back', 'second tab', 'stop'];

/**
 * A random script as it can be judged by a mock, which does not know which page sends: no page is left while the endpoint answers 503 or 429, since
 * a page that is left never sees that; and no answer is `Enabled: false`, after which another page may send, which the last tour shows.
 */
export function forMock(script: Script): Script {
  const steps: Step[] = [];
  let refuses = false;
  const well: Step = { gesture: { do: 'endpoint', behaviour: 'well' }, wait: 0 };
  for (const step of script.steps) {
    const { gesture } = step;
    if (gesture.do === 'endpoint') {
      if (gesture.behaviour === 'disabled') continue;
      refuses = gesture.behaviour === '503' || gesture.behaviour === '429';
    }
    if (refuses && LEAVING.includes(gesture.do)) {
      steps.push(well);
      refuses = false;
    }
    steps.push(step);
  }
  return { ...script, steps: [...steps, well] };
}
