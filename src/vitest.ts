import { expect } from 'vitest';
import { type ConsumptionCheck, checkConsumption } from './validate/check-value.js';

/** How `toBeValidConsumption` judges. */
export interface ValidConsumptionOptions extends ConsumptionCheck {
  /** From which severity on a finding fails; `error` unless told. */
  readonly failOn?: 'error' | 'warning';
}

expect.extend({
  /** Passes where a request body (a value or its JSON text, or an array of bodies or events) draws no error from any rule. */
  toBeValidConsumption(received: unknown, options: ValidConsumptionOptions = {}) {
    const { now = Date.now() / 1000, failOn = 'error' } = options;
    const { findings, sessions } = checkConsumption(received, { ...options, now });
    const failing = findings.filter(
      ({ severity }) => severity === 'error' || (failOn === 'warning' && severity === 'warning'),
    );
    return {
      pass: failing.length === 0,
      message: () =>
        failing.length === 0
          ? `Expected listening data that breaks a rule, received ${sessions} sound sessions`
          : ['Expected sound listening data, received:', ...failing.map(findingText)].join('\n'),
    };
  },
});

function findingText({
  severity,
  rule,
  message,
  hint,
  path,
}: ReturnType<typeof checkConsumption>['findings'][number]): string {
  const where = path ? ` at ${path}` : '';
  return `  ${severity} ${rule}${where}: ${message}\n    hint: ${hint}`;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: has to repeat vitest's own declaration
  interface Matchers<T = any> {
    /** Passes where a request body draws no error from any rule; the message tells what is wrong, and how to mend the player. */
    toBeValidConsumption(options?: ValidConsumptionOptions): T;
  }
}
