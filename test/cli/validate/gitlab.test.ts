import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gitlab } from '../../../src/cli/validate/reporters/gitlab.js';
import { anyFindings, reportedOf, textOf } from './reported.js';

/** What https://docs.gitlab.com/ci/testing/code_quality/ says of a report. */
const CODE_QUALITY = {
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          // Relative to the repository, without ./
          path: { type: 'string', pattern: '^(?!\\./).' },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
};

const validate = new Ajv({ allErrors: true }).compile(CODE_QUALITY);

interface Issue {
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
}

async function issuesOf(reported: ReturnType<typeof reportedOf>): Promise<readonly Issue[]> {
  const issues = JSON.parse(await textOf(gitlab, reported)) as readonly Issue[];
  validate(issues);
  expect(validate.errors ?? []).toEqual([]);
  return issues;
}

it('is a report as GitLab documents it, whatever was found, and tells issues apart', () =>
  fc.assert(
    fc.asyncProperty(anyFindings, async (findings) => {
      const issues = await issuesOf(reportedOf(findings));
      expect(issues.map(({ check_name }) => check_name)).toEqual(findings.map(({ rule }) => rule));
      expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    }),
    { numRuns: 25 },
  ));

it('takes what does not count for an info', () =>
  fc.assert(
    fc.asyncProperty(anyFindings, async (findings) => {
      const gated = { errors: 0, warnings: 0, tolerances: [], counts: () => false };
      const issues = await issuesOf(reportedOf(findings, { gated }));
      expect(issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
    }),
    { numRuns: 5 },
  ));
