import { expect } from 'vitest';
import { type CheckOptions, check } from './check.js';
import type { ReportedFinding } from './validate/finding-list.js';

/** How `toBeValidConsumption` judges. */
export interface ValidConsumptionOptions extends Partial<CheckOptions> {
  /** From which severity on a finding fails; `error` unless told. */
  readonly failOn?: 'error' | 'warning';
}

expect.extend({
  /** Passes where a request body (a value or its JSON text, or an array of bodies or events) draws no error from any rule. */
  toBeValidConsumption(received: unknown, options: ValidConsumptionOptions = {}) {
    const { now = Date.now() / 1000, failOn = 'error' } = options;
    const { findings, summary } = check(received, { ...options, now });
    const failing = findings.filter(
      ({ severity }) => severity === 'error' || (failOn === 'warning' && severity === 'warning'),
    );
    const nothing = summary.requests + summary.events + findings.length === 0;
    return {
      pass: failing.length === 0 && !nothing,
      message: () =>
        nothing
          ? 'Expected sound listening data, received no request and no event'
          : failing.length === 0
            ? `Expected listening data that breaks a rule, received ${summary.sessions} sound`
            : ['Expected sound listening data, received:', ...failing.map(findingText)].join('\n'),
    };
  },
});

function findingText({ severity, rule, message, hint, path }: ReportedFinding): string {
  const where = path ? ` at ${path}` : '';
  return `  ${severity} ${rule}${where}: ${message}\n    hint: ${hint}`;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: has to repeat vitest's own declaration
  interface Matchers<T = any> {
    /** Passes where a request body draws no error from any rule; the message tells what is wrong, and how to fix the player. */
    toBeValidConsumption(options?: ValidConsumptionOptions): T;
  }
}
