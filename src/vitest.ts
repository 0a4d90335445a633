import { expect } from 'vitest';
import { type CheckOptions, check } from './check.js';
import type { ReportedFinding } from './domain/finding.js';
import { pluralize } from './domain/text.js';

/** The options of `toBeValidConsumption`. */
export interface ValidConsumptionOptions extends Partial<CheckOptions> {
  /** The lowest severity that fails; default `error`. */
  readonly failOn?: 'error' | 'warning';
}

expect.extend({
  /**
   * Passes if a request body, or an array of request bodies or of events, has no error. The value can also be JSON
   * text.
   */
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
          ? 'Expected valid listening data, received no request and no event'
          : failing.length === 0
            ? `Expected listening data that breaks a rule, received valid data (${pluralize(summary.sessions, 'session')})`
            : ['Expected valid listening data, received:', ...failing.map(findingText)].join('\n'),
    };
  },
});

function findingText({ severity, rule, message, hint, path }: ReportedFinding): string {
  const where = path ? ` at ${path}` : '';
  return `  ${severity} ${rule}${where}: ${message}\n    hint: ${hint}`;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration must be the same as vitest's own
  interface Matchers<T = any> {
    /** Passes if a request body has no error. The message says what is wrong and how to fix the player. */
    toBeValidConsumption(options?: ValidConsumptionOptions): T;
  }
}
