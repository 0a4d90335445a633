import { guidKey } from '../domain/guid.js';
import { INSPECT_DEFAULTS, type InspectOptions } from '../validate/options.js';
import type { MockOptions } from './options.js';

/**
 * The settings of the rules.
 * @param clock Unix seconds.
 * @param remember SessionIds by which a session sent again is known.
 */
export function inspectOptionsOf(
  options: MockOptions,
  clock: () => number,
  remember: number,
): InspectOptions {
  const { clipDurations = {}, rules = {}, now } = options;
  const clips = clipDurations instanceof Map ? clipDurations : Object.entries(clipDurations);
  return {
    remember,
    minDuration: options.minDuration ?? INSPECT_DEFAULTS.minDuration,
    maxSpeed: options.maxSpeed ?? INSPECT_DEFAULTS.maxSpeed,
    clipDurations: new Map([...clips].map(([id, seconds]) => [guidKey(id), seconds])),
    severities: new Map(Object.entries(rules)) as InspectOptions['severities'],
    // A mock may run for days: what counts as now moves with it.
    get now() {
      return now ?? clock();
    },
  };
}
