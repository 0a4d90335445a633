import { describe, expect, it } from 'vitest';
import type { RuleId, Severity } from '../../src/domain/finding.js';
import { readInputs } from '../../src/read/read.js';
import { type PrepareOptions, prepare } from '../../src/send/prepare.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';

const FIXTURES = 'fixtures';
const OMNY = 'traffic.omny.fm';

async function prepared(file: string, options: Partial<PrepareOptions> = {}) {
  const settings = { ...INSPECT_DEFAULTS, now: 1767225600, ...options };
  const { sessions, invalidSessions, captured, errors, transportErrors } = await prepare(
    readInputs([`${FIXTURES}/${file}`]),
    settings,
  );
  return {
    sessions: [...sessions].length,
    invalidSessions,
    alreadyDelivered: captured.length,
    errors: errors.map(({ rule }) => rule),
    transportErrors,
  };
}

const SOUND = { invalidSessions: 0, alreadyDelivered: 0, errors: [], transportErrors: 0 };
const asError = (rule: RuleId) => ({ severities: new Map<RuleId, Severity>([[rule, 'error']]) });

describe('of a capture, send', () => {
  it.each([
    ['har/string-beacon.har', {}, 1, 1],
    ['rules/organization-parameter/reject-no-guid.har', {}, 2, 2],
    ['rules/sent-after-disabled/reject-each-request.har', {}, 3, 0],
    ['rules/sent-after-disabled/reject-each-request.har', asError('sent-after-disabled'), 3, 2],
  ])('takes %s, however its requests were sent', async (file, options, sessions, transportErrors) => {
    expect(await prepared(file, options)).toEqual({ ...SOUND, sessions, transportErrors });
  });

  it('refuses what is wrong with the sessions', async () => {
    expect(await prepared('rules/event-leaked/reject-in-one-request.har', asError('event-leaked'))).toEqual({
      ...SOUND,
      sessions: 1,
      invalidSessions: 1,
      errors: ['event-leaked'],
    });
  });

  it('leaves out what the same host has answered with Enabled: true', async () => {
    const file = 'rules/session-sent-again/reject-retried-and-again.har';
    expect(await prepared(file, { host: OMNY })).toEqual({ ...SOUND, sessions: 0, alreadyDelivered: 1 });
    expect(await prepared(file, { host: '127.0.0.1:8787' })).toEqual({ ...SOUND, sessions: 1 });
    expect(await prepared(file)).toEqual({ ...SOUND, sessions: 1 });
  });

  it.each([
    ['a retry was', 'accept-retry-after-503', 0, 1],
    ['an error said so', 'accept-enabled-in-an-error', 0, 1],
    ['Enabled was false', 'accept-answered-false', 0, 1],
    ['it was so in base64', 'reject-answer-in-base64', 0, 1],
  ])('looks at all requests of a session: %s', async (_, name, sessions, alreadyDelivered) => {
    const found = await prepared(`rules/session-sent-again/${name}.har`, { host: OMNY });
    expect(found).toMatchObject({ sessions, alreadyDelivered });
  });

  it('leaves to the rules a session that is broken, delivered or not', async () => {
    const file = 'rules/organization-mismatch/reject-other-than-the-url.har';
    const found = await prepared(file, { host: OMNY, ...asError('organization-mismatch') });
    expect(found).toMatchObject({ sessions: 0, invalidSessions: 1, alreadyDelivered: 1 });
  });
});
